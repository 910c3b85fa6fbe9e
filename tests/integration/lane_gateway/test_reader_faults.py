"""What befalls a reader, in a lane that opens by itself: faults 1 to 17 at the gate.

In each of them: the fault is there, the gate stays shut for a car that is not cleared, booth and
record say why, and once the fault is over the car passes. In the end the record is compared with
what really happened.
"""

import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from services.lane_gateway.devices.llrp.codec import Bits, message, parameter
from services.lane_gateway.devices.llrp.reader import LlrpReader
from services.lane_gateway.devices.llrp.settings import ReaderAddress
from services.lane_gateway.domain.events import CardSeen, DeviceNoted
from services.lane_gateway.simulator.lane import LanePorts
from services.lane_gateway.simulator.reader import exception_event
from services.lane_gateway.simulator.reader_field import Tag
from services.lane_gateway.simulator.reader_profile import PROFILES, Profile
from services.lane_gateway.simulator.reader_refusal import status
from tests.integration.lane_gateway.lane_in_trouble import (
    SEEN_WITHIN,
    at_gate,
    lost,
    noted,
    passes,
    running,
    waits,
)
from tests.integration.lane_gateway.running_lane import RunningLane
from tests.unit.lane_gateway.builders import LANE, a_record, epc_of, tid_of

HOST = "127.0.0.1"
STALE = 66_000


@pytest.fixture
def lane(tmp_path: Path) -> Iterator[RunningLane]:
    with running(tmp_path, LanePorts(lane=LANE, has_counter=True)) as made:
        made.until(lambda seen: seen["reader_live"])
        yield made


@pytest.mark.fault(1)
@pytest.mark.fault(6)
def test_a_car_waits_while_the_reader_has_no_power(lane: RunningLane) -> None:
    before = lane.world.reader.machine.rospecs.described()
    lane.world.reader.power_off()
    lost(lane, "reader_lost")
    waits(lane)
    lane.world.reader.power_on()
    assert before
    assert lane.world.reader.machine.rospecs.described() == [], "it has forgotten the inventory"
    passes(lane)
    assert lane.world.reader.machine.rospecs.described() != before
    assert noted(lane)[-1] != "lost"


@pytest.mark.fault(2)
def test_a_car_waits_while_the_reader_is_frozen(lane: RunningLane) -> None:
    lane.world.reader.freeze()
    waits(lane)
    assert lane.world.reader.is_connected, "nobody has closed the connection"
    lost(lane, "reader_lost")
    lane.world.reader.thaw()
    passes(lane)


@pytest.mark.fault(3)
def test_a_car_of_which_nothing_is_read_waits_and_somebody_is_called(lane: RunningLane) -> None:
    lane.world.reader.mute(on=True)
    acknowledged = lane.world.reader.machine.acknowledged
    waits(lane)
    seen = lane.until(lambda _seen: "no_reads" in lane.alarms(), within=SEEN_WITHIN)
    assert seen["reader_live"], "keepalives come"
    assert lane.world.reader.machine.acknowledged > acknowledged
    lane.world.reader.mute(on=False)
    passes(lane)


@pytest.mark.fault(4)
def test_a_car_waits_while_the_reader_serves_another_client(lane: RunningLane) -> None:
    other = LlrpReader(ReaderAddress(host=HOST, port=lane.world.reader.port))
    lane.world.reader.drop()
    other.open(time.monotonic() + 5)
    lost(lane, "reader_busy")
    waits(lane)
    other.close()
    passes(lane)


