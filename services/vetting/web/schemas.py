"""What pages and interfaces take and give."""

from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf, Range

from services.vetting.domain.case_rules import LONGEST_NOTE
from services.vetting.domain.case_states import Kind, Outcome
from services.vetting.domain.hit import JUDGED, Verdict
from services.vetting.domain.hit import LONGEST_NOTE as LONGEST_HIT_NOTE
from services.vetting.domain.reasons import Reason
from services.vetting.domain.watchlist.watchlist import Format
from services.vetting.use_cases.ask_applicant import ASKABLE, TEXTS
from services.vetting.use_cases.reading import Order, View
from shared.web.language import Text
from shared.web.language import lazy as _l
from shared.web.purpose import PURPOSES

MOST_REASON = 1_000
PARTS = {
    "names": _l("Names"),
    "birth": _l("Birth"),
    "citizenships": _l("Citizenships"),
    "documents": _l("Documents"),
    "contact": _l("Phone and e-mail"),
    "physical_address": _l("Home address"),
    "mailing_address": _l("Mailing address"),
    "residences": _l("Where they have lived"),
    "employments": _l("Where they have worked"),
    "vehicles": _l("Vehicles"),
    "disclosures": _l("Disclosures"),
}
ASKING = {
    "ask.complete": _l("Complete what is missing"),
    "ask.clearer_copy": _l("Send a clearer copy"),
    "ask.explain": _l("Explain your answer"),
}


def choices(codes: object, called: object) -> list[tuple[str, Text]]:
    """Return pairs of code and name for a page's form."""
    return [(str(code), called[code]) for code in codes]  # type: ignore[attr-defined,index]


class QueueQueryIn(Schema):
    """Which part of the queue is wanted."""

    view = fields.Enum(View, by_value=True, load_default=View.WAITING)
    order = fields.Enum(Order, by_value=True, load_default=Order.PRIORITY)
    kind = fields.Enum(Kind, by_value=True, load_default=None, allow_none=True)
    after = fields.String(load_default="", validate=Length(max=400))
    limit = fields.Integer(load_default=25, validate=Range(min=1, max=100))


class VerdictIn(Schema):
    """An officer's word on a hit."""

    verdict = fields.String(
        required=True,
        validate=OneOf(sorted(JUDGED)),
        metadata={
            "label": _l("Is it the same person?"),
            "choices": [
                (str(Verdict.FALSE_MATCH), _l("No, somebody else")),
                (str(Verdict.TRUE_MATCH), _l("Yes, the same person")),
                (str(Verdict.INCONCLUSIVE), _l("It cannot be told")),
            ],
        },
    )
    note = fields.String(
        required=True,
        validate=Length(min=1, max=LONGEST_HIT_NOTE),
        metadata={
            "label": _l("What you compared"),
            "hint": _l("For example: the birthplace and the document numbers differ."),
        },
    )


class DecisionIn(Schema):
    """An officer's decision."""

    outcome = fields.Enum(
        Outcome, by_value=True, required=True, metadata={"label": _l("Decision"), "choices": []}
    )
    reasons = fields.List(
        fields.Enum(Reason, by_value=True),
        required=True,
        validate=Length(min=1),
        metadata={
            "label": _l("Reasons"),
            "hint": _l("They make the letter. Choose all that apply."),
            "choices": [],
        },
    )
    note = fields.String(
        load_default="",
        validate=Length(max=LONGEST_NOTE),
        metadata={
            "label": _l("For the second officer and the file"),
            "hint": _l("Needed where the decision is adverse or something was found."),
        },
    )


class QuestionIn(Schema):
    """What the applicant is asked."""

    fields_ = fields.List(
        fields.String(validate=OneOf(ASKABLE)),
        required=True,
        validate=Length(min=1),
        data_key="fields",
        metadata={
            "label": _l("Parts of the form"),
            "choices": choices(ASKABLE, PARTS),
        },
    )
    text_code = fields.String(
        required=True,
        validate=OneOf(TEXTS),
        metadata={
            "label": _l("What the applicant reads"),
            "choices": choices(TEXTS, ASKING),
        },
    )


class ReasonIn(Schema):
    """A reason in the officer's own words."""

    reason = fields.String(
        required=True,
        validate=Length(min=1, max=MOST_REASON),
        metadata={"label": _l("Reason")},
    )


class ExtensionIn(ReasonIn):
    """More time for a hold."""

    until = fields.AwareDateTime(required=True)


class ExtensionForm(ReasonIn):
    """More time for a hold, in days from now."""

    days = fields.Integer(
        required=True,
        validate=OneOf([3, 7, 14]),
        metadata={
            "label": _l("How long from now"),
            "choices": [("3", _l("3 days")), ("7", _l("7 days")), ("14", _l("14 days"))],
        },
    )


class UploadForm(Schema):
    """A new version of a list; the files travel beside these fields."""

    format = fields.Enum(
        Format,
        by_value=True,
        required=True,
        metadata={
            "label": _l("Format"),
            "choices": [
                (str(Format.OFAC_SDN), _l("OFAC SDN (four CSV files)")),
                (str(Format.CSV), _l("Plain CSV (one file)")),
            ],
        },
    )
    name = fields.String(
        load_default="",
        validate=Length(max=40),
        metadata={
            "label": _l("Name of the list"),
            "hint": _l("Leave empty for the list that the format is usually used for."),
        },
    )
    files = fields.Raw(
        load_default=None,
        metadata={
            "label": _l("Files"),
            "hint": _l("For OFAC: sdn.csv, alt.csv, add.csv and sdn_comments.csv together."),
        },
    )
    accept_shrunken = fields.Boolean(
        load_default=False,
        metadata={
            "label": _l("Accept a list that is smaller by more than a fifth"),
            "hint": _l("A supervisor's decision. Such a list was probably cut on its way."),
        },
    )


class LookUpForm(Schema):
    """Whom to look for, and why."""

    name = fields.String(
        required=True,
        validate=Length(min=1, max=200),
        metadata={
            "label": _l("Name"),
            "hint": _l("Any two parts of the name, in any order, with or without accents."),
        },
    )
    purpose = fields.String(
        required=True,
        validate=OneOf(sorted(PURPOSES)),
        metadata={"label": _l("Purpose"), "choices": list(PURPOSES.items())},
    )


class NothingForm(Schema):
    """A form with a button alone."""


class PurposeIn(Schema):
    """Why a file is opened."""

    purpose = fields.String(required=True, validate=OneOf(sorted(PURPOSES)))
