"""The shapes in which answers arrive, by page and by JSON: one schema for each step of the form.

What they load is turned by ``plain`` into the plain values that ``load_step`` of the domain reads.
"""

import unicodedata
from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields, pre_load, validate

from services.enrollment.domain.application_form import (
    MAX_CITIZENSHIPS,
    MAX_DOCUMENTS,
    MAX_HISTORY,
    ApplicationForm,
    Step,
)
from services.enrollment.domain.center import CENTERS, PORTS
from services.enrollment.domain.disclosures import Question
from services.enrollment.domain.form_document import dump_step, load_step
from services.enrollment.domain.history import Occupation
from services.enrollment.domain.identity_document import DocumentKind, Sex
from services.enrollment.domain.names import MAX_OTHER_NAMES
from services.enrollment.web import choices, texts
from services.enrollment.web.regions import REGIONS
from shared.web.language import LANGUAGES, Text
from shared.web.language import lazy as _l

SHORT, LONG, STORY = 40, 120, 2000


class Answers(Schema):
    """Answers, freed of blanks around them and of two ways to write one letter."""

    @pre_load
    def tidy(self, data: Any, **_: Any) -> Any:
        """Trim texts and compose their letters."""
        if not isinstance(data, Mapping):
            return data
        return {name: _tidy(value) for name, value in data.items()}


def _tidy(value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value.strip())
    return value


def text(label: Text, *, longest: int = LONG, hint: Text | None = None) -> fields.String:
    """Return a field for a text that may be left out."""
    told = {"label": label} if hint is None else {"label": label, "hint": hint}
    return fields.String(load_default="", validate=validate.Length(max=longest), metadata=told)


def needed(label: Text, *, longest: int = LONG, hint: Text | None = None) -> fields.String:
    """Return a field for a text that must be there."""
    told = {"label": label} if hint is None else {"label": label, "hint": hint}
    return fields.String(required=True, validate=validate.Length(min=1, max=longest), metadata=told)


def country(label: Text) -> fields.String:
    """Return a field for a country."""
    return fields.String(
        required=True,
        validate=validate.OneOf(sorted(choices.country_codes())),
        metadata={"label": label, "choices": choices.countries},
    )


def region(label: Text, *, hint: Text | None = None) -> fields.String:
    """Return a field for a state or province, which few countries need."""
    told: dict[str, Any] = {"label": label, "choices": choices.regions}
    if hint is not None:
        told["hint"] = hint
    return fields.String(load_default="", validate=validate.OneOf(["", *REGIONS]), metadata=told)


class NameIn(Answers):
    """One name."""

    given = text(_l("Given name"))
    middle = text(_l("Middle names"))
    paternal_surname = text(_l("First surname (father's, or your only one)"))
    maternal_surname = text(_l("Second surname (mother's)"))
    suffix = text(_l("Suffix"), longest=SHORT, hint=_l("For example: Jr., III"))


class NamesIn(NameIn):
    """The legal name and all others."""

    others = fields.List(
        fields.Nested(NameIn),
        load_default=list,
        validate=validate.Length(max=MAX_OTHER_NAMES),
        metadata={"label": _l("Other names that you have used")},
    )


class BirthIn(Answers):
    """Birth."""

    date = fields.Date(required=True, metadata={"label": _l("Date of birth")})
    city = needed(_l("City or town of birth"))
    region = region(_l("State or province of birth"))
    country = country(_l("Country of birth"))
    sex = fields.String(
        required=True,
        validate=validate.OneOf([str(sex) for sex in Sex]),
        metadata={"label": _l("Sex, as in your passport"), "choices": choices.of(texts.SEXES)},
    )


class CitizenshipsIn(Answers):
    """Citizenships."""

    citizenships = fields.List(
        fields.String(validate=validate.OneOf(sorted(choices.country_codes()))),
        required=True,
        error_messages={"required": _l("Choose at least one country.")},
        validate=validate.Length(min=1, max=MAX_CITIZENSHIPS),
        metadata={
            "label": _l("Countries of which you are a citizen"),
            "choices": choices.countries,
        },
    )


class DocumentIn(Answers):
    """One document."""

    kind = fields.String(
        required=True,
        validate=validate.OneOf([str(kind) for kind in DocumentKind]),
        metadata={"label": _l("Kind of document"), "choices": choices.of(texts.DOCUMENTS)},
    )
    country = country(_l("Country that issued it"))
    number = needed(_l("Number"), longest=SHORT)
    expires_on = fields.Date(
        allow_none=True,
        load_default=None,
        metadata={"label": _l("Valid until"), "hint": _l("Leave empty for a birth certificate")},
    )


class DocumentsIn(Answers):
    """Documents."""

    documents = fields.List(
        fields.Nested(DocumentIn),
        required=True,
        error_messages={"required": _l("Add at least one.")},
        validate=validate.Length(min=1, max=MAX_DOCUMENTS),
        metadata={"label": _l("Documents")},
    )


class EmailOrNothing(validate.Email):
    """An e-mail address; nobody needs one."""

    def __call__(self, value: str) -> str:
        """Check an address where one was given."""
        return super().__call__(value) if value else value


class ContactIn(Answers):
    """How to reach the applicant."""

    phone = text(
        _l("Phone number"),
        longest=SHORT,
        hint=_l("With the country code, for example +52 664 1234567"),
    )
    email = fields.String(
        load_default="",
        validate=[validate.Length(max=LONG), EmailOrNothing()],
        metadata={"label": _l("E-mail address")},
    )
    language = fields.String(
        required=True,
        validate=validate.OneOf(list(LANGUAGES)),
        metadata={"label": _l("Language in which we write to you"), "choices": choices.languages},
    )


class AddressIn(Answers):
    """An address."""

    street = needed(_l("Street and number"))
    unit = text(_l("Apartment, unit or district"))
    city = needed(_l("City or town"))
    region = region(_l("State or province"), hint=_l("For the United States, Mexico and Canada"))
    postal_code = text(_l("ZIP or postal code"), longest=SHORT)
    country = country(_l("Country"))


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