@pytest.mark.fault(5)
def test_a_car_waits_while_a_web_server_answers_for_the_reader(lane: RunningLane) -> None:
    port = lane.world.reader.port
    lane.world.reader.power_off()
    with socket.create_server((HOST, port)) as web:
        web.settimeout(SEEN_WITHIN)
        asked, _ = web.accept()
        asked.sendall(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
        lost(lane, "reader_refused")
        waits(lane)
        asked.close()
    lane.world.reader.power_on()
    passes(lane)


@pytest.mark.fault(7)
def test_an_authorised_card_out_of_the_readers_memory_lets_nobody_in(lane: RunningLane) -> None:
    lane.cards.put(a_record("ana"))
    lane.world.reader.power_off()
    lost(lane, "reader_lost")
    lane.world.reader.power_on()
    stale = Tag(epc=epc_of("ana"), tid=tid_of("ana"))
    lane.world.reader.keep_stale(stale, rospec_id=7, count=STALE)
    lane.world.reader.mute(on=True)
    lane.car("ana")
    lane.until(lambda seen: seen["reader_live"] and at_gate(lane))
    replayed = lane.until(lambda _seen: replays(lane) >= STALE)
    assert replayed["front"]["cards"] == []
    assert not lane.opened()
    lane.world.reader.mute(on=False)
    unmuted = time.monotonic()
    lane.until(lambda seen: seen["gate"] in {"rising", "up"})
    assert time.monotonic() - unmuted < 1.0
    passes(lane)


def replays(lane: RunningLane) -> int:
    return sum(note.count for note in lane.record.of(DeviceNoted) if note.what == "replayed")


@pytest.mark.fault(8)
def test_a_car_passes_though_the_readers_words_come_byte_by_byte(lane: RunningLane) -> None:
    lane.world.reader.send_in_pieces(1)
    lane.car("ana")
    passes(lane)
    assert lane.alarms() == []


@pytest.mark.fault(8)
def test_fifty_cards_at_once_are_all_recorded_and_open_nothing(lane: RunningLane) -> None:
    for number in range(50):
        lane.world.reader.field.place(Tag(epc=number.to_bytes(12)))
    lane.until(lambda _seen: len(cards_seen(lane)) == 50)
    assert cards_seen(lane) == {number.to_bytes(12) for number in range(50)}
    assert not lane.opened()
    assert lane.alarms() == []


def cards_seen(lane: RunningLane) -> set[bytes]:
    return {card.epc for card in lane.record.of(CardSeen)}


@pytest.mark.fault(9)
@pytest.mark.parametrize("length", [0, 9, 2**31])
def test_a_car_passes_once_a_reader_that_lost_its_place_was_set_up_anew(
    lane: RunningLane, length: int
) -> None:
    before = lane.world.reader.machine.rospecs.described()
    lane.world.reader.inject(b"\x04\x3d" + length.to_bytes(4) + bytes(4))
    lost(lane, "reader_lost")
    lane.car("ana")
    passes(lane)
    assert lane.world.reader.machine.rospecs.described() != before


@pytest.mark.fault(10)
@pytest.mark.fault(11)
@pytest.mark.fault(12)
def test_strange_words_of_the_reader_stop_no_car_and_its_errors_are_told(
    lane: RunningLane,
) -> None:
    lane.world.reader.say(message("Unknown", Type=900, Data=b"\x01\x02"))
    lane.world.reader.say(message("CUSTOM_MESSAGE", VendorIdentifier=1, Data=b"x"))
    lane.world.reader.say(message("ADD_ROSPEC_RESPONSE", status(), id=4711))
    strange = parameter("TagReportData", parameter("EPC_96"), parameter("Unknown", Type=700))
    lane.world.reader.say(message("RO_ACCESS_REPORT", strange))
    assert lane.alarms() == []
    lane.world.reader.say(message("ERROR_MESSAGE", status("R_DeviceError"), id=4712))
    lane.until(lambda _seen: lane.alarms() == ["reader_exception"])
    lane.car("ana")
    passes(lane)
    assert "lost" not in noted(lane)


@pytest.mark.fault(12)
def test_a_car_waits_while_the_reader_refuses_its_inventory(lane: RunningLane) -> None:
    lane.world.reader.refuse("ADD_ROSPEC")
    lane.world.reader.drop()
    lost(lane, "reader_refused")
    waits(lane)
    lane.world.reader.refuse()
    passes(lane)


@pytest.mark.fault(13)
def test_a_car_waits_while_the_antenna_is_off(lane: RunningLane) -> None:
    lane.world.reader.set_antenna(1, connected=False)
    seen = waits(lane)
    assert seen["reader_live"]
    assert "reader_antenna_lost" in lane.alarms()
    assert "antenna_lost 1" in noted(lane)
    assert seen["front"]["cards"] == []
    lane.world.reader.set_antenna(1, connected=True)
    passes(lane)


@pytest.mark.fault(14)
def test_a_readers_troubles_are_told_and_it_goes_on_reading(lane: RunningLane) -> None:
    lane.world.reader.announce(exception_event("hot", 1))
    lane.world.reader.announce(parameter("ReportBufferOverflowErrorEvent"))
    lane.until(lambda _seen: set(lane.alarms()) == {"reader_exception", "reader_buffer_overflow"})
    assert {"exception 1", "buffer_overflow"} <= set(noted(lane))
    lane.car("ana")
    passes(lane)


@pytest.mark.fault(15)
@pytest.mark.parametrize(
    "profile", [Profile(clock_offset=-1.76e9), Profile(clock_offset=86_400.0), PROFILES["oldest"]]
)
def test_a_car_passes_whatever_the_readers_clock_shows(tmp_path: Path, profile: Profile) -> None:
    with running(tmp_path, LanePorts(lane=LANE, has_counter=True, profile=profile)) as lane:
        lane.until(lambda seen: seen["reader_live"])
        lane.car("ana")
        passes(lane)
        assert lane.alarms() == []


@pytest.mark.fault(15)
def test_a_car_whose_reads_seem_old_waits_until_the_clock_is_known_to_have_jumped(
    lane: RunningLane,
) -> None:
    machine = lane.world.reader.machine
    machine.profile = replace(machine.profile, clock_offset=-3600.0)
    waits(lane)
    assert replays_of_cards(lane) > 0
    passes(lane)


def replays_of_cards(lane: RunningLane) -> int:
    return sum(card.replay for card in lane.record.of(CardSeen)) + replays(lane)


@pytest.mark.fault(17)
def test_cards_of_any_length_without_an_antenna_open_nothing_and_are_recorded(
    lane: RunningLane,
) -> None:
    number = lane.world.reader.machine.rospecs.described()[0].number("ROSpecID")
    for bits in (0, 62, 96, 128, 496):
        epc = Bits(bits, bytes(range(1, (bits + 7) // 8 + 1)))
        tag = parameter(
            "TagReportData",
            parameter("EPCData", EPC=epc),
            parameter("ROSpecID", ROSpecID=number),
            parameter("AccessSpecID", AccessSpecID=0),
        )
        lane.world.reader.say(message("RO_ACCESS_REPORT", tag))
    lane.world.reader.say(message("RO_ACCESS_REPORT"))
    lane.until(lambda _seen: {len(epc) for epc in cards_seen(lane)} == {0, 8, 12, 16, 62})
    assert all(card.antenna is None for card in lane.record.of(CardSeen))
    assert not lane.opened()
    assert "lost" not in noted(lane)
