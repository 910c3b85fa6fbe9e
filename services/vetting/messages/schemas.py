"""The shapes of what vetting hears; newer senders may add fields."""

from marshmallow import EXCLUDE, Schema, fields
from marshmallow.validate import OneOf

from services.vetting.domain.interview import Outcome
from services.vetting.domain.membership import Status


class Heard(Schema):
    """A message's body, of which unknown fields are left alone."""

    class Meta:
        """Newer senders may add fields."""

        unknown = EXCLUDE


class ApplicationSubmitted(Heard):
    """``enrollment.application_submitted.v1``."""

    application_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    program = fields.String(required=True)
    purpose = fields.String(required=True)
    policy_version = fields.String(load_default="")
    dossier = fields.String(required=True)


class ApplicationAmended(Heard):
    """``enrollment.application_amended.v1``."""

    application_id = fields.UUID(required=True)
    answers_request_id = fields.UUID(required=True)
    dossier = fields.String(required=True)


class ApplicationWithdrawn(Heard):
    """``enrollment.application_withdrawn.v1``."""

    application_id = fields.UUID(required=True)


class InterviewRecorded(Heard):
    """``enrollment.interview_recorded.v1``."""

    application_id = fields.UUID(required=True)
    interview_id = fields.UUID(required=True)
    outcome = fields.Enum(Outcome, by_value=True, required=True)
    recorded_by = fields.String(required=True)
    at = fields.AwareDateTime(required=True)
    dossier = fields.String(required=True)


class MembershipWord(Heard):
    """``enrollment.membership_started.v1``, ``.membership_changed.v1`` and ``.ended``."""

    membership_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    program = fields.String(required=True)
    status = fields.Enum(Status, by_value=True, required=True)
    valid_from = fields.Date(required=True)
    valid_until = fields.Date(required=True)
    dossier = fields.String(allow_none=True, load_default=None)


class PersonErased(Heard):
    """``enrollment.person_erased.v1``."""

    person_id = fields.UUID(required=True)


class NameParts(Heard):
    """One name in a dossier."""

    given = fields.String(load_default="")
    middle = fields.String(load_default="")
    paternal_surname = fields.String(load_default="")
    maternal_surname = fields.String(load_default="")
    suffix = fields.String(load_default="")


class LegalName(NameParts):
    """The names of a dossier."""

    others = fields.List(fields.Nested(NameParts), load_default=list)


class Birth(Heard):
    """Birth date and place of a dossier."""

    date = fields.Date(required=True)
    city = fields.String(load_default="")
    region = fields.String(load_default="")
    country = fields.String(load_default="")
    sex = fields.String(load_default="")


class DocumentShape(Heard):
    """One document of a dossier."""

    kind = fields.String(required=True)
    country = fields.String(load_default="")
    number = fields.String(required=True)
    expires_on = fields.Date(allow_none=True, load_default=None)


class DossierShape(Schema):
    """What vetting must find in a dossier; the rest of it is kept as it came."""

    class Meta:
        """Addresses, histories and whatever is added later."""

        unknown = EXCLUDE

    names = fields.Nested(LegalName, required=True)
    birth = fields.Nested(Birth, required=True)
    citizenships = fields.List(fields.String(), load_default=list)
    documents = fields.List(fields.Nested(DocumentShape), load_default=list)
    disclosures = fields.Dict(keys=fields.String(), values=fields.Dict(), load_default=dict)


class Question(Heard):
    """One type of question asked at an interview."""

    type = fields.String(required=True)
    outcome = fields.String(
        required=True, validate=OneOf(["satisfactory", "unsatisfactory", "not_asked"])
    )


class InterviewShape(Heard):
    """The sealed part of an interview record."""

    questions = fields.List(fields.Nested(Question), required=True)
    text = fields.String(load_default="")
