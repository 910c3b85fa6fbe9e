import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from services.lane_gateway.domain.live import LiveState
from services.lane_gateway.web.live_hub import LIVE_FOR, LiveHub, main_passage
from shared.errors import Unavailable
from tests.unit.lane_gateway.web.live_builders import (
    NOW,
    a_live_passage,
    a_live_state,
    datagram,
)


class Clocks:
    """Both clocks of the host, moved by hand."""

    def __init__(self) -> None:
        self.steady = 1000.0
        self.wall = NOW

    def monotonic(self) -> float:
        return self.steady

    def clock(self) -> datetime:
        return self.wall

    def pass_by(self, seconds: float) -> None:
        self.steady += seconds
        self.wall += timedelta(seconds=seconds)


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


@pytest.fixture
def hub(clocks: Clocks) -> LiveHub:
    return LiveHub(Path("unused.sock"), monotonic=clocks.monotonic, clock=clocks.clock)


def send(hub: LiveHub, clocks: Clocks, state: LiveState) -> None:
    hub.take(datagram(replace(state, at=clocks.wall)))


def test_a_lane_is_live_once_its_counter_moved_and_until_it_stops(
    hub: LiveHub, clocks: Clocks
) -> None:
    send(hub, clocks, a_live_state(scans=1))
    assert not is_live(hub)
    clocks.pass_by(0.5)
    send(hub, clocks, a_live_state(scans=2))
    assert is_live(hub)
    clocks.pass_by(LIVE_FOR)
    assert not is_live(hub)


def test_an_agent_that_talks_but_scans_no_more_is_not_live(hub: LiveHub, clocks: Clocks) -> None:
    send(hub, clocks, a_live_state(scans=1))
    send(hub, clocks, a_live_state(scans=2))
    for _ in range(10):
        clocks.pass_by(0.5)
        send(hub, clocks, a_live_state(scans=2))
    assert not is_live(hub)


def test_a_picture_that_waited_while_we_were_stopped_is_not_taken(
    hub: LiveHub, clocks: Clocks
) -> None:
    send(hub, clocks, a_live_state(scans=1))
    green = a_live_state(scans=2, front=a_live_passage(), at=clocks.wall)
    clocks.pass_by(10)
    hub.take(datagram(green))
    hub.take(datagram(replace(green, scans=3)))
    assert not is_live(hub)
    newest = hub.look("l1")
    assert newest is not None
    assert newest.state.front is None


def test_a_picture_from_the_future_is_not_taken(hub: LiveHub, clocks: Clocks) -> None:
    hub.take(datagram(a_live_state(at=clocks.wall + timedelta(seconds=5))))
    assert hub.look("l1") is None


def test_an_older_picture_of_the_same_run_changes_nothing(hub: LiveHub, clocks: Clocks) -> None:
    send(hub, clocks, a_live_state(scans=9, word="waiting"))
    send(hub, clocks, a_live_state(scans=8, word="stop"))
    newest = hub.look("l1")
    assert newest is not None
    assert newest.state.word == "waiting"


def test_a_restarted_agent_has_to_show_that_it_scans(hub: LiveHub, clocks: Clocks) -> None:
    send(hub, clocks, a_live_state(scans=500))
    send(hub, clocks, a_live_state(scans=501))
    assert is_live(hub)
    again = uuid4()
    send(hub, clocks, a_live_state(run=again, scans=1))
    assert not is_live(hub)
    send(hub, clocks, a_live_state(run=again, scans=2))
    assert is_live(hub)


def test_a_verdict_is_as_old_as_its_first_sight_and_a_new_one_begins_anew(
    hub: LiveHub, clocks: Clocks
) -> None:
    first = a_live_state(scans=1, front=a_live_passage("first"))
    send(hub, clocks, first)
    clocks.pass_by(60)
    send(hub, clocks, replace(first, scans=2))
    newest = hub.look("l1")
    assert newest is not None
    assert clocks.steady - newest.verdict_since == 60
    send(hub, clocks, a_live_state(scans=3, front=a_live_passage("second")))
    newest = hub.look("l1")
    assert newest is not None
    assert clocks.steady == newest.verdict_since


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[]",
        b"\xff\xfe",
        b'{"lane": "l1"}',
        datagram(a_live_state())[:-30],
        b"[" * 9999,
    ],
)
def test_what_is_no_picture_is_counted_and_forgotten(hub: LiveHub, data: bytes) -> None:
    hub.take(data)
    assert hub.all() == {}


def test_the_vehicle_shown_is_the_one_at_the_gate_then_the_one_that_comes() -> None:
    at_gate, coming, passing = (a_live_passage(name) for name in ("a", "b", "c"))
    state = a_live_state(front=at_gate, approaching=(coming,), passing=passing)
    assert main_passage(state) is at_gate
    assert main_passage(replace(state, front=None)) is coming
    assert main_passage(replace(state, front=None, approaching=())) is passing
    assert main_passage(a_live_state()) is None


def test_a_hub_that_does_not_listen_says_so(hub: LiveHub) -> None:
    with pytest.raises(Unavailable):
        hub.check()


@pytest.fixture
def real(tmp_path: Path) -> Iterator[LiveHub]:
    hub = LiveHub(tmp_path / "web-live.sock")
    (tmp_path / "web-live.sock").touch()  # what a killed process left behind
    hub.start()
    yield hub
    hub.close()
    hub.close()


def test_who_waits_is_woken_by_a_picture_and_by_a_poke(real: LiveHub) -> None:
    real.check()
    began = time.monotonic()
    threading.Timer(0.1, real.take, [datagram(a_live_state(at=real_now()))]).start()
    live = real.wait("l1", 0, 5.0)
    assert live is not None
    threading.Timer(0.1, real.poke).start()
    again = real.wait("l1", live.number, 5.0)
    assert again is not None
    assert again.number > live.number
    assert time.monotonic() - began < 3


def test_who_waits_is_woken_when_the_lane_stops_being_live(real: LiveHub) -> None:
    for scans in (1, 2):
        real.take(datagram(a_live_state(scans=scans, at=real_now())))
    live = real.look("l1")
    assert live is not None
    assert live.is_live(real.now())
    began = time.monotonic()
    real.wait("l1", live.number, 10.0)
    assert not live.is_live(real.now())
    assert time.monotonic() - began < 3


def test_waiting_ends_by_itself_where_nothing_comes(real: LiveHub) -> None:
    assert real.wait("l1", 0, 0.05) is None
    assert real.wait_any({}, 0.05) == {}


def real_now() -> datetime:
    return datetime.now(NOW.tzinfo)


def is_live(hub: LiveHub) -> bool:
    live = hub.look("l1")
    return live is not None and live.is_live(hub.now())
