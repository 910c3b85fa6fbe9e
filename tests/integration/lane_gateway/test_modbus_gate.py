"""The gate's driver against a module on a real socket that misbehaves in every way it can."""

import time
from collections.abc import Callable, Iterator

import pytest

from services.lane_gateway.devices.io_map import IOMap
from services.lane_gateway.devices.modbus_gate import ModbusGate
from services.lane_gateway.domain.signals import SHUT, Lamp, LaneOutputs, Sign, Signal
from services.lane_gateway.simulator.plc import Plc
from services.lane_gateway.use_cases.ports import IOInfo, IOLost
from shared.errors import InvalidInput

OPEN = LaneOutputs(open=True)
TTL = 30.0


@pytest.fixture
def plc() -> Iterator[Plc]:
    module = Plc()
    module.start()
    yield module
    module.stop()


@pytest.fixture
def gate(plc: Plc) -> Iterator[ModbusGate]:
    driver = ModbusGate("127.0.0.1", plc.port)
    yield driver
    driver.close()


def opened(gate: ModbusGate) -> IOInfo:
    return gate.open(time.monotonic() + 1.0)


def eventually(condition: Callable[[], bool], *, within: float = 3.0) -> None:
    until = time.monotonic() + within
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.01)


def test_the_module_tells_its_watchdog_when_it_is_opened(plc: Plc, gate: ModbusGate) -> None:
    plc.barrier.watchdog = 1.0

    info = opened(gate)

    assert info == IOInfo(watchdog=1.0, outputs=SHUT, zeroed=True, has_counter=False)


@pytest.mark.fault(29)
def test_a_watchdog_that_is_off_shows_at_the_opening(plc: Plc, gate: ModbusGate) -> None:
    plc.barrier.watchdog = 0.0

    assert opened(gate).watchdog == 0.0


def test_all_inputs_come_in_one_request(plc: Plc, gate: ModbusGate) -> None:
    opened(gate)
    plc.barrier.loops["arming"] = True
    before = plc.server.requests

    inputs = gate.scan()

    assert plc.server.requests == before + 1
    assert inputs.arming is Signal.ON
    assert inputs.safety is Signal.OFF
    assert inputs.arm_down is Signal.ON
    assert inputs.red_proof is Signal.ON
    assert inputs.occupants is None
    assert abs(time.monotonic() - inputs.taken) < 0.5


def test_a_loop_detector_that_is_broken_makes_the_loops_unknown(plc: Plc, gate: ModbusGate) -> None:
    opened(gate)
    plc.barrier.faults.loop_fault = True

    inputs = gate.scan()

    assert {inputs.arming, inputs.safety, inputs.closing} == {Signal.UNKNOWN}
    assert inputs.arm_down is Signal.ON


def test_a_counter_of_occupants_is_read_with_the_inputs() -> None:
    mapped = IOMap(counter=(11, 12, 13))
    module = Plc(io_map=mapped)
    module.start()
    driver = ModbusGate("127.0.0.1", module.port, io_map=mapped)
    try:
        module.barrier.occupants = 5
        assert opened(driver).has_counter
        assert driver.scan().occupants == 5
    finally:
        driver.close()
        module.stop()


def test_wires_the_other_way_round_are_turned_by_the_map() -> None:
    mapped = IOMap(inverted=frozenset({"arm_down", "safety", "green", "redirect_sign"}))
    module = Plc(io_map=mapped)
    module.start()
    driver = ModbusGate("127.0.0.1", module.port, io_map=mapped)
    wanted = LaneOutputs(lamp=Lamp.GREEN, sign=Sign.REDIRECT)
    try:
        opened(driver)
        inputs = driver.scan()
        driver.write(wanted, TTL)
    finally:
        driver.close()
        module.stop()

    assert (inputs.safety, inputs.arm_down) == (Signal.OFF, Signal.ON)
    assert module.barrier.coils["green"]
    assert module.barrier.coils["redirect_sign"]
    assert not module.barrier.coils["open"]


def test_coils_with_strange_ones_between_them_are_refused() -> None:
    with pytest.raises(InvalidInput):
        IOMap(redirect_sign=7)


def test_outputs_are_written_at_once_and_read_back(plc: Plc, gate: ModbusGate) -> None:
    opened(gate)

    gate.write(LaneOutputs(open=True, lamp=Lamp.GREEN, sign=Sign.SECONDARY), TTL)

    assert plc.barrier.coils == {
        "open": True,
        "green": True,
        "secondary_sign": True,
        "redirect_sign": False,
    }


def test_an_output_that_does_not_hold_is_no_output(plc: Plc, gate: ModbusGate) -> None:
    opened(gate)
    plc.barrier.faults.relays_dead = True

    with pytest.raises(IOLost):
        gate.write(OPEN, TTL)


@pytest.mark.rule("R7")
def test_the_module_lets_go_within_a_second_of_the_last_heartbeat(
    plc: Plc, gate: ModbusGate
) -> None:
    opened(gate)
    gate.write(LaneOutputs(open=True, lamp=Lamp.GREEN), TTL)
    for _ in range(30):
        gate.heartbeat()
        time.sleep(0.05)
    assert plc.barrier.coils["open"]

    last = time.monotonic()
    eventually(lambda: not plc.barrier.coils["open"], within=1.5)

    assert time.monotonic() - last < 1.3
    assert plc.barrier.dropped == 1
    assert gate.scan().red_proof is Signal.ON


@pytest.mark.rule("R7")
def test_outputs_that_nobody_renews_stop_the_heartbeat(plc: Plc, gate: ModbusGate) -> None:
    opened(gate)
    gate.write(OPEN, 0.2)
    gate.heartbeat()
    time.sleep(0.25)

    with pytest.raises(IOLost):
        gate.heartbeat()
    gate.write(OPEN, 0.2)
    gate.heartbeat()
    assert plc.barrier.coils["open"]
