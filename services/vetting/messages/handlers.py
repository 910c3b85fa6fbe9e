"""What vetting does on hearing from enrollment."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from services.vetting.messages import schemas
from services.vetting.use_cases.open_case import Submission
from services.vetting.use_cases.record_interview import InterviewReport
from services.vetting.use_cases.record_membership import MembershipWord
from services.vetting.use_cases.use_cases import UseCases
from shared.messaging.dispatcher import Handler
from shared.messaging.envelope import Envelope
from shared.messaging.letter_box import cause_of

IGNORED = frozenset(
    {
        "enrollment.erasure_done.v1",
        "enrollment.appeal_filed.v1",
        "lane_gateway.alarm_acknowledged.v1",
        "lane_gateway.alarm_raised.v1",
        "lane_gateway.erasure_done.v1",
        "lane_gateway.feed_applied.v1",
        "lane_gateway.inspection_recorded.v1",
        "lane_gateway.number_in_two_places.v1",
        "lane_gateway.passage_recorded.v1",
        "lane_gateway.passkey_added.v1",
        "lane_gateway.passkey_confirmed.v1",
        "lane_gateway.passkey_dropped.v1",
        "lane_gateway.referral_closed.v1",
        "lane_gateway.selection_committed.v1",
        "lane_gateway.selection_revealed.v1",
    }
)
"""Types that vetting takes note of without effect; checkpoints are kept by the kernel."""

OpenDossier = Callable[[str, str], Mapping[str, Any]]
"""Opens a dossier that is about a subject."""


@dataclass(frozen=True, kw_only=True)
class Handlers:
    """One method per message type."""

    use_cases: UseCases
    open_dossier: OpenDossier

    def table(self) -> Mapping[str, Handler]:
        """Return the handler of each message type that this service listens to."""
        return {
            "enrollment.application_submitted.v1": self.application_submitted,
            "enrollment.application_amended.v1": self.application_amended,
            "enrollment.application_withdrawn.v1": self.application_withdrawn,
            "enrollment.interview_recorded.v1": self.interview_recorded,
            "enrollment.membership_started.v1": self.membership,
            "enrollment.membership_changed.v1": self.membership,
            "enrollment.membership_ended.v1": self.membership,
            "enrollment.person_erased.v1": self.person_erased,
        }

    def application_submitted(self, envelope: Envelope) -> None:
        """Open a case."""
        body = schemas.ApplicationSubmitted().load(envelope.body)
        dossier = self._dossier(body.pop("dossier"), f"application {envelope.subject}")
        self.use_cases.open_case(Submission(**body, dossier=dossier), cause=cause_of(envelope))

    def application_amended(self, envelope: Envelope) -> None:
        """Take the applicant's answer."""
        body = schemas.ApplicationAmended().load(envelope.body)
        self.use_cases.amend_application(
            body["application_id"],
            body["answers_request_id"],
            self._dossier(body["dossier"], f"application {envelope.subject}"),
            cause=cause_of(envelope),
        )

    def application_withdrawn(self, envelope: Envelope) -> None:
        """Close the case."""
        body = schemas.ApplicationWithdrawn().load(envelope.body)
        self.use_cases.withdraw_application(body["application_id"], cause=cause_of(envelope))

    def interview_recorded(self, envelope: Envelope) -> None:
        """Keep the record on the case."""
        body = schemas.InterviewRecorded().load(envelope.body)
        opened = self.open_dossier(body.pop("dossier"), f"application {envelope.subject}")
        detail = schemas.InterviewShape().load(opened)
        self.use_cases.record_interview(
            InterviewReport(**body, detail=detail), cause=cause_of(envelope)
        )

    def membership(self, envelope: Envelope) -> None:
        """Keep the copy of a membership."""
        body = schemas.MembershipWord().load(envelope.body)
        token = body.pop("dossier")
        about = f"membership {envelope.subject}"
        dossier = None if token is None else self._dossier(token, about)
        self.use_cases.record_membership(
            MembershipWord(**body, dossier=dossier), cause=cause_of(envelope)
        )

    def person_erased(self, envelope: Envelope) -> None:
        """Erase the person here, too."""
        body = schemas.PersonErased().load(envelope.body)
        self.use_cases.erase_person(body["person_id"], cause=cause_of(envelope))

    def _dossier(self, token: str, about: str) -> Mapping[str, Any]:
        dossier = self.open_dossier(token, about)
        schemas.DossierShape().load(dossier)
        return dossier
