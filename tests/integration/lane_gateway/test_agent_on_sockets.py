"""The agent with real devices' protocols on real sockets, against the simulator."""

import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.lane_gateway.agent.wake import DatagramLiveFeed, WakeSocket
from services.lane_gateway.domain.commands import CommandKind
from services.lane_gateway.domain.credentials import CardStatus
from services.lane_gateway.domain.events import (
    DeviceNoted,
    PassageDecided,
    PassageEnded,
)
from services.lane_gateway.domain.lane_policy import LaneMode
from services.lane_gateway.simulator.reader_field import Tag
from services.lane_gateway.simulator.vehicle import Driver
from tests.integration.lane_gateway.running_lane import RunningLane
from tests.unit.lane_gateway.builders import (
    PLATE,
    REGION,
    a_record,
    epc_of,
    tid_of,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def a_running(folder: Path, mode: LaneMode) -> Iterator[RunningLane]:
    lane = RunningLane(folder, mode=mode)
    with lane.simulator:
        lane.start()
        try:
            lane.until(
                lambda seen: seen["reader_live"] and seen["camera_live"] and seen["gate"] == "down"
            )
            yield lane
        finally:
            lane.stop()
            lane.incoming.close()
            lane.feed.close()


@pytest.fixture
def lane(folder: Path) -> Iterator[RunningLane]:
    yield from a_running(folder, LaneMode.ATTENDED)


@pytest.fixture
def automatic(folder: Path) -> Iterator[RunningLane]:
    yield from a_running(folder, LaneMode.AUTOMATIC)


@pytest.mark.rule("R2")
def test_a_car_drives_up_is_admitted_and_passes(lane: RunningLane) -> None:
    lane.car("ana")
    ready = lane.until(lambda seen: seen["word"] == "clear" and seen["front"])
    assert ready["front"]["plate"] == PLATE
    said = lane.say(CommandKind.ADMIT, ready, counted=1)
    lane.until(lambda seen: seen["gate"] in {"rising", "up"})
    assert time.monotonic() - said < 2.0
    lane.until(lambda seen: seen["gate"] == "down" and seen["word"] == "waiting")

    assert [str(ended.end) for ended in lane.record.of(PassageEnded)] == ["passed"]
    what = [line["what"] for line in lane.simulator.truth.after(0)]
    steps = ["placed", "plate_read", "at_gate", "under_arm", "passed"]
    assert [step for step in what if step in steps] == steps
    assert not lane.world.plc.barrier.coils["open"]


def test_a_lane_alone_lets_a_clear_car_pass(automatic: RunningLane) -> None:
    automatic.until(lambda seen: seen["mode"] == "automatic")
    automatic.car("ana", "ben", occupants=2)
    automatic.until(lambda seen: seen["gate"] == "up")
    automatic.until(lambda seen: seen["gate"] == "down")

    assert [str(ended.end) for ended in automatic.record.of(PassageEnded)] == ["passed"]


@pytest.mark.statement(44)
def test_a_hold_that_reaches_the_site_shows_at_once(lane: RunningLane) -> None:
    lane.car("ana")
    lane.until(lambda seen: seen["word"] == "clear" and seen["front"])
    lane.cards.put(a_record("ana", status=CardStatus.HELD))
    changed = time.monotonic()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"", str(lane.wake_path))
    lane.until(lambda seen: seen["word"] == "refer")

    assert time.monotonic() - changed < 1.0


@pytest.mark.fault(1)
@pytest.mark.fault(6)
def test_a_reader_that_loses_power_is_back_at_work_within_two_seconds(lane: RunningLane) -> None:
    lane.world.reader.power_off()
    lane.until(lambda seen: not seen["reader_live"])
    assert not lane.world.reader.is_connected
    lane.world.reader.power_on()
    back = time.monotonic()
    lane.until(lambda seen: seen["reader_live"])
    assert time.monotonic() - back < 3.0
    lane.car("ana")
    lane.until(lambda seen: seen["word"] == "clear" and seen["front"])

    assert "reader_lost" in lane.alarms()
    assert "live" in [note.what for note in lane.record.of(DeviceNoted) if note.device == "reader"]


@pytest.mark.fault(2)
@pytest.mark.rule("R8")
def test_a_frozen_reader_is_noticed_and_the_gate_keeps_being_scanned(lane: RunningLane) -> None:
    lane.world.reader.freeze()
    frozen = time.monotonic()
    before = lane.picture()["scans"]
    seen = lane.until(lambda seen: not seen["reader_live"])

    assert 2.0 < time.monotonic() - frozen < 4.5
    assert seen["scans"] - before > 20
    assert seen["health"] == "degraded"
    lane.world.reader.thaw()


