"""The simulator as a whole, through its sockets and its control."""

import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from services.lane_gateway.devices.io_map import WITH_COUNTER
from services.lane_gateway.devices.llrp.reader import LlrpReader
from services.lane_gateway.devices.llrp.settings import ReaderAddress
from services.lane_gateway.devices.modbus_gate import ModbusGate
from services.lane_gateway.devices.plate_reader import CameraLink
from services.lane_gateway.domain.evidence import TagRead
from services.lane_gateway.domain.signals import Lamp, LaneOutputs, Signal
from services.lane_gateway.simulator.lane import LanePorts
from services.lane_gateway.simulator.run import Simulator, Step, read_lanes, read_scenario, run
from shared.errors import InvalidInput, Unreadable
from tests.unit.lane_gateway.builders import epc_of, tid_of

Body = dict[str, Any]
CARD = {"epc": epc_of("ana").hex(), "tid": tid_of("ana").hex()}


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator([LanePorts(lane="l1", has_counter=True)]) as simulator:
        yield simulator


def ask(
    simulator: Simulator,
    method: str,
    path: str,
    body: object = None,
    host: str = "localhost",
    **headers: str,
) -> tuple[int, Body]:
    connection = http.client.HTTPConnection("127.0.0.1", simulator.control.port, timeout=5)
    data = body if isinstance(body, bytes) else json.dumps(body or {}).encode()
    connection.request(method, path, data, {"Host": host, **headers})
    answer = connection.getresponse()
    value = json.loads(answer.read())
    connection.close()
    return answer.status, value


def eventually(condition: Callable[[], bool], *, within: float = 10.0) -> None:
    until = time.monotonic() + within
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.01)


def test_a_card_comes_with_a_chip_that_can_be_challenged(simulator: Simulator) -> None:
    chipped = {**CARD, "chip_key": "0f" * 16, "chip": "silent"}
    assert ask(simulator, "POST", "/lanes/l1/vehicles", {"cards": [chipped, CARD]})[0] == 200
    chip, none = (card.chip for card in simulator.lanes["l1"].world.vehicles[0].cards)
    assert chip is not None
    assert (chip.key, chip.manner, none) == (b"\x0f" * 16, "silent", None)


@pytest.mark.parametrize(
    "wrong", [{"chip_key": "0f"}, {"chip_key": "key"}, {"chip_key": "0f" * 16, "chip": "sulks"}]
)
def test_a_chip_that_cannot_be_is_refused(simulator: Simulator, wrong: Body) -> None:
    status, problem = ask(simulator, "POST", "/lanes/l1/vehicles", {"cards": [{**CARD, **wrong}]})
    assert (status, problem["code"]) == (422, "invalid_input")


def test_a_car_drives_up_is_read_and_passes(simulator: Simulator) -> None:
    lane = simulator.lanes["l1"]
    reader = LlrpReader(ReaderAddress(host="127.0.0.1", port=lane.reader.port))
    camera = CameraLink("127.0.0.1", lane.camera.port)
    gate = ModbusGate("127.0.0.1", lane.plc.port, io_map=WITH_COUNTER)
    try:
        reader.open(time.monotonic() + 5)
        gate.open(time.monotonic() + 1)
        eventually(lambda: bool(camera.poll(0.01) or camera.live))
        car = {"cards": [CARD], "plate": "7ABC123", "region": "CA", "front": -9.0, "speed": 8.0}
        assert ask(simulator, "POST", "/lanes/l1/vehicles", car) == (200, {"vehicle": 1})

        seen: list[TagRead] = []
        plates: list[str] = []

        def is_read() -> bool:
            seen.extend(read for read in reader.poll(0.01) if isinstance(read, TagRead))
            plates.extend(read.plate for read in camera.poll(0.0))
            return bool(plates) and any(read.tid == tid_of("ana") for read in seen)

        eventually(is_read)
        assert {read.epc for read in seen} == {epc_of("ana")}
        assert plates == ["7ABC123"]
        eventually(lambda: gate.scan().arming is Signal.ON)
        assert gate.scan().occupants == 1

        gate.write(LaneOutputs(open=True, lamp=Lamp.GREEN), 30.0)

        def is_through() -> bool:
            gate.heartbeat()
            return not ask(simulator, "GET", "/lanes/l1")[1]["vehicles"]

        eventually(is_through)
    finally:
        reader.close()
        camera.close()
        gate.close()
    lines = ask(simulator, "GET", "/truth?after=0")[1]["lines"]
    assert [line["what"] for line in lines if line["what"] != "card_in_field"] == [
        "placed",
        "plate_read",
        "at_gate",
        "under_arm",
        "passed",
    ]
    assert ask(simulator, "GET", "/truth?after=4")[1]["lines"] == lines[4:]


def test_a_driver_is_told_what_to_do_and_a_vehicle_taken_away(simulator: Simulator) -> None:
    ask(simulator, "POST", "/lanes/l1/vehicles", {"driver": "stop", "front": -1.5})
    assert ask(simulator, "POST", "/lanes/l1/vehicles/1", {"driver": "back"})[0] == 200
    picture = ask(simulator, "GET", "/lanes")[1]["lanes"][0]
    assert picture["vehicles"][0]["driver"] == "back"
    assert picture["inputs"]["arming"]

    assert ask(simulator, "DELETE", "/lanes/l1/vehicles/1")[0] == 200
    assert ask(simulator, "DELETE", "/lanes/l1/vehicles/1")[0] == 404
    assert ask(simulator, "GET", "/lanes/l1")[1]["vehicles"] == []


