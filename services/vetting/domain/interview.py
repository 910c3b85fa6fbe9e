"""The record of an interview at an enrollment center, as it is kept on the case."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.vetting.domain.events import InterviewRecorded
from shared.events import Aggregate


class Outcome(StrEnum):
    """How the interview ended."""

    PASSED = "passed"
    FAILED = "failed"
    REFERRED = "referred"


@dataclass(eq=False, kw_only=True)
class Interview(Aggregate):
    """Question types asked, their outcomes, and the officer's own words, sealed at rest."""

    id: UUID
    case_id: UUID
    person_id: UUID
    outcome: Outcome
    recorded_by: str
    at: datetime
    detail: dict[str, Any] | None = field(default=None, repr=False)
    detail_sealed: bytes | None = field(default=None, repr=False)
    version: int = 0

    def announce(self) -> None:
        """Note that it came in."""
        self.record(
            InterviewRecorded(
                interview_id=self.id,
                case_id=self.case_id,
                person_id=self.person_id,
                outcome=self.outcome,
                by=self.recorded_by,
                at=self.at,
            )
        )
