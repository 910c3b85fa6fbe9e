"""Antennas hear the cards of the next lane, too: each card counts where it is nearest (R12)."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from services.lane_gateway.domain.admission import Reason
from services.lane_gateway.domain.commands import CommandKind
from services.lane_gateway.domain.events import CardSeen, PassageEnded
from services.lane_gateway.domain.sightings import (
    LINGERS,
    MARGIN_DB,
    CardOfNextLane,
    Hearing,
    Nearest,
    NumberAtArm,
    NumberHeard,
    Sighting,
    nearest,
)
from services.lane_gateway.simulator.vehicle import Driver, SimulatedCard
from services.lane_gateway.use_cases.sighting_ports import Disowned, Elsewhere, Gone
from tests.unit.lane_gateway.agent_bench import LaneBench
from tests.unit.lane_gateway.agent_looks import alarms, ends
from tests.unit.lane_gateway.builders import NOW, epc_of, named, tid_of


class NextRecord:
    """The record of another bench's lane, read as its file would be."""

    def __init__(self, bench: LaneBench) -> None:
        self.bench = bench
        self.read = 0

    def news(self) -> Elsewhere:
        fresh = self.bench.record.entries[self.read :]
        self.read += len(fresh)
        heard: list[Hearing] = []
        sightings: list[Sighting] = []
        disowned: list[Disowned] = []
        gone: list[Gone] = []
        for entry in fresh:
            match entry.event:
                case CardSeen(passage_id=passage, epc=epc, rssi=rssi) if passage is not None:
                    heard.append(hearing(passage, epc, entry.at, rssi))
                case NumberHeard(passage_id=passage, epc=epc, rssi=rssi):
                    heard.append(hearing(passage, epc, entry.at, rssi))
                case NumberAtArm(passage_id=passage, epc=epc, rssi=rssi):
                    heard.append(hearing(passage, epc, entry.at, rssi))
                    sightings.append(Sighting(lane="l2", passage_id=passage, epc=epc, at=entry.at))
                case CardOfNextLane(passage_id=passage, epc=epc):
                    disowned.append(Disowned(passage_id=passage, epc=epc))
                case PassageEnded(passage_id=passage, end=end):
                    sent_on = end == "turned_back"
                    gone.append(Gone(passage_id=passage, at=entry.at, sent_on=sent_on))
        return Elsewhere(heard=heard, sightings=sightings, disowned=disowned, gone=gone)

    def close(self) -> None:
        """Nothing is open."""


def hearing(passage: UUID, epc: bytes, at: datetime, rssi: float | None) -> Hearing:
    return Hearing(lane="l2", passage_id=passage, epc=epc, since=at, strength=rssi)


def two_lanes(*, loss: bool = True) -> tuple[LaneBench, LaneBench]:
    """Return two lanes whose antennas hear each other's cards; ``run`` both in step."""
    first, second = LaneBench(), LaneBench()
    for one, other in ((first, second), (second, first)):
        one.controller.sightings.others = NextRecord(other)
        if loss:
            one.world.overhear.append(other.field)
    return first, second


def card_of(name: str) -> SimulatedCard:
    return SimulatedCard(epc=epc_of(name), tid=tid_of(name))


def run(lanes: tuple[LaneBench, LaneBench], seconds: float) -> None:
    for _ in range(round(seconds * 100)):
        for lane in lanes:
            lane.turn()


def strays(bench: LaneBench) -> list[bytes]:
    return [told.epc for told in bench.record.of(CardOfNextLane)]


@pytest.mark.rule("R12")
@pytest.mark.fault(19)
def test_a_card_of_the_next_lane_counts_for_no_vehicle_here() -> None:
    lanes = first, second = two_lanes()
    for lane, name in ((first, "ana"), (second, "ben")):
        lane.member("ana", "ben")
        lane.car(name, driver=Driver.WAIT, plate="7ABC123")
    run(lanes, 9.0)

    assert {read.epc for read in first.record.of(CardSeen)} == {epc_of("ana"), epc_of("ben")}
    assert (strays(first), strays(second)) == ([epc_of("ben")], [epc_of("ana")])
    assert [lane.picture().word for lane in lanes] == ["clear", "clear"]
    assert [len(lane.shown().cards) for lane in lanes] == [1, 1]
    assert [alarms(lane) for lane in lanes] == [[], []]


@pytest.mark.rule("R12")
@pytest.mark.fault(19)
def test_a_car_without_a_card_does_not_pass_on_that_of_the_next_lane() -> None:
    lanes = first, second = two_lanes()
    for lane in lanes:
        lane.member("ana")
    first.car("ana", driver=Driver.WAIT)
    second.car(driver=Driver.WAIT)
    run(lanes, 9.0)

    assert strays(second) == [epc_of("ana")]
    assert [lane.picture().word for lane in lanes] == ["clear", "refer"]
    assert second.front.decision is not None
    assert second.front.decision.reasons == (Reason.NO_CARD,)
    second.admit()
    run(lanes, 4.0)
    assert second.times_opened() == 0
    assert alarms(first) == []


@pytest.mark.rule("R12")
@pytest.mark.fault(19)
def test_a_card_that_both_hear_alike_refers_both() -> None:
    lanes = two_lanes(loss=False)
    for lane in lanes:
        lane.member("ana")
        lane.car("ana", driver=Driver.WAIT)
    run(lanes, 9.0)

    assert [lane.picture().word for lane in lanes] == ["refer", "refer"]
    assert [strays(lane) for lane in lanes] == [[], []]


