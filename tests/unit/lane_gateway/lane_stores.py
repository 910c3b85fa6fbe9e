"""The stores of a lane's agent in memory, for tests that need no file."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

from services.lane_gateway.domain.commands import Command, CommandKind, DeskLane
from services.lane_gateway.domain.credentials import CardRecord
from services.lane_gateway.domain.events import Entry, OfficerCommanded, PassageEnded, PassageOpened
from services.lane_gateway.domain.lane_policy import LaneMode
from services.lane_gateway.domain.list_age import ListHead, ListPosition
from services.lane_gateway.domain.live import LiveState
from services.lane_gateway.domain.selection import (
    SelectionCommitted,
    SelectionPeriod,
    SelectionRevealed,
    SelectionStanding,
    VehicleDrawn,
)
from services.lane_gateway.use_cases.ports import ListLost, LookUp, RecordLost
from shared.errors import Unavailable
from shared.events import Event
from tests.unit.lane_gateway.builders import LANE, NOW, OFFICER, a_lane

E = TypeVar("E", bound=Event)


@dataclass
class RecordInMemory:
    """Keeps entries; ``full`` refuses them as a full disk does."""

    entries: list[Entry] = field(default_factory=list)
    commits: int = 0
    full: bool = False
    left_open: tuple[UUID, ...] = ()
    saved: list[LiveState] = field(default_factory=list)
    tidied: int = 0

    def append(self, entries: Sequence[Entry]) -> None:
        if self.full:
            raise RecordLost("The disk is full")
        self.entries += entries
        self.commits += 1

    def save_live(self, state: LiveState) -> None:
        self.saved.append(state)

    def newest(self) -> datetime | None:
        return self.entries[-1].at if self.entries else None

    def unfinished(self) -> Sequence[UUID]:
        opened = {event.passage_id for event in self.of(PassageOpened)}
        ended = {event.passage_id for event in self.of(PassageEnded)}
        return [*self.left_open, *(opened - ended)]

    def last_command(self) -> int:
        return max((each.command_id for each in self.of(OfficerCommanded)), default=0)

    def selection(self, *, now: datetime) -> SelectionStanding:
        del now
        begun = self.of(SelectionCommitted)
        if len(begun) == len(self.of(SelectionRevealed)):
            return SelectionStanding()
        newest = begun[-1]
        period = SelectionPeriod(
            lane=newest.lane,
            period=newest.period,
            ppm=newest.ppm,
            seed=bytes.fromhex(newest.secret),
        )
        drawn = [each.number for each in self.of(VehicleDrawn) if each.period == newest.period]
        return SelectionStanding(running=period, drawn=max(drawn, default=0))

    def tidy(self) -> None:
        self.tidied += 1

    def close(self) -> None:
        """Nothing is open."""

    def of(self, kind: type[E]) -> list[E]:
        return [entry.event for entry in self.entries if isinstance(entry.event, kind)]

    def kinds(self) -> list[str]:
        return [type(entry.event).__name__ for entry in self.entries]


@dataclass
class CardsInMemory:
    """The credential list; ``lost`` makes it unreadable."""

    records: dict[bytes, CardRecord] = field(default_factory=dict)
    head: ListHead | None = None
    applied: int = 100
    lost: bool = False
    renewed: int = 0

    def look_up(self, epcs: Collection[bytes]) -> LookUp:
        if self.lost:
            raise ListLost("The list is away")
        return LookUp(
            position=ListPosition(applied=self.applied, head=self.head),
            cards={epc: self.records[epc] for epc in epcs if epc in self.records},
        )

    def renew(self) -> None:
        self.renewed += 1

    def close(self) -> None:
        """Nothing is open."""

    def put(self, *records: CardRecord) -> None:
        self.records |= {record.epc: record for record in records}
        self.applied += len(records)


@dataclass
class DeskInMemory:
    """What officers told the lane; ``away`` makes it unreadable."""

    state: DeskLane = field(
        default_factory=lambda: DeskLane(mode=LaneMode.ATTENDED, signed_on=OFFICER, policy=a_lane())
    )
    commands: list[Command] = field(default_factory=list)
    away: bool = False

    def lane(self) -> DeskLane:
        if self.away:
            raise Unavailable("The desk is away")
        return self.state

    def commands_after(self, command_id: int) -> Sequence[Command]:
        if self.away:
            raise Unavailable("The desk is away")
        return [command for command in self.commands if command.id > command_id]

    def newest_command(self) -> int:
        return len(self.commands)

    def close(self) -> None:
        """Nothing is open."""

    def set(self, **changes: Any) -> None:
        self.state = replace(self.state, **changes)

    def say(self, kind: CommandKind, **values: Any) -> Command:
        defaults: dict[str, Any] = {
            "id": len(self.commands) + 1,
            "lane": LANE,
            "kind": kind,
            "officer": OFFICER,
            "at": NOW,
        }
        command = Command(**defaults | values)
        self.commands.append(command)
        return command


@dataclass
class LiveInMemory:
    """Keeps the pictures of the lane."""

    pictures: list[LiveState] = field(default_factory=list)

    def publish(self, state: LiveState) -> None:
        self.pictures.append(state)

    def close(self) -> None:
        """Nothing is open."""


def a_head(at: datetime, monotonic: float, boot: str = "one") -> ListHead:
    return ListHead(number=100, time=at.astimezone(UTC), came_at=monotonic, boot=boot)
