"""Vehicles that are selected by chance, from arrival to what becomes of them."""

from datetime import timedelta
from typing import Any

import pytest

from services.lane_gateway.domain.admission import Reason
from services.lane_gateway.domain.commands import CommandKind
from services.lane_gateway.domain.events import (
    AgentStarted,
    PassageDecided,
    PassageEnded,
    ReferralClosed,
)
from services.lane_gateway.domain.lane_policy import LaneMode
from services.lane_gateway.domain.selection import (
    MILLION,
    SelectionCarried,
    SelectionCommitted,
    SelectionPeriod,
    SelectionRevealed,
    VehicleDrawn,
)
from services.lane_gateway.domain.selection_proof import RecordedDraw, RecordedPeriod, prove
from services.lane_gateway.simulator.vehicle import Driver
from tests.unit.lane_gateway.agent_bench import LaneBench
from tests.unit.lane_gateway.agent_looks import ends
from tests.unit.lane_gateway.builders import LANE, PLATE, REGION, a_lane


def drawing(ppm: int = MILLION, *, mode: LaneMode = LaneMode.ATTENDED) -> LaneBench:
    """Return a lane that selects ``ppm`` of a million vehicles."""
    alone = mode is LaneMode.AUTOMATIC
    bench = LaneBench(mode=mode, has_counter=alone)
    bench.desk.set(policy=a_lane(counter_grants_automatic=alone, selection_ppm=ppm))
    if alone:
        bench.desk.set(signed_on=None)
    bench.run(1.5)
    return bench


def draws(bench: LaneBench) -> list[VehicleDrawn]:
    return bench.record.of(VehicleDrawn)


def go_on(bench: LaneBench, kind: CommandKind, **values: Any) -> None:
    bench.say(kind, **values)
    bench.run(14.0)


def proved(bench: LaneBench) -> bool:
    """Reveal the day, and prove its draws from the record."""
    bench.clock.wall += timedelta(days=1)
    bench.run(1.5)
    entries = [entry.event for entry in bench.record.entries]
    revealed = bench.record.of(SelectionRevealed)[-1]
    begun = next(
        place
        for place, event in enumerate(entries)
        if isinstance(event, SelectionCommitted) and event.period == revealed.period
    )
    taken = [
        RecordedDraw(
            entry=place,
            passage_id=event.passage_id,
            number=event.number,
            selected=event.selected,
        )
        for place, event in enumerate(entries)
        if isinstance(event, VehicleDrawn) and event.period == revealed.period
    ]
    period = RecordedPeriod(
        lane=LANE,
        period=revealed.period,
        ppm=revealed.ppm,
        version=revealed.version,
        commitment=revealed.commitment,
        entry=begun,
        seed=bytes.fromhex(revealed.seed),
        told=revealed.draws,
        draws=taken,
    )
    return prove(period) == ()


@pytest.mark.statement(51)
def test_a_selected_vehicle_is_referred_and_cannot_just_be_admitted() -> None:
    bench = drawing()
    bench.arrive("ana")
    bench.admit()
    bench.run(1.0)

    assert bench.picture().word == "refer"
    assert bench.front.decision is not None
    assert bench.front.decision.reasons == (Reason.RANDOM_SELECTION,)
    assert bench.refused() == "not_clear"
    assert bench.times_opened() == 0


@pytest.mark.statement(51)
@pytest.mark.parametrize(
    "kind", [CommandKind.AFTER_CHECKS, CommandKind.REDIRECT, CommandKind.TURN_BACK]
)
def test_nobody_lets_a_selected_vehicle_go_without_a_reason(kind: CommandKind) -> None:
    bench = drawing()
    bench.arrive("ana")
    bench.say(kind, reason="  ")
    bench.run(1.0)
    assert bench.refused() == "no_reason"
    assert bench.times_opened() == 0
    assert ends(bench) == []

    go_on(bench, kind, reason="an ambulance")
    assert ends(bench) == ["turned_back" if kind is CommandKind.TURN_BACK else "passed"]


@pytest.mark.statement(51)
def test_a_selected_vehicle_goes_to_secondary_without_a_word() -> None:
    bench = drawing()
    bench.arrive("ana")
    go_on(bench, CommandKind.SECONDARY)

    assert [str(closed.end) for closed in bench.record.of(ReferralClosed)] == ["secondary"]


@pytest.mark.statement(51)
def test_a_lane_that_works_alone_lets_no_selected_vehicle_pass() -> None:
    bench = drawing(mode=LaneMode.AUTOMATIC)
    bench.arrive("ana")
    bench.run(5.0)

    assert bench.picture().mode == "automatic"
    assert draws(bench)[0].selected
    assert bench.times_opened() == 0


