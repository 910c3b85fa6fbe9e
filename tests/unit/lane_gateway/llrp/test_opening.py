"""How a session begins, step by step, and how it is refused."""

import pytest

from services.lane_gateway.devices.llrp.codec import Message, message, parameter
from services.lane_gateway.devices.llrp.requests import EVENTS
from services.lane_gateway.devices.llrp.settings import CONNECTION_EVENT_SECONDS
from services.lane_gateway.simulator.reader_answers import answer
from services.lane_gateway.simulator.reader_profile import IMPINJ, PROFILES, Profile
from services.lane_gateway.simulator.reader_refusal import status
from services.lane_gateway.use_cases.ports import (
    ReaderBusy,
    ReaderEventKind,
    ReaderLost,
    ReaderRefused,
)
from tests.unit.lane_gateway.llrp.bench import CARD, ROSPEC_ID, Bench, kinds, reads
from tests.unit.lane_gateway.llrp.samples import tag_report

SEQUENCE = [
    "GET_SUPPORTED_VERSION",
    "SET_PROTOCOL_VERSION",
    "GET_READER_CAPABILITIES",
    "DELETE_ACCESSSPEC",
    "DELETE_ROSPEC",
    "SET_READER_CONFIG",
    "ADD_ROSPEC",
    "ENABLE_ROSPEC",
    "ADD_ACCESSSPEC",
    "ENABLE_ACCESSSPEC",
    "ENABLE_EVENTS_AND_REPORTS",
    "START_ROSPEC",
]


def greeting(outcome: int) -> Message:
    return message(
        "READER_EVENT_NOTIFICATION",
        parameter(
            "ReaderEventNotificationData",
            parameter("Uptime", Microseconds=5),
            parameter("ConnectionAttemptEvent", Status=outcome),
        ),
    )


def test_the_session_is_set_up_in_the_order_of_the_design() -> None:
    bench = Bench().open()
    assert [name for name in bench.asked if name != "KEEPALIVE_ACK"] == SEQUENCE
    info = bench.session.info
    assert info is not None
    assert (info.protocol_version, info.rospec_id, info.antennas) == (2, ROSPEC_ID, 4)


def test_the_reader_is_told_to_send_keepalives_and_events_and_to_hold_them() -> None:
    bench = Bench().open()
    assert bench.machine.config.keepalive_seconds == 1.0
    assert bench.machine.config.events == set(EVENTS.values())
    assert bench.machine.config.hold


def test_a_reader_of_1_0_1_is_spoken_to_in_1_0_1() -> None:
    bench = Bench(PROFILES["oldest"]).open()
    assert bench.session.info is not None
    assert bench.session.info.protocol_version == 1
    assert bench.session.voice.version == 1


def test_a_reader_that_breaks_off_when_asked_for_its_version_need_not_be_asked() -> None:
    bench = Bench(agree_on_version=False).open()
    assert "GET_SUPPORTED_VERSION" not in bench.asked


def test_a_reader_that_passes_over_the_question_in_silence_is_spoken_to_in_1_0_1() -> None:
    bench = Bench(Profile(max_version=1))
    bench.machine.connect(bench.now)
    bench.hear(*bench.machine.drain())
    bench.session.work(bench.now)
    assert bench.session.outgoing()  # the question is lost on the way
    bench.now += 0.6
    bench.run(0.3)
    assert bench.session.info is not None
    assert bench.session.info.protocol_version == 1


def test_an_impinj_reader_is_asked_to_watch_the_link_too() -> None:
    bench = Bench(PROFILES["impinj"]).open()
    assert "CUSTOM_MESSAGE" in bench.asked
    assert bench.session.info is not None
    assert bench.session.info.vendor == IMPINJ


def test_a_reader_that_cannot_hold_its_reports_is_not_asked_to() -> None:
    bench = Bench(PROFILES["zebra"]).open()
    assert not bench.machine.config.hold


@pytest.mark.fault(4)
@pytest.mark.parametrize("outcome", [1, 2])
def test_a_reader_with_another_client_is_busy(outcome: int) -> None:
    bench = Bench()
    bench.hear(greeting(outcome))
    with pytest.raises(ReaderBusy):
        bench.session.work(bench.now)


def test_a_reader_that_refuses_the_connection_has_refused() -> None:
    bench = Bench()
    bench.hear(greeting(3))
    with pytest.raises(ReaderRefused):
        bench.session.work(bench.now)


