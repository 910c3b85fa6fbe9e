"""Bodies about selection by chance; a passage is known by its number alone."""

from marshmallow import Schema, fields


class SelectedVehicleOut(Schema):
    """A selected vehicle that went uninspected."""

    passage_id = fields.UUID()
    lane = fields.String()
    period = fields.String()
    number = fields.Integer()
    outcome = fields.String()
    officer = fields.String(allow_none=True)
    reason_given = fields.Boolean()
    at = fields.AwareDateTime()


class SelectionPeriodOut(Schema):
    """One day of one lane; the rate explains from ``low`` to ``high`` selected vehicles."""

    lane = fields.String()
    period = fields.String()
    ppm = fields.Integer()
    commitment = fields.String()
    told = fields.Boolean()
    draws = fields.Integer()
    selected = fields.Integer()
    low = fields.Integer()
    high = fields.Integer()
    within = fields.Boolean()
    inspected = fields.Integer()
    skipped = fields.Integer()


class YieldOut(Schema):
    """Vehicles inspected after a draw, or for another reason, and those with a violation."""

    by_chance = fields.Boolean()
    inspected = fields.Integer()
    violations = fields.Integer()


class SelectionReportOut(Schema):
    """The report of the last days."""

    periods = fields.List(fields.Nested(SelectionPeriodOut))
    skipped = fields.List(fields.Nested(SelectedVehicleOut))
    yields = fields.List(fields.Nested(YieldOut))
