"""Readers fail in many ways; each is noticed in time and opens nothing."""

import socket
import threading
import time
from pathlib import Path

import pytest

from services.lane_gateway.devices.llrp.codec import message, parameter
from services.lane_gateway.devices.llrp.reader import LlrpReader
from services.lane_gateway.devices.llrp.retry import RetryPolicy
from services.lane_gateway.devices.llrp.settings import ReaderAddress, TlsSettings
from services.lane_gateway.simulator.reader import ReaderSimulator
from services.lane_gateway.simulator.reader_field import Tag
from services.lane_gateway.simulator.reader_profile import Profile
from services.lane_gateway.simulator.reader_refusal import status
from services.lane_gateway.use_cases.ports import (
    ReaderBusy,
    ReaderEvent,
    ReaderEventKind,
    ReaderLost,
    ReaderRefused,
)
from tests.integration.lane_gateway.llrp.conftest import (
    Authority,
    collect,
    has_read,
    opened,
    reads,
)

CARD = Tag(epc=bytes(range(12)), tid=b"\xe2\x80\x11\x05" * 3)
STALE = Tag(epc=b"\xaa" * 12, tid=b"\xbb" * 12)
FLOOD = 66_000


def reopened(reader: LlrpReader, seconds: float) -> float:
    """Try as the lane's agent does until the session is open, and return how long it took."""
    policy, started = RetryPolicy(), time.monotonic()
    while True:
        try:
            reader.open(time.monotonic() + 5)
        except (ReaderBusy, ReaderRefused, ReaderLost) as error:
            assert time.monotonic() - started < seconds, "the reader did not come back"
            time.sleep(policy.failed(error))
        else:
            return time.monotonic() - started


@pytest.mark.fault(1)
@pytest.mark.fault(6)
def test_a_reader_that_loses_power_is_set_up_anew_when_it_is_back(
    simulator: ReaderSimulator, reader: LlrpReader
) -> None:
    opened(reader)
    simulator.field.place(CARD)
    assert collect(reader, 2, has_read)
    simulator.power_off()
    with pytest.raises(ReaderLost):
        collect(reader, 2)
    assert not reader.health().live
    with pytest.raises(ReaderLost, match="cannot be reached"):
        reader.open(time.monotonic() + 1)
    back = threading.Timer(0.3, simulator.power_on)
    back.start()
    took = reopened(reader, 5)
    assert reads(collect(reader, 1, has_read))
    assert took < 0.3 + 2.0
    back.join()


@pytest.mark.fault(2)
def test_a_frozen_reader_is_noticed_within_three_and_a_half_seconds(
    simulator: ReaderSimulator, reader: LlrpReader
) -> None:
    opened(reader)
    collect(reader, 0.2)
    simulator.freeze()
    frozen = time.monotonic()
    with pytest.raises(ReaderLost, match="No byte"):
        collect(reader, 6)
    assert time.monotonic() - frozen < 3.5


@pytest.mark.fault(2)
def test_a_dead_link_is_noticed_by_a_loop_that_only_polls_when_it_is_due(
    simulator: ReaderSimulator, reader: LlrpReader
) -> None:
    opened(reader)
    collect(reader, 0.2)
    simulator.freeze()
    frozen = time.monotonic()
    with pytest.raises(ReaderLost):
        poll_when_due(reader)
    assert time.monotonic() - frozen < 3.5


def poll_when_due(reader: LlrpReader) -> None:
    while True:
        time.sleep(max(0.0, reader.due() - time.monotonic()))
        reader.poll(0)


@pytest.mark.fault(4)
def test_a_second_client_is_told_that_the_reader_is_taken_and_gets_in_once_it_is_free(
    simulator: ReaderSimulator, reader: LlrpReader
) -> None:
    opened(reader)
    second = LlrpReader(ReaderAddress(host=simulator.host, port=simulator.port))
    with pytest.raises(ReaderBusy):
        second.open(time.monotonic() + 5)
    told = [e for e in collect(reader, 0.3) if isinstance(e, ReaderEvent)]
    assert any("another client" in e.detail for e in told)
    reader.close()
    opened(second)
    second.close()


@pytest.mark.fault(5)
def test_a_server_that_says_nothing_is_given_up(reader: LlrpReader) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        silent = LlrpReader(ReaderAddress(host="127.0.0.1", port=mute.getsockname()[1]))
        with pytest.raises(ReaderLost):
            silent.open(time.monotonic() + 0.5)
        silent.close()
    reader.close()


@pytest.mark.fault(5)
def test_a_web_server_on_the_readers_port_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as web:
        answering = threading.Thread(target=say_bad_request, args=(web,))
        answering.start()
        confused = LlrpReader(ReaderAddress(host="127.0.0.1", port=web.getsockname()[1]))
        with pytest.raises(ReaderRefused, match="no LLRP reader"):
            confused.open(time.monotonic() + 5)
        answering.join()


def say_bad_request(server: socket.socket) -> None:
    connection, _ = server.accept()
    with connection:
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")


