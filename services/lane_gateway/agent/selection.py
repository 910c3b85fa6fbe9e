"""Draws which clear vehicles are inspected by chance, one draw a vehicle, all of them recorded."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.lane_gateway.agent.recorder import Recorder
from services.lane_gateway.domain.admission import Decision, Reason, Verdict, refer_because
from services.lane_gateway.domain.lane_policy import LanePolicy
from services.lane_gateway.domain.passage import Passage, PassageState
from services.lane_gateway.domain.selection import (
    CARRIED_FOR,
    DrawTaken,
    SelectionCarried,
    SelectionCommitted,
    SelectionPeriod,
    SelectionRevealed,
    SelectionStanding,
    VehicleDrawn,
)
from shared.clock import Clock


@dataclass(frozen=True, kw_only=True, slots=True)
class _Drawn:
    passage: Passage
    draw: DrawTaken
    selected: bool


@dataclass(kw_only=True)
class Selection:
    """The lane's draws; they go on where ``standing``, the record's word, says.

    ``unwritten`` tells that a draw is noted which the record does not have yet: what is shown of
    its vehicle waits until it has.
    """

    lane: str
    recorder: Recorder
    policy: Callable[[], LanePolicy]
    new_seed: Callable[[], bytes]
    wall: Clock
    standing: SelectionStanding
    unwritten: bool = False
    _period: SelectionPeriod | None = field(init=False)
    _drawn: int = field(init=False)
    _vehicles: dict[UUID, _Drawn] = field(default_factory=dict, init=False)
    _uninspected: dict[bytes, tuple[DrawTaken, datetime]] = field(init=False)

    def __post_init__(self) -> None:
        """Go on where the record says that an earlier run stopped."""
        until = self.wall() + CARRIED_FOR
        self._period, self._drawn = self.standing.running, self.standing.drawn
        known = self.standing.uninspected.items()
        self._uninspected = {epc: (draw, until) for epc, draw in known}

    def keep_period(self) -> None:
        """Reveal a period whose day is over and begin the next; a clock set back changes nothing.

        The commitment is in the record, and on its way, before anything is drawn. A new rate counts
        from the next period on; the first one begins as soon as there is a rate.
        """
        policy = self.policy()
        today = self.wall().astimezone(policy.zone).date().isoformat()
        if self._period is not None:
            if today <= self._period.period:
                return
            self._reveal(self._period)
        elif policy.selection_ppm <= 0:
            return
        if policy.selection_ppm > 0:
            self._begin(today, policy.selection_ppm)
        self.recorder.flush()

    def settle(self, passage: Passage, decision: Decision) -> Decision:
        """Return the decision as the vehicle's draw leaves it; a clear vehicle takes one, once."""
        if decision.verdict is Verdict.CLEAR and passage.id not in self._vehicles:
            self._draw(passage)
        drawn = self._vehicles.get(passage.id)
        if drawn is None or not drawn.selected:
            return decision
        return refer_because(decision, Reason.RANDOM_SELECTION)

    def _draw(self, passage: Passage) -> None:
        self._let_go()
        carried = self._carried(passage)
        if carried is not None:
            self._keep(passage, carried, selected=True)
            self.recorder.note(
                SelectionCarried(
                    passage_id=passage.id,
                    lane=self.lane,
                    period=carried.period,
                    number=carried.number,
                )
            )
        elif self._period is not None:
            self._drawn += 1
            draw = DrawTaken(period=self._period.period, number=self._drawn)
            selected = self._period.selects(draw.number)
            self._keep(passage, draw, selected=selected)
            self.recorder.note(
                VehicleDrawn(
                    passage_id=passage.id,
                    lane=self.lane,
                    period=draw.period,
                    number=draw.number,
                    selected=selected,
                )
            )

    def _keep(self, passage: Passage, draw: DrawTaken, *, selected: bool) -> None:
        self._vehicles[passage.id] = _Drawn(passage=passage, draw=draw, selected=selected)
        self.unwritten = True

    def _carried(self, passage: Passage) -> DrawTaken | None:
        """Take over the draw of a vehicle with one of these cards that was not inspected."""
        for epc in passage.own_cards:
            if epc in self._uninspected:
                draw, _ = self._uninspected[epc]
                left = self._uninspected.items()
                self._uninspected = {each: kept for each, kept in left if kept[0] != draw}
                return draw
        return None

    def _let_go(self) -> None:
        """Forget vehicles that are gone; those selected and not let through stay selected."""
        now = self.wall()
        for one in [each for each in self._vehicles.values() if each.passage.over]:
            del self._vehicles[one.passage.id]
            if one.selected and one.passage.state is not PassageState.PASSED:
                kept = (one.draw, now + CARRIED_FOR)
                self._uninspected |= dict.fromkeys(one.passage.own_cards, kept)
        left = self._uninspected.items()
        self._uninspected = {epc: kept for epc, kept in left if kept[1] > now}

    def _begin(self, today: str, ppm: int) -> None:
        period = SelectionPeriod(lane=self.lane, period=today, ppm=ppm, seed=self.new_seed())
        self._period, self._drawn = period, 0
        self.recorder.note(
            SelectionCommitted(
                lane=period.lane,
                period=period.period,
                ppm=period.ppm,
                version=period.version,
                commitment=period.commitment,
                secret=period.seed.hex(),
            )
        )

    def _reveal(self, period: SelectionPeriod) -> None:
        self._period = None
        self.recorder.note(
            SelectionRevealed(
                lane=period.lane,
                period=period.period,
                ppm=period.ppm,
                version=period.version,
                commitment=period.commitment,
                seed=period.seed.hex(),
                draws=self._drawn,
            )
        )
