"""Answers about the person: names, birth, citizenship, documents, addresses."""

from marshmallow import fields, validate

from services.enrollment.domain.application_form import MAX_CITIZENSHIPS, MAX_DOCUMENTS
from services.enrollment.domain.identity_document import DocumentKind, Sex
from services.enrollment.domain.names import MAX_OTHER_NAMES
from services.enrollment.web import choices, texts
from services.enrollment.web.answer_fields import (
    LONG,
    SHORT,
    Answers,
    country,
    needed,
    region,
    text,
)
from shared.web.language import LANGUAGES
from shared.web.language import lazy as _l


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
