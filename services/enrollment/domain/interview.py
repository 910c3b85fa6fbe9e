"""The record of an interview: which types of questions were asked, and what came of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.enrollment.domain.events import InterviewRecorded
from shared.events import Aggregate


class Outcome(StrEnum):
    """How the interview ended."""

    PASSED = "passed"
    FAILED = "failed"
    REFERRED = "referred"


class QuestionType(StrEnum):
    """What kinds of questions an officer may ask."""

    IDENTITY = "identity"
    RESIDENCE = "residence"
    EMPLOYMENT = "employment"
    TRAVEL_HISTORY = "travel_history"
    VEHICLES = "vehicles"
    DISCLOSURES = "disclosures"
    PROGRAM_RULES = "program_rules"


class AnswerOutcome(StrEnum):
    """What the officer thought of the answers."""

    SATISFACTORY = "satisfactory"
    UNSATISFACTORY = "unsatisfactory"
    NOT_ASKED = "not_asked"


@dataclass(eq=False, kw_only=True)
class Interview(Aggregate):
    """One interview, recorded once and not changed."""

    id: UUID
    application_id: UUID
    appointment_id: UUID
    person_id: UUID
    outcome: Outcome
    questions: Mapping[QuestionType, AnswerOutcome] = field(repr=False)
    text: str = field(repr=False)
    recorded_by: str
    at: datetime

    def announce(self) -> None:
        """Tell vetting what was asked and what came of it."""
        self.record(
            InterviewRecorded(
                application_id=self.application_id,
                interview_id=self.id,
                person_id=self.person_id,
                outcome=self.outcome,
                recorded_by=self.recorded_by,
                at=self.at,
                questions=tuple((str(kind), str(out)) for kind, out in self.questions.items()),
                text=self.text,
            )
        )
