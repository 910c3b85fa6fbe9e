"""One of each thing that a site tells headquarters, as its own code puts it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self, cast
from uuid import UUID

from services.lane_gateway.domain.admission import Reason, Verdict
from services.lane_gateway.domain.authorisation import AuthorisationKind
from services.lane_gateway.domain.events import (
    AlarmRaised,
    PassageEnd,
    PassageEnded,
    PassageTimes,
    ReferralClosed,
    ReferralEnd,
)
from services.lane_gateway.domain.passkey import Passkey
from services.lane_gateway.domain.selection import SelectionCommitted, SelectionRevealed
from services.lane_gateway.domain.sightings import NumberInTwoPlaces
from services.lane_gateway.domain.visit import (
    InspectionRecorded,
    PersonResult,
    Result,
    ViolationType,
    VisitMissed,
)
from services.lane_gateway.messages.publications import desk_translator, lane_translator
from services.lane_gateway.use_cases import passkey_messages
from services.lane_gateway.use_cases.acknowledge_alarm import AcknowledgeAlarm
from services.lane_gateway.use_cases.erase_person import ErasePerson
from services.lane_gateway.use_cases.reads import AlarmRow
from services.lane_gateway.use_cases.report_applied import ReportApplied
from shared.crypto.jwk import PublicKeyForm
from shared.events import Cause, Outgoing

NOW = datetime(2026, 12, 10, 9, 41, 3, 118000, tzinfo=UTC)
PASSAGE, CARD, THING, PERSON = (UUID(int=number) for number in range(1, 5))
SITE, LANE = "sym", "l1"


def by_the_agent() -> Iterator[Outgoing]:
    """Yield what a lane's agent writes."""
    translate = lane_translator(clock=lambda: NOW)
    ended = PassageEnded(
        passage_id=PASSAGE,
        lane=LANE,
        end=PassageEnd.PASSED,
        why="",
        credential_ids=(CARD,),
        verdict=Verdict.REFER,
        reasons=(Reason.VEHICLE_NOT_ENROLLED,),
        authorisation_kind=AuthorisationKind.AFTER_CHECKS,
        officer="boris",
        counted=1,
        times=PassageTimes(read=NOW, shown=NOW, decided=NOW, gate=NOW),
        list_number=4711,
        list_age=timedelta(seconds=11.4),
        ended_at=NOW,
    )
    closed = ReferralClosed(
        passage_id=PASSAGE, lane=LANE, end=ReferralEnd.SECONDARY, officer="boris", reason=""
    )
    raised = AlarmRaised(alarm_id=THING, lane=LANE, code="tailgate", passage_id=None)
    begun = SelectionCommitted(
        lane=LANE,
        period="2026-12-10",
        ppm=20_000,
        version=1,
        commitment="6a" * 32,
        secret="5f" * 32,
    )
    over = SelectionRevealed(
        lane=LANE,
        period="2026-12-10",
        ppm=20_000,
        version=1,
        commitment="6a" * 32,
        seed="5f" * 32,
        draws=214,
    )
    double = NumberInTwoPlaces(
        passage_id=PASSAGE,
        lane=LANE,
        credential_id=CARD,
        other_lane="l2",
        other_passage_id=THING,
        other_at=NOW,
    )
    for event in (ended, closed, raised, begun, over, double):
        yield from translate(event)


def by_the_desk(vetting_key: PublicKeyForm) -> Iterator[Outgoing]:
    """Yield what the web process writes."""
    translate = desk_translator(vetting_key=vetting_key, new_id=lambda: THING)
    result = PersonResult(
        credential_id=CARD,
        result=Result.VIOLATION,
        violation=ViolationType.UNDECLARED_GOODS,
        note="two bottles",
    )
    inspected = InspectionRecorded(
        visit_id=THING, passage_id=PASSAGE, results=(result,), officer="boris", at=NOW
    )
    missed = VisitMissed(visit_id=THING, passage_id=PASSAGE, lane=LANE, at=NOW)
    for event in (inspected, missed):
        yield from translate(event)
    work = Work()
    acknowledge = AcknowledgeAlarm(reads=cast("Any", Alarms()), desk=work.begin, clock=lambda: NOW)
    acknowledge(THING, "paula")
    yield from work.sent
    yield from of_a_passkey()


def of_a_passkey() -> Iterator[Outgoing]:
    """Yield what the web process writes of one passkey."""
    passkey = Passkey(
        id=THING,
        credential_id="q83vEjRWeJCrze8SNFZ4kA",
        public_key="pQECAyYgASFYIGVw",
        officer="boris",
        authority="http://localhost:8080",
        roles=("booth",),
        name="Boris Díaz",
        label="the blue one",
        sign_count=0,
        added_at=NOW,
    )
    yield passkey_messages.added(passkey)
    yield passkey_messages.confirmed(passkey, by="paula", at=NOW)
    yield passkey_messages.dropped(passkey, by="paula", at=NOW)


def by_the_worker() -> Iterator[Outgoing]:
    """Yield what the worker writes."""
    work = Work()
    report = ReportApplied(
        site=SITE, carrier=work.begin, clock=lambda: NOW, waker=cast("Any", Nobody())
    )
    report(4711, head_at=NOW)
    erase = ErasePerson(
        site=SITE, carrier=work.begin, records=cast("Any", Records()), clock=lambda: NOW
    )
    erase(PERSON, [CARD], cause=cast("Cause", None))
    yield from work.sent


@dataclass
class Work:
    """A transaction that keeps what is sent."""

    sent: list[Outgoing] = field(default_factory=list)

    def begin(self, cause: Cause | None = None) -> Any:
        del cause
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        pass

    def send(self, message: Outgoing) -> None:
        self.sent.append(message)

    def commit(self, *, result: str | None = None) -> None:
        pass

    def acknowledge(self, alarm_id: UUID, lane: str, officer: str, *, now: datetime) -> bool:
        del alarm_id, lane, officer, now
        return True


class Alarms:
    """One alarm."""

    def alarm(self, alarm_id: UUID) -> AlarmRow:
        return AlarmRow(alarm_id=alarm_id, lane=LANE, code="tailgate", at=NOW)


class Records:
    """One display record."""

    def erase(self, credential_ids: list[UUID]) -> int:
        return len(credential_ids)


class Nobody:
    """No lane listens."""

    def wake_all(self) -> None:
        pass
