"""The gate's driver against a module on a real socket that misbehaves in every way it can."""

import time
from collections.abc import Callable, Iterator

import pytest
from pymodbus.client import ModbusTcpClient

from services.lane_gateway.devices.modbus_gate import ModbusGate
from services.lane_gateway.domain.signals import SHUT, LaneOutputs, Signal
from services.lane_gateway.simulator.modbus_server import (
    READ_COILS,
    READ_INPUTS,
    WRITE_COILS,
)
from services.lane_gateway.simulator.plc import Plc
from services.lane_gateway.use_cases.ports import IOInfo, IOLost

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


@pytest.mark.fault(25)
def test_a_module_that_is_not_there_is_lost_at_once(plc: Plc) -> None:
    plc.stop()
    started = time.monotonic()
    gate = ModbusGate("127.0.0.1", plc.port)

    with pytest.raises(IOLost):
        gate.open(started + 1.0)

    assert time.monotonic() - started < 0.6


@pytest.mark.fault(25)
def test_a_silent_module_blocks_for_less_than_half_a_second(plc: Plc, gate: ModbusGate) -> None:
    opened(gate)
    plc.server.faults.silent = True
    started = time.monotonic()

    with pytest.raises(IOLost):
        gate.scan()

    assert 0.3 < time.monotonic() - started < 0.6


@pytest.mark.fault(26)
def test_a_late_answer_is_not_taken_for_the_next_one(plc: Plc, gate: ModbusGate) -> None:
    opened(gate)
    plc.server.faults.delay = 0.6
    with pytest.raises(IOLost):
        gate.scan()
    plc.server.faults.delay = 0.0
    plc.barrier.loops["safety"] = True
    time.sleep(0.4)

    assert gate.scan().safety is Signal.ON
    assert gate.scan().safety is Signal.ON


@pytest.mark.fault(26)
def test_a_write_whose_answer_did_not_come_is_taken_back(plc: Plc, gate: ModbusGate) -> None:
    opened(gate)
    plc.server.faults.swallow_answer = frozenset({WRITE_COILS})
    seen = []
    plc.moved = lambda _seconds: seen.append(plc.barrier.coils["open"])

    with pytest.raises(IOLost):
        gate.write(OPEN, TTL)

    assert True in seen, "the write must have happened for this test to mean anything"
    eventually(lambda: not plc.barrier.coils["open"])


@pytest.mark.fault(26)
def test_a_write_in_doubt_is_zeroed_when_the_module_is_back(plc: Plc, gate: ModbusGate) -> None:
    plc.barrier.watchdog = 0.0
    opened(gate)
    plc.server.faults.deaf_to = frozenset({WRITE_COILS})
    with pytest.raises(IOLost):
        gate.write(OPEN, TTL)
    plc.barrier.coils["open"] = True
    plc.server.faults.deaf_to = frozenset()

    info = opened(gate)

    assert info.zeroed
    assert info.outputs == SHUT
    assert not plc.barrier.coils["open"]


@pytest.mark.rule("R3")
@pytest.mark.fault(26)
def test_zero_is_not_written_over_a_vehicle_under_the_arm(plc: Plc) -> None:
    plc.barrier.watchdog = 0.0
    plc.barrier.position = 1.0
    plc.barrier.loops["safety"] = True
    plc.barrier.coils["open"] = True
    gate = ModbusGate("127.0.0.1", plc.port)
    try:
        info = opened(gate)
        assert not info.zeroed
        assert info.outputs.open
        assert plc.barrier.coils["open"]

        plc.barrier.loops["safety"] = False
        assert opened(gate).zeroed
        assert not plc.barrier.coils["open"]
    finally:
        gate.close()


@pytest.mark.fault(27)
@pytest.mark.parametrize("code", [2, 4, 6])
def test_an_exception_is_never_taken_for_an_answer(plc: Plc, gate: ModbusGate, code: int) -> None:
    opened(gate)
    plc.server.faults.exception = code

    for request in (gate.scan, gate.heartbeat, lambda: gate.write(OPEN, TTL)):
        with pytest.raises(IOLost):
            request()
    assert not plc.barrier.coils["open"]


@pytest.mark.fault(27)
def test_an_answer_with_too_few_bits_is_no_answer(plc: Plc, gate: ModbusGate) -> None:
    opened(gate)
    plc.server.faults.short_bits = True

    with pytest.raises(IOLost):
        gate.scan()


@pytest.mark.fault(28)
def test_after_a_restart_of_the_module_its_coils_are_off_and_the_driver_says_so(
    plc: Plc, gate: ModbusGate
) -> None:
    opened(gate)
    gate.write(OPEN, TTL)
    plc.restart()

    with pytest.raises(IOLost):
        gate.scan()
    info = opened(gate)
    assert info.outputs == SHUT
    assert not info.zeroed


def test_the_simulated_module_answers_a_client_as_others_write_it(plc: Plc) -> None:
    client = ModbusTcpClient("127.0.0.1", port=plc.port, timeout=1)
    assert client.connect()  # type: ignore[no-untyped-call]
    try:
        assert client.read_coils(0, count=4).bits[:4] == [False] * 4
        assert not client.write_coil(0, True).isError()  # noqa: FBT003
        assert client.read_coils(0, count=1).bits[0]
        assert client.read_coils(0, count=9).isError()
        assert client.read_discrete_inputs(30, count=9).isError()
        assert client.read_exception_status().isError()
        assert not client.write_register(0, 7).isError()
        assert client.read_holding_registers(0, count=1).registers == [7]
        assert client.write_coils(2, [True] * 9).isError()
    finally:
        client.close()  # type: ignore[no-untyped-call]


def test_reads_and_writes_have_the_function_codes_that_faults_name() -> None:
    assert (READ_COILS, READ_INPUTS, WRITE_COILS) == (1, 2, 15)
