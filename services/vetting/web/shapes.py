"""What interfaces give."""

from marshmallow import Schema, fields


class CaseOut(Schema):
    """A case as the queue shows it; it says nothing about who the person is."""

    id = fields.UUID()
    kind = fields.String()
    program = fields.String()
    purpose = fields.String()
    status = fields.String()
    priority = fields.Integer()
    opened_at = fields.DateTime()
    due_at = fields.DateTime()
    officer = fields.String(allow_none=True)
    outcome = fields.String(allow_none=True)
    hits = fields.Integer()
    open_hits = fields.Integer()
    held = fields.Boolean()
    version = fields.Integer()


class QueueOut(Schema):
    """A page of the queue."""

    items = fields.List(fields.Nested(CaseOut))
    next = fields.String(allow_none=True)


class HitOut(Schema):
    """A hit with its explanation."""

    id = fields.UUID()
    list = fields.String()
    entry = fields.String()
    list_version = fields.Integer()
    score = fields.Float()
    strong = fields.Boolean()
    verdict = fields.String()
    judged_by = fields.String(allow_none=True)
    detail = fields.Dict(allow_none=True)
    note = fields.String(allow_none=True)


class InterviewOut(Schema):
    """An interview record."""

    id = fields.UUID()
    outcome = fields.String()
    recorded_by = fields.String()
    at = fields.DateTime()
    detail = fields.Dict(allow_none=True)


class MembershipOut(Schema):
    """A membership."""

    id = fields.UUID()
    program = fields.String()
    status = fields.String()
    valid_from = fields.Date()
    valid_until = fields.Date()


class TimelineOut(Schema):
    """A line of the history."""

    at = fields.DateTime()
    event = fields.String()
    by = fields.String()
    detail = fields.String()


class HoldOut(Schema):
    """A hold."""

    id = fields.UUID()
    case_id = fields.UUID()
    case_status = fields.String()
    placed_at = fields.DateTime()
    expires_at = fields.DateTime()
    placed_by = fields.String()
    extended = fields.Integer()
    why = fields.String(allow_none=True)
    lifted_at = fields.DateTime(allow_none=True)
    lifted_by = fields.String(allow_none=True)
    version = fields.Integer()


class CaseFileOut(Schema):
    """A case with its person's file."""

    case = fields.Nested(CaseOut)
    person_id = fields.UUID()
    dossier = fields.Dict(allow_none=True)
    findings = fields.List(fields.Dict())
    hits = fields.List(fields.Nested(HitOut))
    interviews = fields.List(fields.Nested(InterviewOut))
    memberships = fields.List(fields.Nested(MembershipOut))
    timeline = fields.List(fields.Nested(TimelineOut))
    reasons = fields.List(fields.String())
    note = fields.String(allow_none=True)
    list_version = fields.String()
    policy_version = fields.String()
    needs_second = fields.Boolean()


class ListOut(Schema):
    """A watchlist and its current version."""

    name = fields.String()
    format = fields.String()
    number = fields.Integer()
    entries = fields.Integer()
    loaded_at = fields.DateTime()
    loaded_by = fields.String()