@pytest.mark.fault(5)
def test_a_reader_that_does_not_greet_within_five_seconds_is_lost() -> None:
    bench = Bench()
    bench.run(CONNECTION_EVENT_SECONDS - 0.1)
    with pytest.raises(ReaderLost, match="connection event"):
        bench.run(0.3)


@pytest.mark.fault(5)
def test_a_web_server_is_no_reader() -> None:
    bench = Bench()
    bench.session.receive(b"HTTP/1.1 400 Bad Request\r\n\r\n", bench.now)
    with pytest.raises(ReaderRefused, match="no LLRP reader"):
        bench.session.work(bench.now)


@pytest.mark.fault(12)
@pytest.mark.parametrize("request_name", ["SET_READER_CONFIG", "ADD_ROSPEC", "START_ROSPEC"])
def test_a_refused_step_ends_the_opening_with_the_readers_reason(request_name: str) -> None:
    bench = Bench()
    bench.machine.refused = {request_name}
    with pytest.raises(ReaderRefused, match=f"{request_name}: R_DeviceError"):
        bench.open()


@pytest.mark.fault(12)
def test_an_error_message_in_place_of_an_answer_is_a_refusal() -> None:
    bench = Bench(agree_on_version=False)
    bench.machine.connect(bench.now)
    bench.hear(*bench.machine.drain())
    bench.session.work(bench.now)
    bench.session.outgoing()
    bench.hear(message("ERROR_MESSAGE", status("M_UnsupportedMessage"), id=1))
    with pytest.raises(ReaderRefused, match="M_UnsupportedMessage"):
        bench.session.work(bench.now)


def test_refusals_to_delete_what_is_not_there_are_tolerated() -> None:
    bench = Bench()
    bench.machine.refused = {"DELETE_ROSPEC", "DELETE_ACCESSSPEC"}
    bench.open()


@pytest.mark.parametrize("profile", [Profile(), Profile(max_access_specs=0)])
def test_a_reader_that_cannot_read_chips_still_reports_cards_without_their_chip(
    profile: Profile,
) -> None:
    bench = Bench(profile)
    bench.machine.refused = {"ADD_ACCESSSPEC"}
    bench.machine.connect(bench.now)
    bench.field.place(CARD)
    found = bench.run(0.5)
    assert ReaderEventKind.OTHER in kinds(found)
    assert {read.tid for read in reads(found)} == {None}


@pytest.mark.fault(11)
def test_an_answer_with_a_wrong_message_id_is_not_taken_for_the_answer() -> None:
    bench = Bench(agree_on_version=False)
    bench.machine.connect(bench.now)
    bench.hear(*bench.machine.drain())
    bench.session.work(bench.now)
    bench.session.outgoing()
    bench.hear(message("GET_READER_CAPABILITIES_RESPONSE", status(), id=4711))
    bench.session.work(bench.now)
    assert bench.session.info is None
    assert bench.session.unexpected == 1


@pytest.mark.fault(11)
def test_an_answer_after_its_deadline_comes_too_late() -> None:
    bench = Bench()
    bench.machine.connect(bench.now)
    bench.hear(*bench.machine.drain())
    bench.session.work(bench.now)
    bench.now += 2.5  # past the question for the version
    bench.session.work(bench.now)
    bench.session.outgoing()
    bench.now += 2.5  # past the capabilities
    with pytest.raises(ReaderLost, match="GET_READER_CAPABILITIES"):
        bench.session.work(bench.now)
    bench.hear(message("GET_READER_CAPABILITIES_RESPONSE", status(), id=2))
    bench.session.work(bench.now)
    assert bench.session.info is None


@pytest.mark.fault(7)
def test_an_answer_behind_a_flood_of_replays_is_waited_for() -> None:
    bench = Bench(agree_on_version=False)
    bench.machine.connect(bench.now)
    bench.hear(*bench.machine.drain())
    bench.session.work(bench.now)
    question = bench.session.outgoing()
    for _ in range(100):  # ten seconds of old reports
        bench.now += 0.1
        bench.hear(tag_report(rospec=5))
        bench.session.work(bench.now)
    answer(bench.machine, question, bench.now)
    bench.hear(*bench.machine.drain())
    bench.run(0.5)
    assert bench.session.info is not None
