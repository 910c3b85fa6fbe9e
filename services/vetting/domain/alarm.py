"""Alarms: what a supervisor must look at, such as a hold that ran out without a decision."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.vetting.domain.events import AlarmAcknowledged, AlarmRaised
from services.vetting.domain.officer import Officer
from shared.errors import Conflict
from shared.events import Aggregate


class Code(StrEnum):
    """What went wrong."""

    HOLD_EXPIRED = "hold_expired"


@dataclass(eq=False, kw_only=True)
class Alarm(Aggregate):
    """One alarm, until a supervisor acknowledges it."""

    id: UUID
    code: Code
    case_id: UUID
    person_id: UUID
    at: datetime
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = None
    version: int = 0

    def sound(self) -> None:
        """Raise the alarm."""
        self.record(AlarmRaised(alarm_id=self.id, code=self.code, case_id=self.case_id, at=self.at))

    def acknowledge(self, officer: Officer, *, now: datetime) -> None:
        """Note that a supervisor has seen it."""
        officer.must_supervise()
        if self.acknowledged_by is not None:
            raise Conflict("The alarm was acknowledged before")
        self.acknowledged_by, self.acknowledged_at = officer.subject, now
        self.record(AlarmAcknowledged(alarm_id=self.id, by=officer.subject, at=now))
