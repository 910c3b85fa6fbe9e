"""What a site does on hearing from headquarters."""

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, fields

from services.lane_gateway.use_cases.drop_display_record import DropDisplayRecord
from services.lane_gateway.use_cases.erase_person import ErasePerson
from services.lane_gateway.use_cases.receive_display_record import ReceiveDisplayRecord
from services.lane_gateway.use_cases.receive_roster import ReceiveRoster
from shared.messaging.dispatcher import Handler
from shared.messaging.envelope import Envelope
from shared.messaging.letter_box import cause_of

IGNORED: frozenset[str] = frozenset()
"""A site gets only what is addressed to it, so there is nothing to take note of without effect."""


class _Message(Schema):
    class Meta:
        """Newer senders may add fields."""

        unknown = EXCLUDE


class DisplayRecordSentV1(_Message):
    """What an officer sees of a card holder, sealed to this site."""

    credential_id = fields.UUID(required=True)
    version = fields.Integer(required=True, strict=True)
    record = fields.String(required=True)


class DisplayRecordDroppedV1(_Message):
    """The site needs a display record no longer."""

    credential_id = fields.UUID(required=True)
    version = fields.Integer(required=True, strict=True)


class PersonErasedV1(_Message):
    """A person's data are erased everywhere."""

    person_id = fields.UUID(required=True)
    credential_ids = fields.List(fields.UUID(), required=True)


class RosterSignedV1(_Message):
    """Whose passkeys this site may take; proved by its signature before anything is believed."""

    site = fields.String(required=True)
    number = fields.Integer(required=True, strict=True)
    issued_at = fields.AwareDateTime(required=True)
    valid_until = fields.AwareDateTime(required=True)
    entries = fields.List(fields.Dict(), required=True)
    kid = fields.String(required=True)
    signature = fields.String(required=True)


def handlers(
    *,
    receive: ReceiveDisplayRecord,
    drop: DropDisplayRecord,
    erase: ErasePerson,
    roster: ReceiveRoster,
) -> Mapping[str, Handler]:
    """Return the handler of each message type that a site listens to."""

    def on_sent(envelope: Envelope) -> None:
        body = _load(DisplayRecordSentV1(), envelope)
        receive(body["credential_id"], body["version"], body["record"], cause=cause_of(envelope))

    def on_dropped(envelope: Envelope) -> None:
        body = _load(DisplayRecordDroppedV1(), envelope)
        drop(body["credential_id"], body["version"], cause=cause_of(envelope))

    def on_erased(envelope: Envelope) -> None:
        body = _load(PersonErasedV1(), envelope)
        erase(body["person_id"], body["credential_ids"], cause=cause_of(envelope))

    def on_roster(envelope: Envelope) -> None:
        known = _load(RosterSignedV1(), envelope)
        # As it came: a time read and written again is another text than the one signed.
        roster({name: envelope.body[name] for name in known}, cause=cause_of(envelope))

    return {
        "enrollment.display_record_sent.v1": on_sent,
        "enrollment.display_record_dropped.v1": on_dropped,
        "enrollment.person_erased.v1": on_erased,
        "enrollment.roster_signed.v1": on_roster,
    }


def _load(schema: Schema, envelope: Envelope) -> dict[str, Any]:
    loaded: dict[str, Any] = schema.load(dict(envelope.body))
    return loaded
