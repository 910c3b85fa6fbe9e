"""The simulated reader keeps the standard's states, so that other clients find a reader in it."""

import pytest

from services.lane_gateway.devices.llrp.codec import Parameter, parameter
from services.lane_gateway.devices.llrp.dialogue import status_name
from services.lane_gateway.simulator.reader_profile import Profile
from services.lane_gateway.simulator.reader_rospecs import ACTIVE, DISABLED, INACTIVE
from tests.unit.lane_gateway.llrp.reader_desk import (
    CARD,
    Desk,
    ai_spec,
    rospec,
    rospec_events,
    tags,
)


def test_an_inventory_passes_through_the_three_states() -> None:
    desk = Desk()
    desk.want_events()
    desk.grant("ADD_ROSPEC", rospec())
    assert desk.state() == DISABLED
    assert status_name(desk.ask("START_ROSPEC", ROSpecID=1)) == "M_FieldError"
    desk.grant("ENABLE_ROSPEC", ROSpecID=1)
    assert desk.state() == INACTIVE
    desk.grant("START_ROSPEC", ROSpecID=1)
    assert desk.state() == ACTIVE
    desk.grant("STOP_ROSPEC", ROSpecID=1)
    assert desk.state() == INACTIVE
    desk.grant("START_ROSPEC", ROSpecID=1)
    desk.grant("DISABLE_ROSPEC", ROSpecID=1)
    assert desk.state() == DISABLED
    assert rospec_events(desk.machine.drain()) == [(0, 1), (1, 1), (0, 1), (1, 1)]


def test_delete_0_deletes_all_and_an_unknown_number_is_an_error() -> None:
    desk = Desk()
    desk.grant("ADD_ROSPEC", rospec(1))
    desk.grant("ADD_ROSPEC", rospec(2))
    assert status_name(desk.ask("DELETE_ROSPEC", ROSpecID=3)) == "M_FieldError"
    desk.grant("DELETE_ROSPEC", ROSpecID=0)
    assert list(desk.grant("GET_ROSPECS").all("ROSpec")) == []
    desk.grant("DELETE_ACCESSSPEC", AccessSpecID=0)


@pytest.mark.parametrize("wrong", [rospec(0), rospec(7), rospec(1, CurrentState=1)])
def test_a_number_in_use_or_a_state_of_ones_own_is_refused(wrong: Parameter) -> None:
    desk = Desk()
    desk.grant("ADD_ROSPEC", rospec(7))
    assert status_name(desk.ask("ADD_ROSPEC", wrong)) == "P_FieldError"


def test_more_specifications_than_the_reader_has_room_for_are_refused() -> None:
    desk = Desk(Profile(max_rospecs=1))
    desk.grant("ADD_ROSPEC", rospec(1))
    assert status_name(desk.ask("ADD_ROSPEC", rospec(2))) == "M_OverflowParameter"


def test_an_immediate_start_begins_when_enabled_and_again_after_each_end() -> None:
    desk = Desk()
    desk.want_events()
    start = parameter("ROSpecStartTrigger", ROSpecStartTriggerType=1)
    stop = parameter("ROSpecStopTrigger", ROSpecStopTriggerType=1, DurationTriggerValue=300)
    desk.grant("ADD_ROSPEC", rospec(start=start, stop=stop))
    desk.grant("ENABLE_ROSPEC", ROSpecID=1)
    assert desk.state() == ACTIVE
    changes = [kind for kind, _ in rospec_events(desk.wait(1.5))]
    assert changes[:4] == [0, 1, 0, 1]


def test_a_periodic_start_waits_for_its_offset_and_comes_again() -> None:
    desk = Desk()
    desk.want_events()
    period = parameter("PeriodicTriggerValue", Offset=500, Period=1000)
    start = parameter("ROSpecStartTrigger", period, ROSpecStartTriggerType=2)
    stop = parameter("ROSpecStopTrigger", ROSpecStopTriggerType=1, DurationTriggerValue=200)
    desk.grant("ADD_ROSPEC", rospec(start=start, stop=stop))
    desk.grant("ENABLE_ROSPEC", ROSpecID=1)
    assert rospec_events(desk.wait(0.4)) == []
    begun = [kind for kind, _ in rospec_events(desk.wait(3.3))].count(0)
    assert begun == 4


def test_an_input_starts_and_stops_an_inventory() -> None:
    desk = Desk()
    value = parameter("GPITriggerValue", GPIPortNum=2, GPIEvent=1)
    start = parameter("ROSpecStartTrigger", value, ROSpecStartTriggerType=3)
    low = parameter("GPITriggerValue", GPIPortNum=2, GPIEvent=0)
    stop = parameter("ROSpecStopTrigger", low, ROSpecStopTriggerType=2)
    desk.grant("ADD_ROSPEC", rospec(start=start, stop=stop))
    desk.grant("ENABLE_ROSPEC", ROSpecID=1)
    desk.machine.set_input(1, high=True, now=desk.now)
    assert desk.state() == INACTIVE
    desk.machine.set_input(2, high=True, now=desk.now)
    assert desk.state() == ACTIVE
    desk.machine.set_input(2, high=False, now=desk.now)
    assert desk.state() == INACTIVE


def test_a_lower_number_of_priority_preempts_and_a_higher_one_is_refused() -> None:
    desk = Desk()
    desk.want_events()
    for number, priority in ((1, 3), (2, 1), (3, 5)):
        desk.grant("ADD_ROSPEC", rospec(number, Priority=priority))
    desk.grant("ENABLE_ROSPEC", ROSpecID=0)
    desk.grant("START_ROSPEC", ROSpecID=1)
    assert status_name(desk.ask("START_ROSPEC", ROSpecID=3)) == "M_FieldError"
    desk.grant("START_ROSPEC", ROSpecID=2)
    assert rospec_events(desk.machine.drain()) == [(0, 1), (2, 1), (0, 2)]


@pytest.mark.parametrize(
    ("stop", "seconds"),
    [
        (parameter("AISpecStopTrigger", AISpecStopTriggerType=1, DurationTrigger=500), 0.6),
        (
            parameter(
                "AISpecStopTrigger",
                parameter("TagObservationTrigger", NumberOfTags=1),
                AISpecStopTriggerType=3,
            ),
            0.2,
        ),
        (
            parameter(
                "AISpecStopTrigger",
                parameter("TagObservationTrigger", TriggerType=1, T=400),
                AISpecStopTriggerType=3,
            ),
            0.6,
        ),
        (
            parameter(
                "AISpecStopTrigger",
                parameter("TagObservationTrigger", TriggerType=2, NumberOfAttempts=3),
                AISpecStopTriggerType=3,
            ),
            0.3,
        ),
    ],
)
def test_an_inventory_ends_by_its_own_trigger(stop: Parameter, seconds: float) -> None:
    desk = Desk()
    desk.field.place(CARD)
    desk.grant("ADD_ROSPEC", rospec(steps=(ai_spec(stop),)))
    desk.grant("ENABLE_ROSPEC", ROSpecID=1)
    desk.grant("START_ROSPEC", ROSpecID=1)
    assert desk.state() == ACTIVE
    assert tags(desk.wait(seconds + 0.05))
    assert desk.state() == INACTIVE
