"""Compares what a lane recorded with what really happened in its world."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from services.lane_gateway.domain.signals import INPUT_NAMES, Lamp, LaneOutputs, Sign
from tests.worlds.devices import Seen
from tests.worlds.sightings import Visit

if TYPE_CHECKING:
    from tests.worlds.day import Day

INSEPARABLE = 0.8
"""Seconds: vehicles that follow closer look to the loops like one with a trailer."""
RAISED = frozenset({"rising", "up", "lowering"})
LATE = 0.6
"""Seconds by which the record may come after the event: a scan, and a commit on a slow disk."""


@dataclass(kw_only=True)
class Told:
    """What the record says of one passage; times are monotonic."""

    id: str
    opened: float
    began: float | None = None
    ended: float = float("inf")
    end: str = ""
    why: str = ""
    cards: set[str] = field(default_factory=set)


@dataclass(kw_only=True)
class Story:
    """What the record says of a world."""

    passages: dict[str, Told] = field(default_factory=dict)
    alarms: list[tuple[str, float]] = field(default_factory=list)
    scanned: list[list[Seen]] = field(default_factory=list)
    written: list[list[LaneOutputs]] = field(default_factory=list)
    moves: list[tuple[float, str]] = field(default_factory=list)
    _inputs: dict[str, str] = field(default_factory=dict)

    def take(self, kind: str, at: float, said: dict[str, Any]) -> None:
        """Take in one entry."""
        match kind:
            case "agent_started":
                self.scanned.append([])
                self.written.append([])
                self.moves.append((at, "unknown"))
            case "inputs_changed":
                self._inputs |= {edge["name"]: edge["after"] for edge in said["edges"]}
                self.scanned[-1].append(
                    tuple(self._inputs.get(name, "None") for name in INPUT_NAMES)
                )
            case "outputs_driven" if said["verified"]:
                said = said["outputs"]
                outputs = LaneOutputs(
                    open=said["open"], lamp=Lamp(said["lamp"]), sign=Sign(said["sign"])
                )
                self.written[-1].append(outputs)
            case "gate_moved":
                self.moves.append((at, said["after"]))
            case "alarm_raised":
                self.alarms.append((said["code"], at))
            case "passage_opened":
                self.passages[said["passage_id"]] = Told(id=said["passage_id"], opened=at)
            case "passage_began":
                self.passages[said["passage_id"]].began = at
            case "passage_ended":
                self._end(at, said)
            case "card_seen" if said["passage_id"]:
                self.passages[said["passage_id"]].cards.add(said["epc"])

    def gate_at(self, at: float) -> str:
        """Return the state of the gate at a time."""
        return next((status for since, status in reversed(self.moves) if since <= at), "unknown")

    def _end(self, at: float, said: dict[str, Any]) -> None:
        told = self.passages[said["passage_id"]]
        if told.end:
            msg = f"passage {told.id} ended twice"
            raise AssertionError(msg)
        told.ended, told.end, told.why = at, said["end"], said["why"]


def read(entries: Sequence[tuple[Any, ...]]) -> Story:
    """Return what the entries say."""
    story = Story()
    for kind, _, at, body in entries:
        story.take(kind, at, json.loads(body))
    return story


def compare(day: "Day") -> Iterator[str]:
    """Yield each difference between record and truth."""
    lane = day.lane
    yield from lane.openings.wrong
    for line in lane.truth.after(0):
        if line["what"] == "arm_on_vehicle":
            yield f"arm on vehicle {line['vehicle']}"
    story = read(lane.entries())
    yield from _runs("inputs", lane.io.scanned, story.scanned, lost=lane.disk.refused)
    yield from _runs("outputs", lane.io.written, story.written, lost=lane.disk.refused)
    yield from _passages(day, story)


def _runs(
    what: str, truth: Sequence[Sequence[object]], said: Sequence[Sequence[object]], *, lost: int
) -> Iterator[str]:
    """Compare run by run; what a killed agent did not commit any more may be missing."""
    if len(truth) != len(said):
        yield f"{what}: {len(said)} runs in the record, {len(truth)} in truth"
        return
    for number, (true, told) in enumerate(zip(truth, said, strict=True), start=1):
        killed = number < len(truth)
        allowed = 3 if killed and not lost else len(true) if killed else 0
        if true[: len(told)] != told or len(true) - len(told) > allowed:
            first = next(
                (
                    place
                    for place, pair in enumerate(zip(true, told, strict=False))
                    if pair[0] != pair[1]
                ),
                min(len(true), len(told)),
            )
            yield (
                f"{what} of run {number} differ at {first} of {len(true)}, {len(told)} recorded: "
                f"{true[first : first + 1]} {told[first : first + 1]}"
            )


def _passages(day: "Day", story: Story) -> Iterator[str]:
    owner = {
        card.epc.hex(): guest.vehicle.number
        for guest in day.traffic.guests.values()
        for card in guest.vehicle.cards
    }
    passed = day.lane.sightings.passed()
    claimed: dict[int, Told] = {}
    for told in sorted(story.passages.values(), key=lambda one: one.ended):
        if not told.end:
            yield f"passage {told.id} never ended"
        elif told.end == "passed":
            yield from _claim(told, passed, claimed, owner)
        elif told.end == "turned_back":
            yield from _turned_back(told, passed, owner)
    for visit in passed:
        shared = any(_beside(visit, other) and id(other) in claimed for other in passed)
        if id(visit) not in claimed and not shared:
            yield from _unclaimed(visit, story)


def _beside(visit: Visit, other: Visit) -> bool:
    """Tell whether the loops cannot tell the two apart."""
    later = max(visit, other, key=lambda one: one.entered)
    together = (other.left or 0) >= visit.entered and (visit.left or 0) >= other.entered
    return visit is not other and together and later.gap < INSEPARABLE


def _claim(
    told: Told, passed: Sequence[Visit], claimed: dict[int, Told], owner: dict[str, int]
) -> Iterator[str]:
    began = told.began if told.began is not None else told.ended
    during = [
        visit
        for visit in passed
        if visit.left is not None and began - LATE <= visit.left <= told.ended + LATE
    ]
    free = [visit for visit in during if id(visit) not in claimed]
    if not free:
        yield f"{told.id} says passed at {told.ended:.2f}, nobody did"
        return
    mine = {owner[epc] for epc in told.cards if epc in owner}
    visit = next((one for one in free if one.vehicle in mine), free[0])
    claimed[id(visit)] = told
    # The cards of one that follows closely count for a vehicle that has none of its own, and where
    # a loop lied or the reader was away, nobody can tell who stood where.
    has_cards = visit.vehicle in owner.values() and not (visit.blind or visit.unread)
    if mine and has_cards and not mine & {one.vehicle for one in during}:
        yield f"{told.id} says that {mine} passed at {told.ended:.2f}, it was {visit.vehicle}"


def _turned_back(told: Told, passed: Sequence[Visit], owner: dict[str, int]) -> Iterator[str]:
    mine = {owner[epc] for epc in told.cards if epc in owner}
    for visit in passed:
        unclear = visit.blind or visit.unread or visit.gap < INSEPARABLE
        if visit.vehicle in mine and not unclear and told.opened - 1 <= visit.entered <= told.ended:
            yield (
                f"{told.id} says turned back ({told.why}) at {told.ended:.2f}, "
                f"but {visit.vehicle} passed from {visit.entered:.2f} to {visit.left:.2f}"
            )


def _unclaimed(visit: Visit, story: Story) -> Iterator[str]:
    left = visit.left or float("inf")
    faulted = [
        told
        for told in story.passages.values()
        if told.end == "faulted" and told.opened <= visit.entered + 1 <= told.ended + 2
    ]
    alarmed = any(
        code in {"tailgate", "unauthorised_passage"} and visit.entered - 1 <= at <= left + 1
        for code, at in story.alarms
    )
    entered = visit.entered
    own = any(told.began is not None and told.began <= entered + LATE for told in faulted)
    raised = all(story.gate_at(entered + by) in RAISED for by in (-LATE / 2, LATE / 2))
    follows = raised and visit.gap >= INSEPARABLE
    if follows and not (visit.blind or own or alarmed):
        yield f"{visit.vehicle} followed at {entered:.2f} without an alarm (gap {visit.gap:.2f})"
    if not (visit.blind or faulted or alarmed or visit.gap < INSEPARABLE):
        yield (
            f"{visit.vehicle} passed from {visit.entered:.2f} to {left:.2f} unnoticed "
            f"(gap {visit.gap:.2f})"
        )
