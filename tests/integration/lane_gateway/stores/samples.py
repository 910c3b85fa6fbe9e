"""Entries of a lane, commands of an officer, and whoever would be woken."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from services.lane_gateway.domain.admission import Verdict
from services.lane_gateway.domain.authorisation import AuthorisationKind
from services.lane_gateway.domain.commands import Command, CommandKind
from services.lane_gateway.domain.events import (
    Entry,
    PassageEnd,
    PassageEnded,
    PassageTimes,
    PlateSeen,
)
from services.lane_gateway.persistence.desk import DeskStore
from services.lane_gateway.use_cases.command_lane import CommandLane
from shared.ids import new_id

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
PLATE = "7CANARY9"


class Waker:
    def __init__(self) -> None:
        self.woken: list[str] = []

    def wake(self, lane: str) -> None:
        self.woken.append(lane)

    def wake_all(self) -> None:
        self.woken.append("*")


def entry(event: object) -> Entry:
    return Entry(event=event, at=NOON, monotonic=4.5)  # type: ignore[arg-type]


def passage_ended(passage: UUID, *, credentials: tuple[UUID, ...] = ()) -> PassageEnded:
    return PassageEnded(
        passage_id=passage,
        lane="l1",
        end=PassageEnd.PASSED,
        why="",
        credential_ids=credentials,
        verdict=Verdict.CLEAR,
        reasons=(),
        authorisation_kind=AuthorisationKind.CLEAR,
        officer="olga",
        counted=1,
        times=PassageTimes(read=NOON, decided=NOON),
        list_number=4,
        list_age=timedelta(seconds=3),
        ended_at=NOON,
    )


def plate_seen(passage: UUID) -> PlateSeen:
    return PlateSeen(
        lane="l1", passage_id=passage, plate=PLATE, region="CA", confidence=0.9, by_officer=False
    )


def admit(passage: UUID, **more: object) -> Command:
    values = {
        "id": 0,
        "lane": "l1",
        "kind": CommandKind.ADMIT,
        "officer": "olga",
        "at": NOON,
        "passage_id": passage,
        "counted": 2,
    }
    return Command(**{**values, **more})  # type: ignore[arg-type]


def commander(desk: DeskStore, waker: Waker) -> CommandLane:
    return CommandLane(desk=desk, waker=waker, clock=lambda: NOON, new_id=new_id)