@pytest.mark.fault(7)
def test_a_flood_of_stale_reports_opens_nothing_and_delays_nobody(
    automatic: RunningLane,
) -> None:
    automatic.until(lambda seen: seen["mode"] == "automatic")
    automatic.cards.put(a_record("ana"))
    automatic.world.reader.power_off()
    automatic.until(lambda seen: not seen["reader_live"])
    automatic.car(plate=PLATE, driver=Driver.WAIT)
    automatic.until(lambda seen: seen["front"] and seen["word"] == "refer")
    stale = Tag(epc=epc_of("ana"), tid=tid_of("ana"))
    automatic.world.reader.power_on()
    automatic.world.reader.keep_stale(stale, rospec_id=7, count=20_000)
    automatic.until(lambda seen: seen["reader_live"])
    before = automatic.picture()["scans"]
    time.sleep(1.0)
    seen = automatic.picture()

    assert not automatic.opened()
    assert seen["front"]["cards"] == []
    assert seen["scans"] - before > 10


@pytest.mark.fault(25)
@pytest.mark.rule("R8")
def test_a_silent_module_opens_nothing_and_loses_no_car(lane: RunningLane) -> None:
    lane.car("ana")
    ready = lane.until(lambda seen: seen["word"] == "clear" and seen["front"])
    lane.world.plc.server.faults.silent = True
    lane.until(lambda seen: not seen["inputs_live"])
    lane.say(CommandKind.ADMIT, ready, counted=1)
    time.sleep(1.0)
    assert not lane.opened()
    assert not lane.world.plc.barrier.coils["open"]

    lane.world.plc.server.faults.silent = False
    again = lane.until(lambda seen: seen["gate"] == "down" and seen["inputs_live"])
    assert not lane.opened(), "an admission of before is over"
    lane.say(CommandKind.ADMIT, again, counted=1)
    lane.until(lambda seen: seen["gate"] == "down" and seen["word"] == "waiting")
    assert [str(ended.end) for ended in lane.record.of(PassageEnded)] == ["passed"]
    assert "io_lost" in lane.alarms()


@pytest.mark.fault(28)
def test_after_a_restart_of_the_module_the_lane_verifies_and_goes_on(lane: RunningLane) -> None:
    lane.world.plc.restart()
    lane.until(lambda seen: seen["gate"] == "down" and seen["health"] == "ok")
    lane.car("ana")
    lane.until(lambda seen: seen["word"] == "clear" and seen["front"])


@pytest.mark.rule("R7")
@pytest.mark.fault(36)
def test_an_agent_that_stops_lets_go_of_the_arm_within_a_second(lane: RunningLane) -> None:
    lane.car("ana", driver=Driver.WAIT)
    ready = lane.until(lambda seen: seen["word"] == "clear" and seen["front"])
    lane.say(CommandKind.ADMIT, ready, counted=1)
    lane.until(lambda seen: seen["gate"] == "up")
    assert lane.world.plc.barrier.coils["open"]
    lane.stop()
    stopped = time.monotonic()
    while lane.world.plc.barrier.coils["open"]:
        assert time.monotonic() - stopped < 1.5
        time.sleep(0.01)

    assert lane.world.plc.barrier.dropped == 1
    lane.record.entries.clear()
    lane.start()
    seen = lane.until(lambda seen: seen["gate"] in {"manual", "down"}, within=10)
    assert seen["gate"] == "manual", "a vehicle stands in the lane: an attendant must look"
    assert not lane.opened()


def test_the_camera_may_be_away_without_stopping_the_lane(lane: RunningLane) -> None:
    lane.world.camera.faults.blind = True
    lane.world.camera.disconnect()
    lane.car("ana")
    seen = lane.until(lambda seen: seen["front"] and seen["word"] == "refer")
    assert seen["front"]["reasons"] == ["plate_unread"]
    lane.say(CommandKind.CONFIRM_PLATE, seen, plate=PLATE, region=REGION)
    lane.until(lambda seen: seen["word"] == "clear")


def test_pictures_come_twice_a_second_while_nothing_happens(lane: RunningLane) -> None:
    first = lane.picture()
    time.sleep(2.0)
    second = lane.picture()

    assert second["run"] == first["run"]
    assert 20 <= second["scans"] - first["scans"] <= 60
    assert len(lane.record.saved) >= 3
    age = datetime.now(UTC) - datetime.fromisoformat(second["at"])
    assert age < timedelta(seconds=1)


def test_the_record_grows_by_what_happens_and_not_by_time(lane: RunningLane) -> None:
    lane.car("ana", driver=Driver.WAIT)
    lane.until(lambda seen: seen["word"] == "clear" and seen["front"])
    time.sleep(0.3)
    before = lane.record.commits
    time.sleep(2.0)

    assert lane.record.commits == before
    assert len(lane.record.of(PassageDecided)) <= 2


def test_a_wake_socket_is_private_and_takes_the_place_of_a_dead_one(folder: Path) -> None:
    path = folder / "wake.sock"
    dead = WakeSocket(path)
    fresh = WakeSocket(path)
    try:
        assert path.stat().st_mode & 0o077 == 0
        assert not fresh.drain()
        fresh.poke()
        assert fresh.drain()
        assert not fresh.drain()
    finally:
        dead.close()
        fresh.close()
    assert not path.exists()
    fresh.poke()
    feed = DatagramLiveFeed(folder / "nobody.sock")
    feed.close()
    assert list(folder.iterdir()) == []