def test_without_a_rate_nothing_is_drawn_and_nothing_is_published() -> None:
    bench = drawing(0)
    bench.arrive("ana")

    assert bench.picture().word == "clear"
    assert draws(bench) == []
    assert bench.record.of(SelectionCommitted) == []


@pytest.mark.statement(51)
def test_one_vehicle_takes_one_draw_however_often_it_is_decided_on() -> None:
    bench = drawing(1)
    bench.arrive("ana")
    bench.arrive("ben", seconds=6.0)
    for _ in range(20):
        bench.controller.decider.redecide(bench.front)
    bench.run(3.0)

    mine = [draw for draw in draws(bench) if draw.passage_id == bench.front.id]
    assert [draw.number for draw in mine] == [1]


@pytest.mark.statement(51)
def test_a_draw_is_in_the_record_before_its_vehicle_is_shown() -> None:
    bench = drawing()
    bench.member("ana")
    bench.car("ana")
    bench.until(lambda: bool(bench.live.pictures) and bench.live.pictures[-1].word == "refer")

    assert len(draws(bench)) == 1


@pytest.mark.statement(51)
def test_the_commitment_stands_in_the_record_before_the_first_draw() -> None:
    bench = drawing()
    bench.arrive("ana")
    kinds = bench.record.kinds()
    (begun,) = bench.record.of(SelectionCommitted)

    assert kinds.index("SelectionCommitted") < kinds.index("VehicleDrawn")
    assert begun.secret not in repr(begun)


@pytest.mark.statement(51)
def test_a_restarted_agent_goes_on_with_the_next_number_of_the_same_seed() -> None:
    bench = drawing(1)
    bench.arrive("ana")
    bench.admit()
    bench.run(14.0)
    bench.start()
    bench.arrive("ben")
    bench.admit()
    bench.run(14.0)

    assert len(bench.record.of(AgentStarted)) == 2
    assert len(bench.record.of(SelectionCommitted)) == 1
    assert [draw.number for draw in draws(bench)] == [1, 2]
    assert proved(bench)


@pytest.mark.statement(51)
def test_a_day_of_vehicles_and_a_restart_is_proved_once_it_is_over() -> None:
    bench = drawing(MILLION // 2)
    for number in range(6):
        bench.arrive(f"traveler {number}")
        bench.say(CommandKind.SECONDARY)
        bench.run(12.0)
        if number == 3:
            bench.start()

    period = bench.record.of(SelectionCommitted)[0]
    seed = SelectionPeriod(
        lane=LANE, period=period.period, ppm=period.ppm, seed=bytes.fromhex(period.secret)
    )
    assert [draw.number for draw in draws(bench)] == [1, 2, 3, 4, 5, 6]
    assert [draw.selected for draw in draws(bench)] == [seed.selects(each) for each in range(1, 7)]
    assert proved(bench)
    assert len(bench.record.of(SelectionCommitted)) == 2


@pytest.mark.statement(51)
def test_a_clock_that_is_set_back_begins_no_second_period() -> None:
    bench = drawing()
    bench.clock.wall -= timedelta(days=2)
    bench.run(2.0)

    assert len(bench.record.of(SelectionCommitted)) == 1


def test_a_new_rate_counts_from_the_next_day_on() -> None:
    bench = drawing(1)
    bench.desk.set(policy=a_lane(selection_ppm=0))
    bench.run(2.0)
    assert bench.record.of(SelectionRevealed) == []
    bench.clock.wall += timedelta(days=1)
    bench.run(2.0)

    assert len(bench.record.of(SelectionRevealed)) == 1
    assert len(bench.record.of(SelectionCommitted)) == 1


@pytest.mark.statement(51)
def test_a_selected_vehicle_that_is_sent_back_stays_selected_when_it_comes_once_more() -> None:
    bench = drawing()
    bench.arrive("ana", driver=Driver.WAIT)
    bench.say(CommandKind.TURN_BACK, reason="boot would not open")
    bench.run(65.0)
    bench.say(CommandKind.CONFIRM_PLATE, plate=PLATE, region=REGION)

    assert bench.picture().word == "refer"
    assert [each.number for each in bench.record.of(SelectionCarried)] == [1]
    assert [draw.number for draw in draws(bench)] == [1]


def test_a_record_that_takes_nothing_shows_no_verdict_of_a_draw() -> None:
    bench = drawing()
    bench.member("ana")
    bench.record.full = True
    bench.car("ana")
    bench.run(9.0)

    assert {picture.word for picture in bench.live.pictures[-20:]} <= {"stop", "waiting"}
    assert draws(bench) == []
    bench.record.full = False
    bench.run(3.0)
    assert [draw.number for draw in draws(bench)] == [1]
    assert bench.record.of(PassageEnded) == []
    assert len(bench.record.of(PassageDecided)) >= 1
