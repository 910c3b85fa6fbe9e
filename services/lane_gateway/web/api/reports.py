"""The port's report: what its lanes did over some days, without any person."""

from marshmallow import Schema, fields, validate

from services.lane_gateway.web.pages.reports import report
from services.lane_gateway.web.parts import parts
from services.lane_gateway.web.texts_report import PERIODS
from shared.web.access import allow
from shared.web.api import ApiBlueprint

api = ApiBlueprint("api_reports", __name__, url_prefix="/api/v1/report")


class ReportQuery(Schema):
    """Over how many days."""

    days = fields.Integer(load_default=7, strict=False, validate=validate.OneOf(sorted(PERIODS)))


class SpreadOut(Schema):
    """How long something took, in seconds, and of how many vehicles that is known."""

    count = fields.Integer()
    median = fields.Float()
    ninetieth = fields.Float()


COUNTS = fields.Dict(keys=fields.String(), values=fields.Integer())


class LaneReportOut(Schema):
    """The numbers of one lane."""

    lane = fields.String()
    vehicles = fields.Integer()
    ends = COUNTS
    verdicts = COUNTS
    reasons = COUNTS
    referrals = COUNTS
    overrides = fields.Integer()
    look_ups = fields.Integer()
    plates_by_hand = fields.Integer()
    read_to_shown = fields.Nested(SpreadOut, allow_none=True)
    read_to_decided = fields.Nested(SpreadOut, allow_none=True)
    read_to_gate = fields.Nested(SpreadOut, allow_none=True)
    minutes_saved = fields.Float()


class ReportOut(Schema):
    """The numbers of all lanes, up to ``until``."""

    until = fields.AwareDateTime()
    days = fields.Integer()
    lanes = fields.List(fields.Nested(LaneReportOut))


@api.route("", methods=["GET"])
@allow("port", "auditor")
@api.arguments(ReportQuery, location="query")
@api.response(200, ReportOut)
def read_port_report(query: dict[str, int]) -> object:
    """Read what each lane did over the last days."""
    until = parts().settings.web.clock()
    return {"until": until, "days": query["days"], "lanes": report(query["days"])}
