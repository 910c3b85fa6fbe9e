"""Officers' passkeys as the site checks them itself, by Web Authentication.

The library is imported where it is used: it costs the start of every process else.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from services.lane_gateway.domain.roster import PasskeyRefused
from services.lane_gateway.use_cases.passkey_ports import Assertion, NewPasskey

LONGEST_ANSWER = 16_384  # characters; real ones have about 1,000


@dataclass(frozen=True, kw_only=True)
class WebAuthnCheck:
    """Checks answers for one address: its host is the relying party, the whole its origin."""

    base_url: str

    @property
    def relying_party(self) -> str:
        """Return the host name that passkeys are bound to."""
        return urlsplit(self.base_url).hostname or "localhost"

    @property
    def origin(self) -> str:
        """Return the only origin whose answers count."""
        address = urlsplit(self.base_url)
        return f"{address.scheme}://{address.netloc}"

    def new(self, assertion: Assertion) -> NewPasskey:
        """Return the passkey that was made for our challenge, its user verified."""
        from webauthn import verify_registration_response  # noqa: PLC0415 - see above
        from webauthn.helpers import bytes_to_base64url  # noqa: PLC0415 - see above
        from webauthn.helpers.exceptions import WebAuthnException  # noqa: PLC0415 - see above

        try:
            made = verify_registration_response(
                credential=dict(_answer(assertion)),
                expected_challenge=assertion.challenge,
                expected_rp_id=self.relying_party,
                expected_origin=self.origin,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, KeyError, TypeError) as error:
            raise PasskeyRefused("This is no new passkey of ours") from error
        return NewPasskey(
            credential_id=bytes_to_base64url(made.credential_id),
            public_key=bytes_to_base64url(made.credential_public_key),
            sign_count=made.sign_count,
        )

    def credential_of(self, assertion: Assertion) -> str:
        """Return which passkey claims to have answered."""
        from webauthn.helpers import base64url_to_bytes, bytes_to_base64url  # noqa: PLC0415

        try:
            return bytes_to_base64url(base64url_to_bytes(str(_answer(assertion)["id"])))
        except (ValueError, KeyError, TypeError) as error:
            raise PasskeyRefused("The answer names no passkey") from error

    def count_of(self, assertion: Assertion, *, public_key: str) -> int:
        """Return the counter, once challenge, origin, user and signature are proved.

        The library is told nothing of the counter before, so that we tell a copy from a forgery.
        """
        from webauthn import verify_authentication_response  # noqa: PLC0415 - see above
        from webauthn.helpers import base64url_to_bytes  # noqa: PLC0415 - see above
        from webauthn.helpers.exceptions import WebAuthnException  # noqa: PLC0415 - see above

        try:
            proved = verify_authentication_response(
                credential=dict(_answer(assertion)),
                expected_challenge=assertion.challenge,
                expected_rp_id=self.relying_party,
                expected_origin=self.origin,
                credential_public_key=base64url_to_bytes(public_key),
                credential_current_sign_count=0,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, KeyError, TypeError) as error:
            raise PasskeyRefused("The passkey did not sign what was asked") from error
        return proved.new_sign_count


def _answer(assertion: Assertion) -> Mapping[str, Any]:
    if len(assertion.answer) > LONGEST_ANSWER:
        raise PasskeyRefused("The answer is too long")
    try:
        answer = json.loads(assertion.answer)
    except ValueError as error:
        raise PasskeyRefused("The answer is not JSON") from error
    if not isinstance(answer, dict):
        raise PasskeyRefused("The answer is not an object")
    return answer