def test_buttons_are_pressed_and_faults_set(simulator: Simulator) -> None:
    lane = simulator.lanes["l1"]
    assert ask(simulator, "POST", "/lanes/l1/buttons", {"emergency": True})[0] == 200
    faults: list[Body] = [
        {"device": "gate", "fault": "red_out"},
        {"device": "gate", "fault": "stuck", "value": {"safety": True}},
        {"device": "gate", "fault": "watchdog", "value": 0},
        {"device": "gate", "fault": "interlock", "value": False},
        {"device": "module", "fault": "delay", "value": 1},
        {"device": "module", "fault": "deaf_to", "value": [2]},
        {"device": "module", "fault": "restart"},
        {"device": "camera", "fault": "blind"},
        {"device": "camera", "fault": "misread_rate", "value": 0.5},
        {"device": "camera", "fault": "disconnect"},
        {"device": "reader", "fault": "mute"},
        {"device": "reader", "fault": "drop"},
        {"device": "reader", "fault": "frozen", "value": False},
    ]
    for fault in faults:
        assert ask(simulator, "POST", "/lanes/l1/faults", fault) == (200, {}), fault

    inputs = lane.plc.barrier.inputs()
    assert inputs["emergency"]
    assert inputs["safety"]
    assert not inputs["red_proof"]
    assert lane.plc.barrier.watchdog == 0
    assert not lane.plc.barrier.interlock
    assert lane.plc.server.faults.delay == 1.0
    assert lane.plc.server.faults.deaf_to == frozenset({2})
    assert lane.camera.faults.blind
    assert lane.camera.misread_rate == 0.5


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/nothing", {}, 404),
        ("GET", "/lanes/l9", {}, 404),
        ("POST", "/lanes/l1/wheels", {}, 404),
        ("POST", "/lanes/l1/vehicles/1", {}, 404),
        ("POST", "/lanes/l1/vehicles/x", {}, 404),
        ("POST", "/lanes/l1/vehicles", {"wheels": 3}, 422),
        ("POST", "/lanes/l1/vehicles", {"driver": "drunk"}, 422),
        ("POST", "/lanes/l1/vehicles", {"cards": 3}, 422),
        ("POST", "/lanes/l1/vehicles", {"cards": [3]}, 422),
        ("POST", "/lanes/l1/vehicles", {"cards": [{"epc": "xy"}]}, 422),
        ("POST", "/lanes/l1/vehicles", {"parts": [[1]]}, 422),
        ("POST", "/lanes/l1/vehicles", {"speed": "fast"}, 422),
        ("POST", "/lanes/l1/buttons", {"bell": True}, 422),
        ("POST", "/lanes/l1/buttons", {"reset": 1}, 422),
        ("POST", "/lanes/l1/faults", {"device": "engine"}, 422),
        ("POST", "/lanes/l1/faults", {"device": "gate", "fault": "rust"}, 422),
        ("POST", "/lanes/l1/faults", {"device": "gate", "fault": "red_out", "value": 3}, 422),
        ("POST", "/lanes/l1/faults", {"device": "gate", "fault": "watchdog"}, 422),
        ("POST", "/lanes/l1/faults", {"device": "reader", "fault": "rust"}, 422),
        ("POST", "/lanes/l1/buttons", b"{broken", 422),
        ("POST", "/lanes/l1/buttons", b"[]", 422),
        ("POST", "/lanes/l1/buttons", b" " * 100_001, 422),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(
    simulator: Simulator, method: str, path: str, body: object, status: int
) -> None:
    assert ask(simulator, method, path, body)[0] == status


def test_what_a_page_in_a_browser_sends_is_refused(simulator: Simulator) -> None:
    assert ask(simulator, "GET", "/lanes", host="evil.example")[0] == 422
    for page in ("https://evil.example", "null"):
        status, said = ask(simulator, "POST", "/vehicles", {"lane": "l1"}, Origin=page)
        assert (status, list(said["fields"])) == (422, ["Origin"])
    assert not any(line["what"] == "placed" for line in simulator.truth.after(0))


def test_lanes_and_scenario_come_from_files(tmp_path: Path) -> None:
    lanes, scenario, truth = (tmp_path / name for name in ("lanes", "scenario", "truth"))
    lanes.write_text(
        json.dumps(
            [
                {
                    "id": "l7",
                    "site": "sym",
                    "mode": "automatic",
                    "reader": "localhost:0",
                    "gate": "localhost:0",
                    "camera": "localhost:0",
                }
            ]
        )
    )
    scenario.write_text(json.dumps([{"path": "/lanes/l7/vehicles", "body": {"front": -3.0}}]))
    stop = threading.Event()
    runner = threading.Thread(
        target=run,
        args=(read_lanes(lanes), stop),
        kwargs={"scenario": read_scenario(scenario), "truth": truth},
    )
    runner.start()
    eventually(lambda: truth.exists() and "at_gate" in truth.read_text())
    stop.set()
    runner.join(timeout=10)

    assert not runner.is_alive()
    first = json.loads(truth.read_text().splitlines()[0])
    assert (first["lane"], first["what"], first["number"]) == ("l7", "placed", 1)


def test_a_scenario_that_asks_for_nonsense_stops_with_its_step(simulator: Simulator) -> None:
    step = Step(after=0, method="POST", path="/lanes/l9/vehicles", body={})

    with pytest.raises(InvalidInput) as caught:
        simulator.play([step], threading.Event())
    assert "l9" in str(caught.value.fields)


@pytest.mark.parametrize("text", ["{", "3", '[{"id": "l1"}]', '["l1"]'])
def test_files_that_are_none_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "file"
    path.write_text(text)

    with pytest.raises(Unreadable):
        read_lanes(path)
    with pytest.raises(Unreadable):
        read_scenario(path)
