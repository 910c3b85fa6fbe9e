"""What officers type on pages; the interface's own schemas stand beside its views."""

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from services.lane_gateway.domain.commands import CommandKind
from services.lane_gateway.domain.visit import Result, ViolationType
from services.lane_gateway.use_cases.command_lane import MAX_OCCUPANTS, NEED_REASON
from services.lane_gateway.web.texts import VIOLATIONS
from shared.web.language import lazy as _l

PAGE_KINDS = (
    CommandKind.ADMIT,
    CommandKind.SECONDARY,
    CommandKind.REDIRECT,
    CommandKind.AFTER_CHECKS,
    CommandKind.TURN_BACK,
    CommandKind.CONFIRM_PLATE,
    CommandKind.END_OVERRIDE,
    CommandKind.RESET,
)
"""What the booth's page and the interface can ask for; an override has a page of its own."""

LONGEST_REASON = 500


class CommandSchema(Schema):
    """An officer's command; which fields it needs depends on its kind."""

    kind = fields.String(required=True, validate=validate.OneOf([str(kind) for kind in PAGE_KINDS]))
    passage_id = fields.UUID(load_default=None)
    counted = fields.Integer(
        load_default=None,
        validate=validate.Range(min=1, max=MAX_OCCUPANTS),
        metadata={"label": _l("Number of occupants")},
        error_messages={"invalid": _l("Enter the number of occupants as a whole number.")},
    )
    reason = fields.String(
        load_default="",
        validate=validate.Length(max=LONGEST_REASON),
        metadata={"label": _l("What was checked, and why the vehicle may pass")},
    )
    plate = fields.String(
        load_default="",
        validate=validate.Length(max=12),
        metadata={"label": _l("License plate")},
    )
    region = fields.String(
        load_default="",
        validate=validate.Length(max=8),
        metadata={"label": _l("State"), "hint": _l("For example US-CA or MX-BCN")},
    )

    @validates_schema(skip_on_field_errors=True)
    def check_kind(self, data: dict[str, object], **_kwargs: object) -> None:
        """Name the field that this kind of command cannot do without."""
        kind = CommandKind(str(data["kind"]))
        if kind is CommandKind.ADMIT and data["counted"] is None:
            raise ValidationError({"counted": [_l("Enter the number of occupants.")]})
        if kind in NEED_REASON and not data["reason"]:
            raise ValidationError({"reason": [_l("Say why, in a few words.")]})
        if kind is CommandKind.CONFIRM_PLATE and not data["plate"]:
            raise ValidationError({"plate": [_l("Enter the license plate.")]})


class PersonSchema(Schema):
    """The result for one person."""

    credential_id = fields.UUID(required=True)
    result = fields.String(
        required=True,
        validate=validate.OneOf([str(each) for each in Result]),
        metadata={
            "label": _l("Result"),
            "choices": [("nothing", _l("Nothing found")), ("violation", _l("Violation"))],
        },
        error_messages={"required": _l("Choose what was found.")},
    )
    violation = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.OneOf([str(each) for each in ViolationType]),
        metadata={"label": _l("Type of violation"), "choices": list(VIOLATIONS.items())},
    )
    note = fields.String(
        load_default="",
        validate=validate.Length(max=2000),
        metadata={"label": _l("Note"), "hint": _l("Goes sealed to vetting and to nobody else")},
    )

    @validates_schema(skip_on_field_errors=True)
    def check_type(self, data: dict[str, object], **_kwargs: object) -> None:
        """Ask for the type of a violation."""
        if data["result"] == Result.VIOLATION and data["violation"] is None:
            raise ValidationError({"violation": [_l("Choose the type of violation.")]})


class InspectionSchema(Schema):
    """The results for all card holders of a vehicle."""

    people = fields.List(fields.Nested(PersonSchema), load_default=list)
