"""Bodies of the site's JSON interface; none holds a name, a picture, a plate or a card's number."""

from marshmallow import Schema, fields, validate

from services.lane_gateway.domain.events import PassageEnd
from services.lane_gateway.domain.lane_policy import LaneMode
from services.lane_gateway.domain.visit import Result, ViolationType, VisitStatus
from services.lane_gateway.use_cases.command_lane import MAX_OCCUPANTS
from services.lane_gateway.web.schemas import LONGEST_REASON, PAGE_KINDS
from services.lane_gateway.web.texts import VERDICTS

LIMIT = fields.Integer(load_default=50, strict=False, validate=validate.Range(min=1, max=200))


class LaneOut(Schema):
    """How a lane is set and staffed."""

    lane = fields.String()
    mode = fields.String()
    lane_type = fields.String()
    direction = fields.String()
    zone = fields.String()
    signed_on = fields.String(allow_none=True)
    signed_on_at = fields.AwareDateTime(allow_none=True)
    version = fields.Integer()
    live = fields.Boolean()


class LivePassageOut(Schema):
    """One vehicle in the lane."""

    passage_id = fields.UUID()
    state = fields.String()
    verdict = fields.String(allow_none=True)
    reasons = fields.List(fields.String())
    credential_ids = fields.List(fields.UUID())
    cards_counted = fields.Integer()
    counted = fields.Integer(allow_none=True)
    authorisation = fields.String(allow_none=True)
    decided_at = fields.AwareDateTime(allow_none=True)


class LiveOut(Schema):
    """A lane at this moment; where ``live`` is false, nothing else is known."""

    lane = fields.String()
    live = fields.Boolean()
    word = fields.String()
    age_ms = fields.Integer(allow_none=True)
    at = fields.AwareDateTime(allow_none=True)
    mode = fields.String(allow_none=True)
    health = fields.String(allow_none=True)
    gate = fields.String(allow_none=True)
    faults = fields.List(fields.String())
    reader_live = fields.Boolean(allow_none=True)
    camera_live = fields.Boolean(allow_none=True)
    list_number = fields.Integer(allow_none=True)
    list_age_s = fields.Float(allow_none=True)
    front = fields.Nested(LivePassageOut, allow_none=True)
    passing = fields.Nested(LivePassageOut, allow_none=True)
    approaching = fields.List(fields.Nested(LivePassageOut))
    last_command = fields.Integer(allow_none=True)
    last_command_refused = fields.String(allow_none=True)


class ModeIn(Schema):
    """The mode wanted from the next vehicle on."""

    mode = fields.String(
        required=True,
        validate=validate.OneOf([LaneMode.CLOSED.value, LaneMode.ATTENDED.value]),
    )


class CommandIn(Schema):
    """An officer's command; which fields it needs depends on ``kind``."""

    kind = fields.String(required=True, validate=validate.OneOf([str(kind) for kind in PAGE_KINDS]))
    passage_id = fields.UUID(load_default=None, allow_none=True)
    counted = fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=validate.Range(min=1, max=MAX_OCCUPANTS),
    )
    reason = fields.String(load_default="", validate=validate.Length(max=LONGEST_REASON))
    plate = fields.String(load_default="", validate=validate.Length(max=12))
    region = fields.String(load_default="", validate=validate.Length(max=8))


class CommandOut(Schema):
    """The number of a command; the lane says in its live picture how far it has come."""

    number = fields.Integer()
    lane = fields.String()


class PassageTimesOut(Schema):
    """When a passage was read, shown, decided and let through."""

    read = fields.AwareDateTime(allow_none=True)
    shown = fields.AwareDateTime(allow_none=True)
    decided = fields.AwareDateTime(allow_none=True)
    gate = fields.AwareDateTime(allow_none=True)


class PassageOut(Schema):
    """One passage that is over."""

    passage_id = fields.UUID()
    lane = fields.String()
    end = fields.String()
    verdict = fields.String(allow_none=True)
    reasons = fields.List(fields.String())
    authorisation = fields.String(allow_none=True)
    officer = fields.String(allow_none=True)
    counted = fields.Integer(allow_none=True)
    times = fields.Nested(PassageTimesOut)
    list_number = fields.Integer(allow_none=True)
    list_age_s = fields.Float(allow_none=True)
    ended_at = fields.AwareDateTime()


class PassagePageOut(Schema):
    """Some passages, newest first; ``older`` goes into ``before`` of the next call."""

    passages = fields.List(fields.Nested(PassageOut))
    older = fields.String(allow_none=True)


class PassageQuery(Schema):
    """Which passages to list."""

    lane = fields.String(load_default=None, validate=validate.Regexp(r"^[a-z0-9]{1,12}$"))
    verdict = fields.String(load_default=None, validate=validate.OneOf(list(VERDICTS)))
    end = fields.String(
        load_default=None,
        validate=validate.OneOf([str(end) for end in PassageEnd]),
    )
    before = fields.String(load_default=None, validate=validate.Length(max=2000))
    limit = LIMIT


class EntryOut(Schema):
    """One entry of a passage's record."""

    number = fields.Integer()
    kind = fields.String()
    at = fields.AwareDateTime()
    device_time = fields.AwareDateTime(allow_none=True)
    body = fields.Dict()


class PassageRecordOut(Schema):
    """The record of one passage; plates, officers' words and cards are left out."""

    passage_id = fields.UUID()
    lane = fields.String()
    passage = fields.Nested(PassageOut, allow_none=True, attribute="row")
    entries = fields.List(fields.Nested(EntryOut))


class VisitOut(Schema):
    """One vehicle at secondary."""

    visit_id = fields.UUID()
    passage_id = fields.UUID()
    lane = fields.String()
    credential_ids = fields.List(fields.UUID())
    status = fields.Enum(VisitStatus, by_value=True)
    sent_by = fields.String()
    sent_at = fields.AwareDateTime()
    arrived_at = fields.AwareDateTime(allow_none=True)
    inspected_at = fields.AwareDateTime(allow_none=True)
    inspected_by = fields.String(allow_none=True)
    released_at = fields.AwareDateTime(allow_none=True)
    version = fields.Integer()


class VisitQuery(Schema):
    """Which visits to list: those not released, or those of one state."""

    status = fields.Enum(VisitStatus, by_value=True, load_default=None)
    limit = LIMIT


class PersonResultIn(Schema):
    """The result for one person."""

    credential_id = fields.UUID(required=True)
    result = fields.Enum(Result, by_value=True, required=True)
    violation = fields.Enum(ViolationType, by_value=True, load_default=None, allow_none=True)
    note = fields.String(load_default="", validate=validate.Length(max=2000))


class ResultsIn(Schema):
    """The results for every person of the vehicle."""

    results = fields.List(
        fields.Nested(PersonResultIn), required=True, validate=validate.Length(max=60)
    )


class AlarmOut(Schema):
    """Something that somebody must look at, and who has."""

    alarm_id = fields.UUID()
    lane = fields.String()
    code = fields.String()
    at = fields.AwareDateTime()
    passage_id = fields.UUID(allow_none=True)
    acknowledged_by = fields.String(allow_none=True)
    acknowledged_at = fields.AwareDateTime(allow_none=True)


class AlarmQuery(Schema):
    """Which alarms of the last seven days to list."""

    open = fields.Boolean(load_default=False)
    before = fields.AwareDateTime(load_default=None)
    limit = LIMIT