@pytest.mark.fault(7)
def test_what_a_reader_kept_during_an_outage_opens_nothing(
    simulator: ReaderSimulator, reader: LlrpReader
) -> None:
    opened(reader)
    collect(reader, 0.1)
    simulator.drop()
    with pytest.raises(ReaderLost):
        collect(reader, 2)
    simulator.field.place(STALE)
    time.sleep(0.4)
    simulator.field.remove(STALE)
    opened(reader)
    simulator.field.place(CARD)
    found = collect(reader, 0.5)
    assert {read.epc for read in reads(found) if not read.replay} == {CARD.epc}
    assert any(isinstance(e, ReaderEvent) and e.kind == ReaderEventKind.REPLAYED for e in found)
    assert reader.health().dropped_replays > 3


@pytest.mark.fault(7)
@pytest.mark.parametrize("can_hold", [True, False])
def test_a_flood_of_replays_holds_up_no_fresh_card(*, can_hold: bool) -> None:
    with ReaderSimulator(Profile(can_hold=can_hold)) as simulator:
        simulator.keep_stale(STALE, rospec_id=12, count=FLOOD)
        simulator.field.place(CARD)
        reader = LlrpReader(ReaderAddress(host=simulator.host, port=simulator.port))
        reader.open(time.monotonic() + 10)
        slowest = 0.0
        found: list[object] = []
        end = time.monotonic() + 10
        while time.monotonic() < end and not any(
            getattr(came, "epc", None) == CARD.epc for came in found
        ):
            before = time.monotonic()
            found += reader.poll(0)
            slowest = max(slowest, time.monotonic() - before)
        cards = {read.epc for read in found if getattr(read, "epc", None)}  # type: ignore[attr-defined]
        assert cards == {CARD.epc}
        assert slowest < 0.25
        assert reader.health().dropped_replays == FLOOD
        reader.close()


@pytest.mark.fault(9)
@pytest.mark.parametrize("length", [0, 9, 2**31])
def test_a_frame_with_an_impossible_length_ends_the_session(
    simulator: ReaderSimulator, reader: LlrpReader, length: int
) -> None:
    opened(reader)
    simulator.inject(b"\x04\x3d" + length.to_bytes(4) + bytes(4))
    with pytest.raises(ReaderLost):
        collect(reader, 2)


@pytest.mark.fault(10)
@pytest.mark.fault(11)
@pytest.mark.fault(12)
def test_strange_messages_are_passed_over_and_cards_still_read(
    simulator: ReaderSimulator, reader: LlrpReader
) -> None:
    opened(reader)
    simulator.say(message("Unknown", Type=900, Data=b"\x01\x02"))
    simulator.say(message("CUSTOM_MESSAGE", VendorIdentifier=1, Data=b"x"))
    simulator.say(message("ADD_ROSPEC_RESPONSE", status(), id=4711))
    simulator.say(message("ERROR_MESSAGE", status("R_DeviceError"), id=4712))
    strange = parameter("TagReportData", parameter("EPC_96"), parameter("Unknown", Type=700))
    simulator.say(message("RO_ACCESS_REPORT", strange))
    simulator.field.place(CARD)
    assert reads(collect(reader, 2, has_read))


@pytest.mark.fault(12)
def test_a_refused_inventory_is_a_refusal(simulator: ReaderSimulator, reader: LlrpReader) -> None:
    simulator.refuse("ADD_ROSPEC")
    with pytest.raises(ReaderRefused, match="ADD_ROSPEC"):
        opened(reader)
    simulator.refuse()
    opened(reader)


def tls_reader(simulator: ReaderSimulator, authority: Authority, name: str) -> LlrpReader:
    tls = TlsSettings(authority=authority.path, server_name=name)
    return LlrpReader(ReaderAddress(host=simulator.host, port=simulator.port, tls=tls))


def test_cards_are_read_over_tls(authority: Authority) -> None:
    with ReaderSimulator(tls=authority.server("reader.test")) as simulator:
        reader = tls_reader(simulator, authority, "reader.test")
        opened(reader)
        simulator.field.place(CARD)
        assert reads(collect(reader, 2, has_read))[0].tid == CARD.tid
        reader.close()


@pytest.mark.fault(16)
@pytest.mark.parametrize(
    ("name", "days", "reason"), [("reader.test", -1, "expired"), ("other.test", 1, "certificate")]
)
def test_a_certificate_that_has_ended_or_is_for_another_name_is_refused(
    authority: Authority, name: str, days: int, reason: str
) -> None:
    with ReaderSimulator(tls=authority.server("reader.test", days=days)) as simulator:
        reader = tls_reader(simulator, authority, name)
        with pytest.raises(ReaderRefused, match=reason):
            opened(reader)


@pytest.mark.fault(16)
def test_plain_text_on_the_port_for_tls_is_refused(
    simulator: ReaderSimulator, authority: Authority
) -> None:
    with pytest.raises(ReaderRefused, match="TLS"):
        opened(tls_reader(simulator, authority, "reader.test"))


@pytest.mark.fault(16)
def test_an_authority_that_is_not_there_is_a_refusal(
    simulator: ReaderSimulator, tmp_path: Path
) -> None:
    tls = TlsSettings(authority=tmp_path / "none.pem", server_name="reader.test")
    reader = LlrpReader(ReaderAddress(host=simulator.host, port=simulator.port, tls=tls))
    with pytest.raises(ReaderRefused, match="authority"):
        opened(reader)
