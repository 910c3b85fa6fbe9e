"""What enrollment does on hearing of officers' passkeys at a site."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema, fields, validate

from services.enrollment.domain.roster import Passkey
from services.enrollment.messages.schemas import Heard
from services.enrollment.use_cases.front_door import UseCases
from shared.messaging.dispatcher import Handler
from shared.messaging.envelope import Envelope
from shared.messaging.letter_box import cause_of

BASE64URL = validate.Regexp(r"[A-Za-z0-9_-]{8,4000}\Z")
SITE_ROLES = ("booth", "port")
"""No other role comes by a passkey of a site."""


class PasskeyAdded(Heard):
    """``lane_gateway.passkey_added.v1``."""

    passkey_id = fields.UUID(required=True)
    credential_id = fields.String(required=True, validate=BASE64URL)
    public_key = fields.String(required=True, validate=BASE64URL)
    officer = fields.String(required=True, validate=validate.Length(1, 120))
    authority = fields.Url(required=True, require_tld=False)
    roles = fields.List(
        fields.String(validate=validate.OneOf(SITE_ROLES)),
        required=True,
        validate=validate.Length(min=1),
    )
    at = fields.AwareDateTime(required=True)


class PasskeyWord(Heard):
    """``lane_gateway.passkey_confirmed.v1`` and ``lane_gateway.passkey_dropped.v1``."""

    passkey_id = fields.UUID(required=True)
    officer = fields.String(required=True, validate=validate.Length(1, 120))
    at = fields.AwareDateTime(required=True)


def passkey_handlers(use_cases: UseCases) -> Mapping[str, Handler]:
    """Return the handler of each type about passkeys."""
    heard = FromDesks(use_cases=use_cases)
    return {
        "lane_gateway.passkey_added.v1": heard.added,
        "lane_gateway.passkey_confirmed.v1": heard.confirmed,
        "lane_gateway.passkey_dropped.v1": heard.dropped,
    }


@dataclass(frozen=True, kw_only=True)
class FromDesks:
    """Messages of the sites' web processes."""

    use_cases: UseCases

    def added(self, envelope: Envelope) -> None:
        """Keep a passkey that is to be confirmed."""
        body = _load(PasskeyAdded(), envelope)
        passkey = Passkey(
            id=body["passkey_id"],
            site=_site(envelope),
            credential_id=body["credential_id"],
            public_key=body["public_key"],
            officer=body["officer"],
            authority=body["authority"],
            roles=tuple(sorted(set(body["roles"]))),
            added_at=body["at"],
        )
        self.use_cases.follow_passkeys.added(passkey, cause=cause_of(envelope))

    def confirmed(self, envelope: Envelope) -> None:
        """Put a passkey on the roster."""
        _heed(self.use_cases.follow_passkeys.confirmed, envelope)

    def dropped(self, envelope: Envelope) -> None:
        """Take a passkey off the roster."""
        _heed(self.use_cases.follow_passkeys.dropped, envelope)


def _heed(verb: Callable[..., None], envelope: Envelope) -> None:
    body = _load(PasskeyWord(), envelope)
    verb(
        _site(envelope),
        body["passkey_id"],
        by=body["officer"],
        at=body["at"],
        cause=cause_of(envelope),
    )


def _load(schema: Schema, envelope: Envelope) -> dict[str, Any]:
    loaded: dict[str, Any] = schema.load(dict(envelope.body))
    return loaded


def _site(envelope: Envelope) -> str:
    return envelope.source.rpartition("/")[2]
