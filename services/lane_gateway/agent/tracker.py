"""Which vehicles are in the lane, and which cards and plates belong to which of them.

One passage is one vehicle. What is read belongs to the vehicle at the arm as long as no other has
announced itself behind it; else to the one that is coming. Loop A says when a vehicle arrives.
"""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.lane_gateway.agent.lingering import IGNORED_FOR, LingeringCards
from services.lane_gateway.agent.vehicles import Vehicles, heard, stale
from services.lane_gateway.domain.admission import VehicleEvidence
from services.lane_gateway.domain.evidence import PlateRead, TagRead
from services.lane_gateway.domain.lane_policy import LaneMode
from services.lane_gateway.domain.passage import Passage, PassageState
from services.lane_gateway.domain.signals import LaneInputs, Signal
from shared.ids import NewId

AWAY_AFTER = 3.0
"""Seconds loop A stays off before a vehicle that was not let through counts as gone."""
LEAVING_AFTER = 0.5
"""Seconds loop A stays off before a card that is new belongs to the next vehicle."""
STAYS_AFTER = 60.0
"""Seconds after which a vehicle that was turned back and stays needs a new decision."""
NEVER_CAME_AFTER = 20.0
"""Seconds without a read after which a card is a card without a vehicle."""
PLATE_LATE_BY = 1.5
"""Seconds after its arrival in which a plate read still belongs to the vehicle at the arm."""

_OPEN_TO_EVIDENCE = frozenset({PassageState.APPROACHING, PassageState.DECIDED})


