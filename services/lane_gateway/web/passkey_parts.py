"""What the pages about passkeys have in common: use cases, challenges, what a browser is asked."""

import base64
import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from flask import session

from services.lane_gateway.domain.challenge import LIFE, ChallengeBook
from services.lane_gateway.use_cases.confirm_passkey import ConfirmPasskey
from services.lane_gateway.use_cases.drop_passkey import DropPasskey
from services.lane_gateway.use_cases.list_passkeys import ListPasskeys
from services.lane_gateway.use_cases.override_lane import OverrideLane
from services.lane_gateway.use_cases.passkey_ports import Assertion
from services.lane_gateway.use_cases.prove_passkey import ProvePasskey
from services.lane_gateway.use_cases.register_passkey import RegisterPasskey
from services.lane_gateway.use_cases.trust_passkey import TrustPasskey
from shared.web.kit import current_kit
from shared.web.principal import Principal

CHALLENGE_BYTES = 32
ALGORITHMS = (-8, -7, -257)  # EdDSA, ES256, RS256: what the check accepts
HOLDER = "passkey_holder"


@dataclass(frozen=True, kw_only=True)
class PasskeyUseCases:
    """Everything that the site does with passkeys."""

    register: RegisterPasskey
    confirm: ConfirmPasskey
    drop: DropPasskey
    prove: ProvePasskey
    override: OverrideLane
    list: ListPasskeys
    trust: TrustPasskey


@dataclass(frozen=True, kw_only=True)
class Challenges:
    """Open challenges; those of strangers apart, so that they push no officer's aside."""

    door: ChallengeBook = field(default_factory=ChallengeBook)
    officers: ChallengeBook = field(default_factory=ChallengeBook)


def ask(book: ChallengeBook, *purpose: str) -> bytes:
    """Make a challenge for this browser and this purpose."""
    now = current_kit().settings.clock()
    return book.ask(_bound(purpose), secrets.token_bytes(CHALLENGE_BYTES), now=now)


def answered(book: ChallengeBook, answer: str, *purpose: str) -> Assertion:
    """Use up the challenge of this browser for this purpose; or raise ``ChallengeGone``."""
    now = current_kit().settings.clock()
    return Assertion(answer=answer, challenge=book.take(_bound(purpose), now=now))


def request_options(challenge: bytes, allowed: Sequence[str] = ()) -> Mapping[str, object]:
    """Return what the browser is asked when a passkey shall sign; any one where none is named."""
    return {
        "challenge": _text(challenge),
        "rpId": _relying_party(),
        "timeout": _milliseconds(),
        "userVerification": "required",
        "allowCredentials": [{"type": "public-key", "id": each} for each in allowed],
    }


def creation_options(
    challenge: bytes, principal: Principal, known: Sequence[str]
) -> Mapping[str, object]:
    """Return what the browser is asked when a passkey shall be made; not one more of ``known``."""
    return {
        "challenge": _text(challenge),
        "rp": {"id": _relying_party(), "name": "Trustlane"},
        "user": {
            "id": _text(principal.id.bytes),
            "name": principal.subject,
            "displayName": principal.name,
        },
        "pubKeyCredParams": [{"type": "public-key", "alg": each} for each in ALGORITHMS],
        "timeout": _milliseconds(),
        "excludeCredentials": [{"type": "public-key", "id": each} for each in known],
        "authenticatorSelection": {
            "residentKey": "required",
            "requireResidentKey": True,
            "userVerification": "required",
        },
        "attestation": "none",
    }


def _bound(purpose: Sequence[str]) -> str:
    """Bind a purpose to the browser's session: nobody else's answer counts for it."""
    holder = session.setdefault(HOLDER, secrets.token_urlsafe(CHALLENGE_BYTES))
    digest = hashlib.sha256()
    for part in (holder, *purpose):
        data = part.encode()
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


def _relying_party() -> str:
    return urlsplit(current_kit().settings.base_url).hostname or "localhost"


def _milliseconds() -> int:
    return int(LIFE.total_seconds() * 1000)


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
