"""Puts a lane's agent together from its devices and stores."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from services.lane_gateway.agent.chip_check import ChipCheck, ChipParts
from services.lane_gateway.agent.controller import LaneController
from services.lane_gateway.agent.decider import Decider
from services.lane_gateway.agent.followers import PassageFollower
from services.lane_gateway.agent.gate_control import GateControl
from services.lane_gateway.agent.io_link import IOLink
from services.lane_gateway.agent.judge import Judge
from services.lane_gateway.agent.next_lane import NextLane
from services.lane_gateway.agent.officers import Officers
from services.lane_gateway.agent.recorder import Recorder
from services.lane_gateway.agent.selection import Selection
from services.lane_gateway.agent.settings import LaneSettings
from services.lane_gateway.agent.sightings import Sightings
from services.lane_gateway.agent.tracker import Tracker
from services.lane_gateway.agent.watches import Watches
from services.lane_gateway.domain.events import AgentStarted, PassageEnd, PassageEnded, PassageTimes
from services.lane_gateway.domain.gate_model import GateState
from services.lane_gateway.domain.list_age import HostTime
from services.lane_gateway.domain.selection import SEED_BYTES
from services.lane_gateway.use_cases.ports import (
    CardList,
    Desk,
    LaneIO,
    LaneRecord,
    LiveFeed,
    PlateReader,
    RecordLost,
    TagReader,
)
from services.lane_gateway.use_cases.sighting_ports import NoOtherLanes, OtherLanes
from shared.clock import Clock, utc_now
from shared.ids import NewId, new_id

AGENT_WAS_DOWN = "agent_was_down"
RESTARTED = "agent_restarted"


@dataclass(frozen=True, kw_only=True)
class AgentParts:
    """All that one lane's agent needs; ``boot`` names this boot of the host."""

    lane: str
    boot: str
    reader: TagReader
    camera: PlateReader
    io: LaneIO
    record: LaneRecord
    cards: CardList
    desk: Desk
    live: LiveFeed
    chips: ChipParts | None = None
    others: OtherLanes = field(default_factory=NoOtherLanes)
    wall: Clock = utc_now
    monotonic: Callable[[], float] = time.monotonic
    new_id: NewId = new_id
    new_seed: Callable[[], bytes] = lambda: secrets.token_bytes(SEED_BYTES)


def assemble(parts: AgentParts) -> LaneController:
    """Return the lane's controller, started safe (R11): it remembers nothing of an earlier run.

    What an earlier run left open is closed as faulted, and commands that came while no agent ran
    are recorded as refused. Raise ``RecordLost`` or ``Unavailable`` where record or desk cannot be
    read: a lane without them does not start.
    """
    recorder = Recorder(record=parts.record, wall=parts.wall, monotonic=parts.monotonic)
    desk_lane = parts.desk.lane()
    tracker = Tracker(lane=parts.lane, new_id=parts.new_id)
    judge = Judge(cards=parts.cards, policy=desk_lane.policy, host=_host_clock(parts))
    follower = PassageFollower(
        tracker=tracker,
        recorder=recorder,
        wall=parts.wall,
        monotonic=parts.monotonic,
        mode=lambda: gate.state.mode,
    )
    gate = GateControl(
        state=GateState(lane=parts.lane),
        link=IOLink(io=parts.io, monotonic=parts.monotonic),
        recorder=recorder,
        listener=follower,
        monotonic=parts.monotonic,
        new_id=parts.new_id,
    )
    settings = LaneSettings(desk=parts.desk, lane=desk_lane)
    selection = Selection(
        lane=parts.lane,
        recorder=recorder,
        policy=lambda: settings.policy,
        new_seed=parts.new_seed,
        wall=parts.wall,
        standing=parts.record.selection(now=parts.wall()),
    )
    sightings = Sightings(
        lane=parts.lane,
        others=parts.others,
        recorder=recorder,
        alarm=gate.alarm,
        find=judge.record_of,
        vehicles=tracker.every,
        next_lane=NextLane(
            lane=parts.lane, recorder=recorder, wall=parts.wall, monotonic=parts.monotonic
        ),
        wall=parts.wall,
        monotonic=parts.monotonic,
    )
    decider = Decider(
        tracker=tracker,
        judge=judge,
        selection=selection,
        sightings=sightings,
        gate=gate,
        wall=parts.wall,
        monotonic=parts.monotonic,
        new_id=parts.new_id,
    )
    officers = Officers(
        tracker=tracker,
        gate=gate,
        decider=decider,
        recorder=recorder,
        monotonic=parts.monotonic,
        new_id=parts.new_id,
    )
    follower.refused = officers.hear_refusal
    chips = None
    if parts.chips is not None:
        chips = ChipCheck(
            tracker=tracker,
            judge=judge,
            decider=decider,
            recorder=recorder,
            parts=parts.chips,
            monotonic=parts.monotonic,
        )
    controller = LaneController(
        lane=parts.lane,
        run=parts.new_id(),
        tracker=tracker,
        judge=judge,
        recorder=recorder,
        settings=settings,
        selection=selection,
        sightings=sightings,
        gate=gate,
        decider=decider,
        officers=officers,
        watches=Watches(gate=gate, monotonic=parts.monotonic, new_id=parts.new_id),
        wall=parts.wall,
        chips=chips,
    )
    _begin(parts, controller)
    return controller


def _begin(parts: AgentParts, controller: LaneController) -> None:
    recorder, officers = controller.recorder, controller.officers
    recorder.note(AgentStarted(lane=parts.lane))
    for passage_id in parts.record.unfinished():
        recorder.note(_left_open(parts, passage_id))
    officers.last = parts.record.last_command()
    for command in parts.desk.commands_after(officers.last):
        officers.pass_over(command, AGENT_WAS_DOWN)
    if not recorder.flush():
        raise RecordLost(f"The record of lane {parts.lane} takes nothing")
    controller.look_at_stores()


def _left_open(parts: AgentParts, passage_id: UUID) -> PassageEnded:
    return PassageEnded(
        passage_id=passage_id,
        lane=parts.lane,
        end=PassageEnd.FAULTED,
        why=RESTARTED,
        credential_ids=(),
        verdict=None,
        reasons=(),
        authorisation_kind=None,
        officer=None,
        counted=None,
        times=PassageTimes(),
        list_number=None,
        list_age=None,
        ended_at=parts.wall(),
    )


def _host_clock(parts: AgentParts) -> Callable[[], HostTime]:
    newest = parts.record.newest() or datetime.min.replace(tzinfo=UTC)
    return lambda: HostTime(
        wall=parts.wall(),
        monotonic=parts.monotonic(),
        boot=parts.boot,
        newest_record=newest,
    )
