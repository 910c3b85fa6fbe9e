"""The signed roster of one site: whose passkeys it may take, until when.

Signed like the heads of the feed and by the same pinned keys, over words of its own, so that no
head can stand for a roster. All here are pure functions: time comes as ``now``, keys as arguments.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.crypto.canonical import canonical
from shared.crypto.feed import KEY
from shared.crypto.keyring import KeyRing
from shared.crypto.signing import PublicKeys, Signature, sign, verify
from shared.crypto.tampering import NotVerified

WORDS = b"trustlane roster 1\n"
SIGNED = ("site", "number", "issued_at", "valid_until", "entries")
LONGEST = timedelta(days=7)
"""How long a roster holds: for as long, somebody who left can sign in at a site that is cut off."""

Entry = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class SignedRoster:
    """What a roster states: ``entries`` as they were signed, one for each passkey."""

    site: str
    number: int
    issued_at: datetime
    valid_until: datetime
    entries: Sequence[Entry]


def sign_roster(
    ring: KeyRing, *, site: str, number: int, entries: Sequence[Entry], now: datetime
) -> dict[str, object]:
    """Return the signed roster of a site, valid from ``now`` for seven days."""
    fields: dict[str, object] = {
        "site": site,
        "number": number,
        "issued_at": _instant(now),
        "valid_until": _instant(now + LONGEST),
        "entries": [dict(entry) for entry in entries],
    }
    signature = sign(ring, KEY, WORDS + canonical(fields))
    return {**fields, "kid": signature.kid, "signature": signature.hex}


def verify_roster(
    public_keys: PublicKeys, statement: Mapping[str, Any], *, site: str
) -> SignedRoster:
    """Return what a roster states, or raise ``NotVerified``: also for another site's.

    The caller still compares it with the highest number seen, and its times with the clock.
    """
    try:
        signed = {name: statement[name] for name in SIGNED}
        signature = Signature(kid=statement["kid"], hex=statement["signature"])
        verify(public_keys, signature, WORDS + canonical(signed))
        roster = SignedRoster(
            site=signed["site"],
            number=int(signed["number"]),
            issued_at=datetime.fromisoformat(signed["issued_at"]),
            valid_until=datetime.fromisoformat(signed["valid_until"]),
            entries=tuple(signed["entries"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise NotVerified("The statement does not have the fields of a roster") from error
    if roster.site != site:
        raise NotVerified("The roster is that of another site")
    if roster.valid_until - roster.issued_at > LONGEST:
        raise NotVerified("The roster claims to hold longer than any may")
    return roster


def _instant(now: datetime) -> str:
    return now.astimezone(UTC).isoformat(timespec="microseconds")
