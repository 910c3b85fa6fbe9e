"""The shapes of what enrollment hears; newer senders may add fields."""

from marshmallow import EXCLUDE, Schema, fields, validate

DAY = validate.Regexp(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
DIGEST = validate.Regexp(r"[0-9a-f]{64}\Z")


class Heard(Schema):
    """A message's body, of which unknown fields are left alone."""

    class Meta:
        """Newer senders may add fields."""

        unknown = EXCLUDE


class CaseOpened(Heard):
    """``vetting.case_opened.v1``."""

    application_id = fields.UUID(required=True)
    case_id = fields.UUID(required=True)
    at = fields.AwareDateTime(required=True)


class InformationRequested(Heard):
    """``vetting.information_requested.v1``."""

    application_id = fields.UUID(required=True)
    request_id = fields.UUID(required=True)
    fields_ = fields.List(fields.String(), required=True, data_key="fields")
    text_code = fields.String(required=True)
    due_on = fields.Date(required=True)


class CaseDecided(Heard):
    """``vetting.case_decided.v1``."""

    application_id = fields.UUID(required=True)
    case_id = fields.UUID(required=True)
    outcome = fields.String(required=True)
    reason_codes = fields.List(fields.String(), required=True)
    notice = fields.List(fields.String(), load_default=list)
    decided_at = fields.AwareDateTime(required=True)


class HoldPlaced(Heard):
    """``vetting.hold_placed.v1``."""

    hold_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    membership_ids = fields.List(fields.UUID(), required=True)


class HoldLifted(Heard):
    """``vetting.hold_lifted.v1``."""

    hold_id = fields.UUID(required=True)
    person_id = fields.UUID(allow_none=True, load_default=None)


class MembershipWord(Heard):
    """``vetting.membership_suspended.v1``, ``.membership_revoked.v1`` and ``.reinstated``."""

    membership_id = fields.UUID(required=True)
    reason_codes = fields.List(fields.String(), load_default=list)
    notice = fields.List(fields.String(), load_default=list)
    undisclosed_rule = fields.String(allow_none=True, load_default=None)
    at = fields.AwareDateTime(required=True)
    appeal_until = fields.Date(allow_none=True, load_default=None)


class FeedApplied(Heard):
    """``lane_gateway.feed_applied.v1``."""

    number = fields.Integer(required=True, strict=True)
    applied_at = fields.AwareDateTime(required=True)


class PassageTimes(Heard):
    """When a passage's vehicle was read, shown, decided on and let through."""

    read = fields.AwareDateTime(allow_none=True, load_default=None)
    shown = fields.AwareDateTime(allow_none=True, load_default=None)
    decided = fields.AwareDateTime(allow_none=True, load_default=None)
    gate = fields.AwareDateTime(allow_none=True, load_default=None)


class PassageRecorded(Heard):
    """``lane_gateway.passage_recorded.v1``."""

    passage_id = fields.UUID(required=True)
    lane = fields.String(required=True)
    credential_ids = fields.List(fields.UUID(), required=True)
    verdict = fields.String(allow_none=True, load_default=None)
    reasons = fields.List(fields.String(), load_default=list)
    authorisation = fields.String(allow_none=True, load_default=None)
    officer = fields.String(allow_none=True, load_default=None)
    counted = fields.Integer(allow_none=True, load_default=None)
    times = fields.Nested(PassageTimes, load_default=dict)
    list_number = fields.Integer(allow_none=True, load_default=None)
    list_age_s = fields.Float(allow_none=True, load_default=None)


class ReferralClosed(Heard):
    """``lane_gateway.referral_closed.v1``."""

    passage_id = fields.UUID(required=True)
    end = fields.String(required=True)
    reason = fields.String(allow_none=True, load_default=None)


class InspectedPerson(Heard):
    """What an inspection found for one person."""

    credential_id = fields.UUID(required=True)
    result = fields.String(required=True)
    violation = fields.String(allow_none=True, load_default=None)
    note = fields.String(allow_none=True, load_default=None)


class InspectionRecorded(Heard):
    """``lane_gateway.inspection_recorded.v1``."""

    passage_id = fields.UUID(required=True)
    persons = fields.List(fields.Nested(InspectedPerson), required=True)
    officer = fields.String(allow_none=True, load_default=None)
    at = fields.AwareDateTime(allow_none=True, load_default=None)


class AlarmRaised(Heard):
    """``lane_gateway.alarm_raised.v1``."""

    alarm_id = fields.UUID(required=True)
    code = fields.String(required=True)
    lane = fields.String(allow_none=True, load_default=None)
    at = fields.AwareDateTime(required=True)
    officer = fields.String(allow_none=True, load_default=None)


class AlarmAcknowledged(Heard):
    """``lane_gateway.alarm_acknowledged.v1``."""

    alarm_id = fields.UUID(required=True)
    officer = fields.String(allow_none=True, load_default=None)
    at = fields.AwareDateTime(required=True)


class NumberInTwoPlaces(Heard):
    """``lane_gateway.number_in_two_places.v1``."""

    passage_id = fields.UUID(required=True)
    credential_id = fields.UUID(required=True)


class SelectionCommitted(Heard):
    """``lane_gateway.selection_committed.v1``."""

    lane = fields.String(required=True)
    period = fields.String(required=True, validate=DAY)
    ppm = fields.Integer(required=True)
    version = fields.Integer(required=True)
    commitment = fields.String(required=True, validate=DIGEST)


class SelectionRevealed(Heard):
    """``lane_gateway.selection_revealed.v1``."""

    lane = fields.String(required=True)
    period = fields.String(required=True, validate=DAY)
    seed = fields.String(required=True, validate=DIGEST)
    draws = fields.Integer(required=True)


class ErasureDone(Heard):
    """``<service>.erasure_done.v1``."""

    person_id = fields.UUID(required=True)
    rows = fields.Integer(required=True)
    at = fields.AwareDateTime(required=True)