@pytest.mark.rule("R12")
def test_a_card_that_is_near_two_lanes_refers_before_the_other_is_at_its_arm() -> None:
    lanes = first, second = two_lanes(loss=False)
    first.arrive("ana", driver=Driver.WAIT)
    assert first.picture().word == "clear"
    second.member("ana")
    second.field.show(card_of("ana"), -48.0)
    run(lanes, 1.0)
    assert first.front.decision is not None
    assert first.front.decision.reasons == (Reason.NEAR_TWO_LANES,)
    assert alarms(first) == []
    second.field.hide(card_of("ana"))
    run(lanes, 30.0)

    assert first.picture().word == "clear"


@pytest.mark.rule("R12")
@pytest.mark.statement(42)
def test_a_copy_that_is_heard_on_when_the_other_car_has_left_raises_the_alarm() -> None:
    lanes = first, second = two_lanes()
    for lane in lanes:
        lane.member("ana")
    first.car("ana")
    second.car(driver=Driver.WAIT)
    run(lanes, 9.0)
    assert strays(second) == [epc_of("ana")]
    first.admit()
    run(lanes, 12.0)
    assert ends(first) == ["passed"]
    # The copy was in the other car all the time, and is the only one that is still heard.
    second.field.show(card_of("ana"), -60.0)
    run(lanes, 12.0)

    assert alarms(second) == ["number_in_two_places"]
    assert second.picture().word == "refer"


def test_a_card_that_was_only_heard_of_the_next_lane_is_a_vehicle_that_never_came() -> None:
    lanes = first, second = two_lanes()
    first.member("ana")
    first.car("ana", driver=Driver.WAIT)
    run(lanes, 9.0)
    first.say(CommandKind.TURN_BACK, reason="papers")
    first.world.vehicles[0].driver = Driver.BACK
    run(lanes, 40.0)

    (ended,) = second.record.of(PassageEnded)
    assert (str(ended.end), ended.why) == ("turned_back", "next_lane")


def test_a_card_that_an_officer_looked_up_is_of_the_vehicle_whatever_is_heard() -> None:
    lanes = first, second = two_lanes()
    for lane in lanes:
        lane.member("ana")
    first.car("ana", driver=Driver.WAIT)
    second.car(driver=Driver.WAIT)
    run(lanes, 9.0)
    second.say(CommandKind.ADD_CARD, epc=epc_of("ana"))
    run(lanes, 1.0)

    assert second.front.decision is not None
    assert Reason.READ_BY_OFFICER in second.front.decision.reasons


@pytest.mark.rule("R12")
@pytest.mark.parametrize(
    ("here", "there", "place"),
    [
        (-50.0, -50.0 - MARGIN_DB, Nearest.HERE),
        (-50.0, -50.0 - MARGIN_DB + 0.1, Nearest.NOBODY_KNOWS),
        (-56.0, -50.0, Nearest.ELSEWHERE),
        (-55.9, -50.0, Nearest.NOBODY_KNOWS),
        (None, -50.0, Nearest.NOBODY_KNOWS),
        (-50.0, None, Nearest.NOBODY_KNOWS),
    ],
)
def test_six_decibels_tell_where_a_card_is(
    here: float | None, there: float | None, place: Nearest
) -> None:
    assert nearest(here, there) is place


@pytest.mark.rule("R12")
@pytest.mark.parametrize(
    ("since", "last", "at_once"),
    [
        (0, 9, True),
        (-9, -6, False),
        (-9, -4, True),
        (10, 14, True),
        (10, 16, False),
        (26, 27, False),
    ],
)
def test_what_is_heard_at_once(since: int, last: int, at_once: bool) -> None:  # noqa: FBT001
    until = NOW + timedelta(seconds=10)
    there = replace(hearing(named("it"), epc_of("ana"), NOW, -50.0), until=until)

    assert timedelta(seconds=5) == LINGERS
    began, ended = NOW + timedelta(seconds=since), NOW + timedelta(seconds=last)
    assert there.while_heard(began, ended, now=until + LINGERS * 10) is at_once


class Told:
    """Another lane of which a test tells once."""

    def __init__(self, *news: Elsewhere) -> None:
        self.waiting = list(news)

    def news(self) -> Elsewhere:
        return self.waiting.pop(0) if self.waiting else Elsewhere()

    def close(self) -> None:
        """Nothing is open."""


@pytest.mark.rule("R12")
@pytest.mark.statement(42)
@pytest.mark.parametrize(("gone", "word"), [(False, "clear"), (True, "refer")])
def test_a_lane_that_let_a_vehicle_pass_with_it_has_seen_another_card(
    gone: bool,  # noqa: FBT001
    word: str,
) -> None:
    bench = LaneBench()
    bench.member("ana")
    bench.car("ana", driver=Driver.WAIT)
    bench.until(lambda: bench.controller.tracker.coming is not None)
    epc, other = epc_of("ana"), named("the other lane's vehicle")
    at_arm = Sighting(lane="l2", passage_id=other, epc=epc, at=bench.clock.wall)
    heard = hearing(other, epc, bench.clock.wall, -68.0)
    ends_there = Gone(passage_id=other, at=bench.clock.wall, sent_on=False)
    bench.controller.sightings.others = Told(
        Elsewhere(heard=[heard], sightings=[at_arm]), Elsewhere(gone=[ends_there] if gone else [])
    )
    bench.run(8.0)

    assert bench.picture().word == word
    assert alarms(bench) == (["number_in_two_places"] if gone else [])
