"""Keep the record of an interview on its case."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.vetting.domain.case_states import Status
from services.vetting.domain.findings import Finding, Source
from services.vetting.domain.interview import Interview, Outcome
from services.vetting.domain.reasons import Reason
from services.vetting.use_cases.ports import Transactions
from shared.clock import Clock
from shared.errors import NotFound
from shared.events import Cause


@dataclass(frozen=True, kw_only=True)
class InterviewReport:
    """The record as the enrollment center made it."""

    application_id: UUID
    interview_id: UUID
    outcome: Outcome
    recorded_by: str
    at: datetime
    detail: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class RecordInterview:
    """Keep the record; one that was not passed brings the case back to an officer."""

    transactions: Transactions
    clock: Clock

    def __call__(self, report: InterviewReport, *, cause: Cause | None = None) -> None:
        """Keep the record; raise ``NotFound``."""
        with self.transactions(cause) as work:
            case = work.cases.of_application(report.application_id)
            if case is None:
                raise NotFound(f"No case for application {report.application_id}")
            interview = Interview(
                id=report.interview_id,
                case_id=case.id,
                person_id=case.person_id,
                outcome=report.outcome,
                recorded_by=report.recorded_by,
                at=report.at,
                detail=dict(report.detail),
            )
            work.interviews.add(interview)
            interview.announce()
            if report.outcome is not Outcome.PASSED:
                now = self.clock()
                if case.status is Status.DECIDED:
                    case.reopen("interview", now=now)
                case.add_finding(
                    Finding(
                        ground=Reason.LOW_RISK_NOT_SHOWN,
                        source=Source.INTERVIEW,
                        evidence=report.outcome,
                    ),
                    now=now,
                )
            work.commit()
