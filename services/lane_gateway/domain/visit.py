"""A vehicle in secondary inspection: expected, arrived, inspected person by person, released."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from shared.errors import Conflict, InvalidInput
from shared.events import Aggregate, Event

ARRIVES_WITHIN = timedelta(minutes=3)
"""A vehicle sent to secondary that has not arrived by then is an alarm (statement 51)."""


class VisitStatus(StrEnum):
    """How far a visit has come."""

    EXPECTED = "expected"
    ARRIVED = "arrived"
    INSPECTED = "inspected"
    RELEASED = "released"
    MISSING = "missing"


ALLOWED: dict[VisitStatus, frozenset[VisitStatus]] = {
    VisitStatus.EXPECTED: frozenset({VisitStatus.ARRIVED, VisitStatus.MISSING}),
    VisitStatus.ARRIVED: frozenset({VisitStatus.INSPECTED}),
    VisitStatus.INSPECTED: frozenset({VisitStatus.RELEASED}),
    VisitStatus.RELEASED: frozenset(),
    VisitStatus.MISSING: frozenset({VisitStatus.ARRIVED}),
}


class Result(StrEnum):
    """What the inspection of one person found."""

    NOTHING = "nothing"
    VIOLATION = "violation"


class ViolationType(StrEnum):
    """What kind of violation it was (8 CFR 235.12 and the programs' rules)."""

    UNDECLARED_GOODS = "undeclared_goods"
    CONTRABAND = "contraband"
    NO_CARD = "no_card"
    VEHICLE_NOT_ENROLLED = "vehicle_not_enrolled"
    FALSE_STATEMENT = "false_statement"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class PersonResult:
    """One person's result; a whole car is never marked for what one person did."""

    credential_id: UUID
    result: Result
    violation: ViolationType | None = None
    note: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class VisitExpected(Event):
    """An officer sent a vehicle to secondary."""

    visit_id: UUID
    passage_id: UUID
    lane: str
    officer: str


@dataclass(frozen=True, kw_only=True)
class VisitArrived(Event):
    """The vehicle is at secondary."""

    visit_id: UUID
    officer: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class VisitMissed(Event):
    """The vehicle did not arrive in time."""

    visit_id: UUID
    passage_id: UUID
    lane: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class InspectionRecorded(Event):
    """Every person in the vehicle has a result."""

    visit_id: UUID
    passage_id: UUID
    results: tuple[PersonResult, ...]
    officer: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class VisitReleased(Event):
    """The vehicle may go on."""

    visit_id: UUID
    officer: str
    at: datetime


@dataclass(eq=False, kw_only=True)
class Visit(Aggregate):
    """One vehicle's stay at secondary, for one passage."""

    id: UUID
    passage_id: UUID
    lane: str
    credential_ids: list[str]
    sent_by: str
    sent_at: datetime
    status: VisitStatus = VisitStatus.EXPECTED
    arrived_at: datetime | None = None
    inspected_at: datetime | None = None
    released_at: datetime | None = None
    inspected_by: str | None = None
    version: int = 0

    @classmethod
    def expect(
        cls,
        visit_id: UUID,
        *,
        passage_id: UUID,
        lane: str,
        credential_ids: list[UUID],
        officer: str,
        now: datetime,
    ) -> "Visit":
        """Announce a vehicle that an officer sends to secondary."""
        visit = cls(
            id=visit_id,
            passage_id=passage_id,
            lane=lane,
            credential_ids=[str(each) for each in credential_ids],
            sent_by=officer,
            sent_at=now,
        )
        visit.record(
            VisitExpected(visit_id=visit_id, passage_id=passage_id, lane=lane, officer=officer)
        )
        return visit

    def arrive(self, officer: str, *, now: datetime) -> None:
        """Note the vehicle's arrival, late or not."""
        self._move_to(VisitStatus.ARRIVED)
        self.arrived_at = now
        self.record(VisitArrived(visit_id=self.id, officer=officer, at=now))

    def miss(self, *, now: datetime) -> None:
        """Note that the vehicle did not arrive within three minutes."""
        self._move_to(VisitStatus.MISSING)
        self.record(
            VisitMissed(visit_id=self.id, passage_id=self.passage_id, lane=self.lane, at=now)
        )

    def inspect(self, results: tuple[PersonResult, ...], officer: str, *, now: datetime) -> None:
        """Note a result for every person; raise ``InvalidInput`` where one is missing."""
        _check_complete(results, self.credential_ids)
        self._move_to(VisitStatus.INSPECTED)
        self.inspected_at, self.inspected_by = now, officer
        self.record(
            InspectionRecorded(
                visit_id=self.id,
                passage_id=self.passage_id,
                results=results,
                officer=officer,
                at=now,
            )
        )

    def release(self, officer: str, *, now: datetime) -> None:
        """Let the vehicle go."""
        self._move_to(VisitStatus.RELEASED)
        self.released_at = now
        self.record(VisitReleased(visit_id=self.id, officer=officer, at=now))

    def _move_to(self, wanted: VisitStatus) -> None:
        if wanted not in ALLOWED[self.status]:
            raise Conflict(f"A visit that is {self.status} cannot become {wanted}")
        self.status = wanted


def _check_complete(results: tuple[PersonResult, ...], expected: list[str]) -> None:
    errors: dict[str, list[str]] = {}
    for credential in set(expected) - {str(each.credential_id) for each in results}:
        errors[f"results.{credential}"] = ["missing"]
    for each in results:
        if str(each.credential_id) not in expected:
            errors[f"results.{each.credential_id}"] = ["not_in_vehicle"]
        elif (each.result is Result.VIOLATION) != (each.violation is not None):
            errors[f"results.{each.credential_id}.violation"] = ["type_needed_for_violation_alone"]
    if errors:
        raise InvalidInput(errors)
