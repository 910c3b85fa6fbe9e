"""mbpoll asks our simulated gate, and libmodbus answers our driver."""

import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.lane_gateway.devices.io_map import WITH_COUNTER, IOMap
from services.lane_gateway.devices.modbus_gate import ModbusGate
from services.lane_gateway.domain.signals import SHUT, Lamp, LaneOutputs, Sign, Signal
from services.lane_gateway.use_cases.ports import IOLost
from tests.foreign.processes import HOST, PROGRAMS, ServingProgram, SimulatorProcess

VALUE = re.compile(r"^\[(\d+)\]:\s+(\S+)", re.MULTILINE)
COIL, INPUT, REGISTER = "0", "1", "4"
ON = "1"
OPEN = LaneOutputs(open=True, lamp=Lamp.GREEN, sign=Sign.NONE)
TTL = 30.0


@pytest.fixture(scope="module")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatorProcess]:
    with SimulatorProcess(tmp_path_factory.mktemp("simulator")) as running:
        yield running


def mbpoll(simulator: SimulatorProcess, kind: str, start: int, *words: str) -> list[int]:
    """Read or write once; return what was read."""
    program = shutil.which("mbpoll")
    assert program is not None, "mbpoll is missing: make test installs it, or says what to do"
    command = [program, "-0", "-1", "-q", "-m", "tcp", "-p", str(simulator.gate)]
    command += ["-a", "1", "-t", kind, "-r", str(start)]
    done = subprocess.run(
        [*command, HOST, *words], capture_output=True, text=True, timeout=10, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return [int(value) for _, value in VALUE.findall(done.stdout)]


def read(simulator: SimulatorProcess, kind: str, start: int, count: int) -> list[int]:
    found = mbpoll(simulator, kind, start, "-c", str(count))
    assert len(found) == count
    return found


def inputs_by_map(simulator: SimulatorProcess, wiring: IOMap) -> dict[str, bool]:
    block = wiring.input_block
    bits = read(simulator, INPUT, block.start, len(block))
    truth: dict[str, Any] = simulator.lane()["inputs"]
    return {name: bool(bits[getattr(wiring, name) - block.start]) for name in truth}


def test_mbpoll_reads_every_input_as_the_simulator_has_it(simulator: SimulatorProcess) -> None:
    before = inputs_by_map(simulator, WITH_COUNTER)
    assert before == simulator.lane()["inputs"]
    assert (before["arming"], before["arm_down"], before["red_proof"]) == (False, True, True)

    simulator.place({}, front=-1.2, occupants=5)
    simulator.ask("POST", "/lanes/l1/buttons", {"key_switch": True})

    after = inputs_by_map(simulator, WITH_COUNTER)
    assert after == simulator.lane()["inputs"]
    assert {name for name in after if after[name] != before[name]} == {"arming", "key_switch"}
    counter = read(simulator, INPUT, WITH_COUNTER.counter[0], len(WITH_COUNTER.counter))
    assert counter == [1, 0, 1, 0]
    simulator.ask("POST", "/lanes/l1/buttons", {"key_switch": False})


def settled(simulator: SimulatorProcess, *, arm: float) -> dict[str, Any]:
    """Wait until the arm is there."""
    until = time.monotonic() + 4
    while (lane := simulator.lane())["arm"] != arm:
        assert time.monotonic() < until, "the arm does not get there"
        time.sleep(0.05)
    return lane


def test_mbpoll_opens_the_simulated_gate_and_the_watchdog_shuts_it(
    simulator: SimulatorProcess,
) -> None:
    assert read(simulator, REGISTER, WITH_COUNTER.watchdog, 1) == [1000]
    mbpoll(simulator, REGISTER, WITH_COUNTER.watchdog, "5000")
    assert read(simulator, REGISTER, WITH_COUNTER.watchdog, 1) == [5000]
    mbpoll(simulator, REGISTER, WITH_COUNTER.heartbeat, "77")
    assert read(simulator, REGISTER, WITH_COUNTER.heartbeat, 1) == [77]

    mbpoll(simulator, COIL, WITH_COUNTER.open, "1", "1")

    lane = simulator.lane()
    assert lane["coils"] == dict.fromkeys(lane["coils"], False) | {"open": True, "green": True}
    assert read(simulator, COIL, WITH_COUNTER.coil_block.start, 4) == [1, 1, 0, 0]
    assert settled(simulator, arm=1.0)["light"] == "green"
    assert read(simulator, INPUT, WITH_COUNTER.arm_up, 2) == [1, 0]
    # Nobody beats any more: the module lets go by itself.
    mbpoll(simulator, REGISTER, WITH_COUNTER.watchdog, "200")
    lane = settled(simulator, arm=0.0)
    assert (lane["light"], any(lane["coils"].values())) == ("red", False)
    assert read(simulator, COIL, WITH_COUNTER.coil_block.start, 4) == [0, 0, 0, 0]
    mbpoll(simulator, REGISTER, WITH_COUNTER.watchdog, "1000")


class Module(ServingProgram):
    """libmodbus standing in for a gate's module with the arm down and nobody on the loops."""

    def show(self, *words: str) -> None:
        self.say(" ".join(words))
        self.state()

    def state(self) -> dict[str, list[int]]:
        self.say("?")
        assert self._process.stdout is not None
        found: dict[str, list[int]] = json.loads(self._process.stdout.readline())
        return found

    def say(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()


@pytest.fixture
def module(tmp_path: Path) -> Iterator[Module]:
    shown = (f"{WITH_COUNTER.arm_down}=1", f"{WITH_COUNTER.red_proof}=1", "r1=1000")
    command: list[str | Path] = [sys.executable, PROGRAMS / "libmodbus_module.py", *shown]
    with Module(command, tmp_path / "module.log") as running:
        yield running


@pytest.fixture
def gate(module: Module) -> Iterator[ModbusGate]:
    ours = ModbusGate(HOST, module.port, io_map=WITH_COUNTER)
    yield ours
    ours.close()


def test_our_driver_reads_inputs_and_watchdog_from_libmodbus(
    module: Module, gate: ModbusGate
) -> None:
    info = gate.open(time.monotonic() + 2)
    assert (info.watchdog, info.outputs, info.zeroed) == (1.0, SHUT, True)

    module.show(f"{WITH_COUNTER.arming}=1", "11=1", "13=1", f"{WITH_COUNTER.key_switch}=1")
    inputs = gate.scan()

    assert (inputs.arming, inputs.safety, inputs.closing) == (Signal.ON, Signal.OFF, Signal.OFF)
    assert (inputs.arm_down, inputs.arm_up) == (Signal.ON, Signal.OFF)
    assert (inputs.key_switch, inputs.emergency) == (Signal.ON, Signal.OFF)
    assert inputs.occupants == 5
    module.show(f"{WITH_COUNTER.loop_fault}=1")
    assert gate.scan().arming is Signal.UNKNOWN


def test_our_driver_sets_coils_and_heartbeat_of_libmodbus(module: Module, gate: ModbusGate) -> None:
    gate.open(time.monotonic() + 2)

    gate.write(OPEN, TTL)
    gate.heartbeat()
    gate.heartbeat()

    state = module.state()
    assert state["coils"][:5] == [1, 1, 0, 0, 0]
    assert state["registers"] == [2, 1000, 0, 0]
    gate.write(LaneOutputs(sign=Sign.SECONDARY), TTL)
    assert module.state()["coils"][:5] == [0, 0, 1, 0, 0]
    assert gate.open(time.monotonic() + 2).outputs == LaneOutputs(sign=Sign.SECONDARY)
    gate.close()
    # Who comes anew does not know who set the coils, and lets go of them.
    another = ModbusGate(HOST, module.port, io_map=WITH_COUNTER)
    assert another.open(time.monotonic() + 2).zeroed
    assert module.state()["coils"][:5] == [0, 0, 0, 0, 0]
    another.close()


def test_an_address_that_libmodbus_does_not_have_is_a_loss(module: Module) -> None:
    beyond = IOMap(watchdog=9)
    driver = ModbusGate(HOST, module.port, io_map=beyond)
    with pytest.raises(IOLost, match="illegal data address"):
        driver.open(time.monotonic() + 2)
    driver.close()