@dataclass(kw_only=True)
class Tracker(Vehicles):
    """Follows the vehicles of one lane; times are monotonic seconds."""

    lane: str
    new_id: NewId
    arrived_at: float = 0.0
    """When the vehicle at the arm came onto loop A."""
    tailgated: bool = False
    """Somebody followed the vehicle that is passing, under the same raised arm."""
    evidence_at: dict[UUID, float] = field(default_factory=dict)
    """When something new was last learnt of each vehicle."""
    confirmed_at: dict[UUID, float] = field(default_factory=dict)
    """When a card of each vehicle was read last, at the earliest that this may have been."""
    _occupied: bool = False
    _off_since: float | None = None
    _leaving: bool = False
    """A vehicle that was turned back still stands on loop A, last noticed at ``_leaving_seen``."""
    _leaving_seen: float = 0.0
    _turned_at: float = 0.0
    _went_through: bool = False
    """The vehicle at the arm left loop A towards the arm, without any authorisation."""
    _doubted: bool = False
    _overtaken: bool = False
    """A vehicle went under the arm since the one that is coming announced itself."""
    _lingering: LingeringCards = field(default_factory=LingeringCards)

    def card(self, read: TagRead, *, since: float, mode: LaneMode, now: datetime) -> Passage | None:
        """Take in one read; return the vehicle of which it tells something new.

        ``since`` is the earliest time at which the read may have come.
        """
        passage = self._owner(read.epc)
        if passage is None:
            if self._is_ignored(read.epc, read.arrived):
                return None
            passage = self._collector(read.arrived, mode)
        self.confirmed_at[passage.id] = since
        if not passage.see_card(read, now=now):
            return None
        self._learnt(passage, read.arrived)
        return passage

    def plate(self, read: PlateRead, *, mode: LaneMode) -> Passage | None:
        """Take in one plate; return the vehicle of which it tells something new."""
        late = read.arrived - self.arrived_at <= PLATE_LATE_BY
        front = self.front
        if front is not None and front.vehicle is None and late and self.coming is None:
            passage = front
        else:
            passage = self.coming = self.coming or self._open(mode)
        vehicle = VehicleEvidence(plate=read.plate, region=read.region, confidence=read.confidence)
        return passage if self.see_vehicle(passage, vehicle, read.arrived) else None

    def see_vehicle(self, passage: Passage, vehicle: VehicleEvidence, at: float) -> bool:
        """Give a plate to a vehicle, from the camera or from an officer; tell if it is news."""
        if not passage.see_vehicle(vehicle):
            return False
        self._learnt(passage, at)
        return True

    def inputs(self, inputs: LaneInputs, *, mode: LaneMode, now: datetime) -> None:
        """Follow loop A; an unknown loop changes nothing."""
        if inputs.arming is Signal.ON:
            if self._left(inputs.taken):
                self._notice_swapped(inputs.taken, now)
            self._off_since = None
            self._notice_replaced(inputs.taken, mode, now)
            if not self._occupied:
                self._occupied = True
                self._arrive(inputs.taken, mode, now)
        elif inputs.arming is Signal.OFF:
            if self._occupied:
                alone = self.passing is None or self.tailgated
                self._went_through = inputs.safety is Signal.ON and alone
            self._occupied = False
            self._leaving = False
            self._off_since = self._off_since or inputs.taken
            self._notice_gone(inputs.taken, now)
        self._notice_never_came(inputs.taken, now)

    @property
    def doubted(self) -> bool:
        """Tell whether another vehicle may stand at the arm by now."""
        return self._doubted

    def doubt(self) -> None:
        """Note that vehicles may have moved under the arm without being seen or let through."""
        self._doubted = True

    def settle_doubt(self, *, at: float, mode: LaneMode, now: datetime) -> None:
        """Begin anew with whoever stands at the arm, where it may be another vehicle by now."""
        if not self._doubted:
            return
        self._doubted = self.tailgated = False
        for passage in (self.coming, self.front):
            if passage is not None and passage.state in _OPEN_TO_EVIDENCE:
                passage.fail("moved_unseen", now=now)
                self._end(passage, at, ignore=False)
        if self._occupied:
            self._arrive(at, mode, now)

    def began(self, passage_id: UUID, *, now: datetime) -> None:
        """Note that the authorised vehicle is under the arm."""
        if self.front is not None and self.front.id == passage_id:
            self.front.begin(now=now)
            self.passing, self.front = self.front, None
            self.tailgated = False

    def completed(self, passage_id: UUID, *, at: float, mode: LaneMode, now: datetime) -> None:
        """Note that the vehicle has passed; whoever stands on loop A now is another one."""
        passage = self.passing
        if passage is None or passage.id != passage_id:
            return
        passage.complete(now=now)
        self._end(passage, at)
        if self._occupied and self.front is None and not self._leaving:
            self._arrive(at, mode, now)

    def lapsed(
        self, passage_id: UUID, why: str, *, at: float, mode: LaneMode, now: datetime
    ) -> None:
        """Note that an authorisation ended; a vehicle already under the arm is lost from sight."""
        passage = self.find(passage_id)
        if passage is None:
            return
        if passage.state is PassageState.AUTHORISED:
            passage.take_back(why)
        elif passage.state is PassageState.PASSING:
            passage.fail(why, now=now)
            self._end(passage, at, ignore=False)
            if self._occupied and self.front is None:
                self._arrive(at, mode, now)

    def turn_back(
        self, passage: Passage, officer: str, reason: str, *, at: float, now: datetime
    ) -> None:
        """Note that an officer sent the vehicle back; it may stand on loop A for a while."""
        at_arm = passage is self.front
        passage.turn_back(officer, reason, now=now)
        self._end(passage, at)
        self._leaving = at_arm and self._occupied
        self._leaving_seen = self._turned_at = at

    def _owner(self, epc: bytes) -> Passage | None:
        return next((passage for passage in self.every() if epc in passage.cards), None)

    def _is_ignored(self, epc: bytes, at: float) -> bool:
        ignored = self._lingering.holds(epc, at, leaving=self._leaving)
        if ignored:
            self._leaving_seen = at
        return ignored

    def _left(self, at: float) -> bool:
        """Tell whether the vehicle at the arm has gone from loop A, as far as that can be told."""
        return self._off_since is not None and at - self._off_since > LEAVING_AFTER

    def _collector(self, at: float, mode: LaneMode) -> Passage:
        front = self.front
        stands = front is not None and front.state in _OPEN_TO_EVIDENCE and not self._left(at)
        if self.coming is None and front is not None and stands:
            return front
        self.coming = self.coming or self._open(mode)
        return self.coming

    def _open(self, mode: LaneMode) -> Passage:
        return Passage.open(self.new_id(), lane=self.lane, mode=mode)

    def _learnt(self, passage: Passage, at: float) -> None:
        self.evidence_at[passage.id] = at

    def _arrive(self, at: float, mode: LaneMode, now: datetime) -> None:
        if self.front is not None or self._leaving:
            return
        coming = self.coming
        if coming is not None and stale(coming, at):
            coming.fail("moved_unseen", now=now)
            self._end(coming, at, ignore=False)
        self.front, self.coming = self.coming or self._open(mode), None
        self.arrived_at = at
        self._learnt(self.front, at)

    def _notice_swapped(self, at: float, now: datetime) -> None:
        """Ask who stands on loop A again: the vehicle that was there, or the one behind it.

        Whose cards are heard now is there; where both or neither are, nobody knows.
        """
        front, coming = self.front, self.coming
        if front is None or front.state not in _OPEN_TO_EVIDENCE:
            return
        here, there = heard(front, at), coming is not None and heard(coming, at)
        if (here and not there) or (coming is None and not front.own_cards):
            return
        if there and not here:
            self._let_front_go(front, at, now)
            return
        for passage in (front, coming):
            if passage is not None:
                passage.fail("moved_unseen", now=now)
                self._end(passage, at, ignore=False)

    def _notice_replaced(self, at: float, mode: LaneMode, now: datetime) -> None:
        """Take in the next vehicle where loop A did not go off after one that was turned back.

        One that was told to turn back and stays is dealt with anew after a while.
        """
        if not self._leaving:
            return
        replaced = self.coming is not None and at - self._leaving_seen > IGNORED_FOR
        if replaced or at - self._turned_at > STAYS_AFTER:
            self._leaving = False
            self._lingering.forget()
            self._arrive(at, mode, now)

    def _notice_gone(self, at: float, now: datetime) -> None:
        front, since = self.front, self._off_since
        if front is None or since is None or at - since < AWAY_AFTER:
            return
        if front.state in _OPEN_TO_EVIDENCE:
            self._let_front_go(front, at, now)

    def _let_front_go(self, front: Passage, at: float, now: datetime) -> None:
        """Tell which way the vehicle left loop A, as far as that was seen."""
        if self._went_through:
            front.fail("went_through", now=now)
        elif self._doubted:
            front.fail("moved_unseen", now=now)
        else:
            front.turn_back(None, "left_lane", now=now)
        self._end(front, at)

    def _notice_never_came(self, at: float, now: datetime) -> None:
        coming = self.coming
        if coming is None:
            return
        seen = [card.last_read for card in coming.cards.values()]
        if at - max([*seen, self.evidence_at.get(coming.id, at)]) > NEVER_CAME_AFTER:
            if self._overtaken or self._doubted:
                coming.fail("moved_unseen", now=now)
            else:
                why = "no_vehicle" if coming.own_cards or not coming.cards else "next_lane"
                coming.turn_back(None, why, now=now)
            self._end(coming, at, ignore=False)

    def _end(self, passage: Passage, at: float, *, ignore: bool = True) -> None:
        """Let a vehicle go; its cards, still in the field for a moment, belong to nobody else."""
        self._overtaken = passage is self.passing and self.coming is not None
        self.evidence_at.pop(passage.id, None)
        self.confirmed_at.pop(passage.id, None)
        self._lingering.left(passage.own_cards if ignore else (), at)
        self.remove(passage)
