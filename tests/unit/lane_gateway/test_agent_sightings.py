"""One card's number at two lanes of a port: both vehicles are referred, or the later one."""

from datetime import timedelta

import pytest

from services.lane_gateway.domain.admission import Reason
from services.lane_gateway.domain.commands import CommandKind
from services.lane_gateway.domain.events import DeviceNoted, PassageEnded
from services.lane_gateway.domain.sightings import (
    SAME_PORT_WITHIN,
    STANDS_AT_MOST,
    NumberAtArm,
    NumberInTwoPlaces,
    Sighting,
    in_two_places,
)
from services.lane_gateway.simulator.vehicle import Driver
from services.lane_gateway.use_cases.sighting_ports import Elsewhere, Gone
from tests.unit.lane_gateway.agent_bench import LaneBench
from tests.unit.lane_gateway.agent_looks import alarms, automatic, ends
from tests.unit.lane_gateway.builders import NOW, epc_of, named

OTHER = named("the other lane's vehicle")


class OneOther:
    """Another lane, of which a test tells."""

    def __init__(self) -> None:
        self.waiting: list[Elsewhere] = []
        self.unread: frozenset[str] = frozenset()

    def news(self) -> Elsewhere:
        return self.waiting.pop(0) if self.waiting else Elsewhere(unread=self.unread)

    def close(self) -> None:
        """Nothing is open."""


def beside(bench: LaneBench) -> OneOther:
    other = OneOther()
    bench.controller.sightings.others = other
    return other


def seen(bench: LaneBench, name: str = "ana", *, ago: float = 0.0) -> Elsewhere:
    at = bench.clock.wall - timedelta(seconds=ago)
    sighting = Sighting(lane="l2", passage_id=OTHER, epc=epc_of(name), at=at)
    return Elsewhere(sightings=[sighting])


def gone(bench: LaneBench, *, sent_on: bool) -> Elsewhere:
    return Elsewhere(gone=[Gone(passage_id=OTHER, at=bench.clock.wall, sent_on=sent_on)])


@pytest.mark.fault(22)
@pytest.mark.statement(42)
def test_the_later_of_two_vehicles_with_one_card_is_referred_with_an_alarm() -> None:
    bench = LaneBench()
    other = beside(bench)
    other.waiting.append(seen(bench))
    bench.run(20.0)
    bench.arrive("ana")

    assert bench.picture().word == "refer"
    assert bench.front.decision is not None
    assert bench.front.decision.reasons == (Reason.NUMBER_IN_TWO_PLACES,)
    assert alarms(bench) == ["number_in_two_places"]
    (told,) = bench.record.of(NumberInTwoPlaces)
    assert (told.other_lane, told.other_passage_id) == ("l2", OTHER)
    assert told.credential_id == named("ana")
    bench.admit()
    bench.run(5.0)
    assert bench.refused() == "not_clear"
    assert bench.times_opened() == 0


@pytest.mark.fault(22)
@pytest.mark.statement(42)
def test_the_earlier_vehicle_is_referred_as_well_while_it_stands_at_the_arm() -> None:
    bench = LaneBench()
    other = beside(bench)
    bench.arrive("ana", driver=Driver.WAIT)
    assert bench.picture().word == "clear"
    other.waiting.append(seen(bench))
    bench.run(0.5)

    assert bench.picture().word == "refer"
    assert alarms(bench) == ["number_in_two_places"]


@pytest.mark.fault(22)
@pytest.mark.statement(42)
def test_an_admission_that_is_not_used_yet_is_taken_back() -> None:
    bench = LaneBench()
    other = beside(bench)
    bench.arrive("ana", driver=Driver.WAIT)
    bench.admit()
    bench.run(0.5)
    other.waiting.append(seen(bench))
    bench.run(12.0)

    assert bench.picture().word == "refer"
    assert ends(bench) == []
    assert "arm_on_vehicle" not in bench.what()


@pytest.mark.fault(22)
@pytest.mark.statement(42)
def test_a_vehicle_that_has_passed_already_raises_the_alarm_in_its_lane() -> None:
    bench = LaneBench()
    other = beside(bench)
    bench.arrive("ana")
    bench.admit()
    bench.run(14.0)
    assert ends(bench) == ["passed"]
    other.waiting.append(seen(bench))
    bench.run(1.0)

    assert alarms(bench) == ["number_in_two_places"]
    assert len(bench.record.of(NumberInTwoPlaces)) == 1


@pytest.mark.fault(22)
@pytest.mark.statement(42)
def test_a_lane_that_works_alone_opens_for_no_number_that_is_elsewhere() -> None:
    bench = automatic()
    beside(bench).waiting.append(seen(bench))
    bench.run(1.0)
    bench.arrive("ana")

    assert bench.times_opened() == 0
    assert bench.picture().word == "refer"


