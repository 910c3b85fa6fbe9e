"""What the overview of a port shows: every lane, its last vehicles, open alarms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.lane_gateway.use_cases.reads import (
    AlarmRow,
    LaneRow,
    ListStandingRow,
    PassageRow,
    PassagesSought,
)
from services.lane_gateway.web.booth_view import ListAge, list_age, troubles_of
from services.lane_gateway.web.live_hub import LaneLive
from services.lane_gateway.web.parts import ALARMS_FOR, hub, parts, reads
from services.lane_gateway.web.words import Spoken, word_of
from shared.web.principal import Principal

LAST_PASSAGES = 10


@dataclass(frozen=True, kw_only=True)
class LaneView:
    """One lane as its port sees it; without any person."""

    row: LaneRow
    spoken: Spoken
    at_work: bool
    mode: str
    health: str | None
    gate: str | None
    faults: tuple[str, ...]
    troubles: tuple[str, ...]
    card_list: ListAge | None
    vehicles: int


@dataclass(frozen=True, kw_only=True)
class PortView:
    """The whole port; what a role may not see is empty."""

    lanes: tuple[LaneView, ...]
    passages: tuple[PassageRow, ...]
    alarms: tuple[AlarmRow, ...]
    standing: ListStandingRow | None
    may_watch: bool
    """The viewer sees more than which lane to sign on to."""
    may_run: bool
    """The viewer sets modes, relieves officers and acknowledges alarms."""


def port_view(lives: Mapping[str, LaneLive], viewer: Principal) -> PortView:
    """Return what ``viewer`` sees of the port now."""
    now, watches = hub().now(), viewer.has("port", "auditor")
    return PortView(
        lanes=tuple(_lane(row, lives.get(row.lane), now) for row in reads().lanes()),
        passages=tuple(_last_passages()) if watches else (),
        alarms=tuple(_open_alarms()) if watches else (),
        standing=reads().list_standing() if watches else None,
        may_watch=watches,
        may_run=viewer.has("port"),
    )


def _lane(row: LaneRow, live: LaneLive | None, now: float) -> LaneView:
    spoken = word_of(live, now)
    state = live.state if live is not None and live.is_live(now) else None
    return LaneView(
        row=row,
        spoken=spoken,
        at_work=state is not None,
        mode=state.mode if state else row.mode.value,
        health=state.health if state else None,
        gate=state.gate if state else None,
        faults=state.faults if state else (),
        troubles=troubles_of(state) if state else (),
        card_list=list_age(state.card_list) if state else None,
        vehicles=_vehicles(live) if state and live else 0,
    )


def _vehicles(live: LaneLive) -> int:
    state = live.state
    return len(state.approaching) + (state.front is not None) + (state.passing is not None)


def _last_passages() -> Sequence[PassageRow]:
    return reads().passages(PassagesSought(), limit=LAST_PASSAGES).rows


def _open_alarms() -> Sequence[AlarmRow]:
    since = parts().settings.web.clock() - ALARMS_FOR
    return reads().alarms(since=since, only_open=True)
