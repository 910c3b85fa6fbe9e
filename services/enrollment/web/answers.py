"""The shapes in which answers arrive, by page and by JSON: one schema for each step of the form.

What they load is turned by ``answers_of`` into what the domain's form holds.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from marshmallow import Schema, fields, pre_load, validate

from services.enrollment.domain.application_form import MAX_HISTORY, ApplicationForm, Step
from services.enrollment.domain.center import CENTERS, PORTS
from services.enrollment.domain.disclosures import Question
from services.enrollment.domain.form_document import dump_step, load_step
from services.enrollment.domain.history import Occupation
from services.enrollment.web import choices, texts
from services.enrollment.web.answer_fields import SHORT, STORY, Answers, needed, text
from services.enrollment.web.person_answers import (
    AddressIn,
    BirthIn,
    CitizenshipsIn,
    ContactIn,
    DocumentsIn,
    NamesIn,
)
from services.enrollment.web.regions import REGIONS
from shared.web.language import lazy as _l


class StretchIn(Answers):
    """A stretch of time."""

    from_ = fields.Date(
        required=True,
        data_key="from",
        metadata={"label": _l("From"), "hint": _l("If you do not remember the day, enter 1")},
    )
    until = fields.Date(
        allow_none=True,
        load_default=None,
        metadata={"label": _l("Until"), "hint": _l("Leave empty if it lasts to this day")},
    )


class ResidenceIn(AddressIn, StretchIn):
    """A place where the applicant lived."""


class ResidencesIn(Answers):
    """Residence history."""

    residences = fields.List(
        fields.Nested(ResidenceIn),
        required=True,
        error_messages={"required": _l("Add at least one.")},
        validate=validate.Length(min=1, max=MAX_HISTORY),
        metadata={"label": _l("Where you have lived")},
    )


class EmploymentIn(StretchIn):
    """Something that the applicant did."""

    kind = fields.String(
        required=True,
        validate=validate.OneOf([str(kind) for kind in Occupation]),
        metadata={"label": _l("What you did"), "choices": choices.of(texts.OCCUPATIONS)},
    )
    employer = text(_l("Employer, business or school"))
    occupation = text(_l("Occupation"))
    city = text(_l("City or town"))
    country = fields.String(
        load_default="",
        validate=validate.OneOf(["", *sorted(choices.country_codes())]),
        metadata={"label": _l("Country"), "choices": choices.countries},
    )


class EmploymentsIn(Answers):
    """Employment history."""

    employments = fields.List(
        fields.Nested(EmploymentIn),
        required=True,
        error_messages={"required": _l("Add at least one.")},
        validate=validate.Length(min=1, max=MAX_HISTORY),
        metadata={"label": _l("What you have done")},
    )


class VehicleIn(Answers):
    """A vehicle."""

    plate = needed(_l("License plate"), longest=SHORT)
    region = fields.String(
        required=True,
        validate=validate.OneOf(list(REGIONS)),
        metadata={"label": _l("State or province of the plate"), "choices": choices.regions},
    )
    make = needed(_l("Make"), longest=SHORT, hint=_l("For example: Toyota"))
    model = needed(_l("Model"), longest=SHORT, hint=_l("For example: Corolla"))
    year = fields.Integer(required=True, metadata={"label": _l("Model year")})
    colour = needed(_l("Color"), longest=SHORT)
    vin = needed(
        _l("Vehicle identification number (VIN)"),
        longest=SHORT,
        hint=_l("17 letters and digits, on the registration and behind the windshield"),
    )

    @pre_load
    def write_large(self, data: Any, **_: Any) -> Any:
        """Write the VIN in capitals without blanks, as it stands on the vehicle."""
        if isinstance(data, dict) and isinstance(data.get("vin"), str):
            data = {**data, "vin": "".join(data["vin"].split()).upper()}
        return data


class VehiclesIn(Answers):
    """Vehicles; who crosses on foot or as a passenger has none."""

    vehicles = fields.List(
        fields.Nested(VehicleIn), load_default=list, metadata={"label": _l("Your vehicles")}
    )


def _question(question: Question) -> type[Schema]:
    """Return the shape of the answer to one question."""
    told = {
        "label": texts.QUESTIONS[question],
        "choices": [("yes", _l("Yes")), ("no", _l("No"))],
    }
    answers: dict[str, fields.Field[Any]] = {
        "answer": fields.Boolean(required=True, metadata=told),
        "explanation": text(_l("If yes: what happened, when and where"), longest=STORY),
    }
    name = "".join(part.title() for part in question.split("_"))
    return Answers.from_dict(answers, name=f"{name}In")


class _DisclosuresIn(Answers):
    """The answers to all questions."""

    @pre_load
    def ask_all(self, data: Any, **_: Any) -> Any:
        """Let a question without any answer be named like one without a yes or no."""
        if not isinstance(data, Mapping):
            return data
        return {**{str(question): {} for question in Question}, **data}


DisclosuresIn = _DisclosuresIn.from_dict(
    {str(question): fields.Nested(_question(question), required=True) for question in Question},
    name="DisclosuresIn",
)


class CrossingIn(Answers):
    """Where the applicant is interviewed and crosses."""

    center = fields.String(
        required=True,
        validate=validate.OneOf(list(CENTERS)),
        metadata={"label": _l("Enrollment center for your interview"), "choices": choices.centers},
    )
    sites = fields.List(
        fields.String(validate=validate.OneOf(list(PORTS))),
        load_default=list,
        validate=validate.Length(max=10),
        metadata={"label": _l("Ports of entry where you cross most"), "choices": choices.ports},
    )


class ConsentIn(Answers):
    """The signature."""

    truth = fields.Boolean(
        load_default=False, metadata={"label": _l("All my answers are true and complete")}
    )
    checks = fields.Boolean(
        load_default=False,
        metadata={
            "label": _l(
                "I consent to checks of my answers against government records, now and for as long "
                "as I am a member"
            )
        },
    )
    guardian_name = text(_l("Name of the parent or guardian"))
    guardian_relationship = text(_l("Relationship to the applicant"), longest=SHORT)


SCHEMAS: Mapping[Step, type[Schema]] = {
    Step.NAMES: NamesIn,
    Step.BIRTH: BirthIn,
    Step.CITIZENSHIPS: CitizenshipsIn,
    Step.DOCUMENTS: DocumentsIn,
    Step.CONTACT: ContactIn,
    Step.PHYSICAL_ADDRESS: AddressIn,
    Step.MAILING_ADDRESS: AddressIn,
    Step.RESIDENCES: ResidencesIn,
    Step.EMPLOYMENTS: EmploymentsIn,
    Step.VEHICLES: VehiclesIn,
    Step.DISCLOSURES: DisclosuresIn,
    Step.CROSSING: CrossingIn,
}
WRAPPED = frozenset(
    {Step.CITIZENSHIPS, Step.DOCUMENTS, Step.RESIDENCES, Step.EMPLOYMENTS, Step.VEHICLES}
)
"""Steps whose answers are one list, which arrives under the step's own name."""
DATES = frozenset({"date", "expires_on", "from", "until"})


def answers_of(step: Step, loaded: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a schema loaded as fields of the form, typed."""
    plain: Any = SCHEMAS[step]().dump(loaded)
    value = load_step(step, plain[str(step)] if step in WRAPPED else plain)
    return {str(step): value}


def stored(step: Step, form: ApplicationForm) -> dict[str, Any]:
    """Return the answers of a step as its schema reads them; empty if it was not answered."""
    plain = dump_step(form, step)
    if step in WRAPPED:
        return {str(step): plain}
    return dict(plain or {})


def typed(step: Step, form: ApplicationForm) -> dict[str, Any]:
    """Return the answers of a step as a page's inputs show them: dates as dates."""
    found: dict[str, Any] = _dated(stored(step, form))
    return found


def _dated(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: date.fromisoformat(inner) if name in DATES and inner else _dated(inner)
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [_dated(inner) for inner in value]
    return value