def test_a_vehicle_that_was_sent_to_this_lane_is_no_copy() -> None:
    bench = LaneBench()
    other = beside(bench)
    other.waiting += [seen(bench, ago=20.0), gone(bench, sent_on=True)]
    bench.run(2.0)
    bench.arrive("ana")

    assert bench.picture().word == "clear"
    assert alarms(bench) == []


def test_what_was_seen_stays_with_the_vehicle_for_as_long_as_it_is_there() -> None:
    bench = LaneBench()
    other = beside(bench)
    other.waiting += [seen(bench), gone(bench, sent_on=False)]
    bench.run(2.0)
    bench.arrive("ana", driver=Driver.WAIT)
    bench.run(SAME_PORT_WITHIN.total_seconds() * 1.5)

    assert bench.picture().word == "refer"
    assert alarms(bench).count("number_in_two_places") == 1


def test_a_card_that_is_not_at_the_arm_is_told_to_nobody() -> None:
    bench = LaneBench()
    bench.member("ana")
    bench.car("ana")
    bench.until(lambda: bench.controller.tracker.coming is not None)
    assert bench.record.of(NumberAtArm) == []
    bench.run(8.0)

    assert [told.epc for told in bench.record.of(NumberAtArm)] == [epc_of("ana")]


def test_another_lane_that_cannot_be_read_is_noted_once_and_holds_up_nobody() -> None:
    bench = LaneBench()
    other = beside(bench)
    other.unread = frozenset({"l2"})
    bench.arrive("ana")
    other.unread = frozenset()
    bench.run(1.0)

    noted = [(each.device, each.what) for each in bench.record.of(DeviceNoted)]
    assert noted.count(("lane l2", "unread")) == 1
    assert noted.count(("lane l2", "read")) == 1
    assert bench.picture().word == "clear"


def test_a_lane_forgets_what_is_long_over() -> None:
    bench = LaneBench()
    other = beside(bench)
    other.waiting += [seen(bench), gone(bench, sent_on=False)]
    bench.arrive("ben")
    bench.say(CommandKind.TURN_BACK, reason="wrong lane")
    bench.run(SAME_PORT_WITHIN.total_seconds() + 30)

    assert bench.controller.sightings._there == {}  # noqa: SLF001 - what is kept is the question
    assert len(bench.record.of(PassageEnded)) >= 1


def at(
    seconds: float,
    lane: str = "l1",
    *,
    until: float | None = None,
    sent_on: bool = False,
    name: str = "ana",
) -> Sighting:
    return Sighting(
        lane=lane,
        passage_id=named(lane),
        epc=epc_of(name),
        at=NOW + timedelta(seconds=seconds),
        until=None if until is None else NOW + timedelta(seconds=until),
        sent_on=sent_on,
    )


@pytest.mark.statement(42)
@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (at(0, until=20), at(30, "l2"), True),
        (at(0, until=20), at(139, "l2"), True),
        (at(0, until=20), at(141, "l2"), False),
        (at(0), at(400, "l2"), True),
        (at(0), at(STANDS_AT_MOST.total_seconds() + 130, "l2"), False),
        (at(0, until=20, sent_on=True), at(30, "l2"), False),
        (at(0, until=20, sent_on=True), at(19, "l2"), True),
        (at(0, until=20), at(30), False),
        (at(0, until=20), at(30, "l2", name="ben"), False),
    ],
)
def test_what_counts_as_two_places(one: Sighting, other: Sighting, both: bool) -> None:  # noqa: FBT001
    assert in_two_places(one, other) is both
    assert in_two_places(other, one) is both


class Neighbour:
    """The record of another bench's lane, read as its file would be."""

    def __init__(self, bench: LaneBench) -> None:
        self.bench = bench
        self.read = 0

    def news(self) -> Elsewhere:
        fresh = self.bench.record.entries[self.read :]
        self.read += len(fresh)
        sightings = [
            Sighting(lane="l2", passage_id=entry.event.passage_id, epc=entry.event.epc, at=entry.at)
            for entry in fresh
            if isinstance(entry.event, NumberAtArm)
        ]
        return Elsewhere(sightings=sightings)

    def close(self) -> None:
        """Nothing is open."""


@pytest.mark.fault(22)
@pytest.mark.statement(42)
def test_one_card_in_two_lanes_within_thirty_seconds_is_referred_and_alarmed_in_both() -> None:
    first, second = LaneBench(), LaneBench()
    first.controller.sightings.others = Neighbour(second)
    second.controller.sightings.others = Neighbour(first)
    first.arrive("ana", driver=Driver.WAIT)
    assert first.picture().word == "clear"
    second.run(20.0)
    second.arrive("ana", driver=Driver.WAIT)
    first.run(20.5)

    assert [lane.picture().word for lane in (first, second)] == ["refer", "refer"]
    assert [alarms(lane) for lane in (first, second)] == [["number_in_two_places"]] * 2
    assert [lane.times_opened() for lane in (first, second)] == [0, 0]
