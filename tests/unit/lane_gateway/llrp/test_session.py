"""What a session makes of what its reader says."""

import pytest

from services.lane_gateway.devices.llrp.codec import (
    Message,
    encode,
    parameter,
)
from services.lane_gateway.devices.llrp.settings import (
    DEAD_SECONDS,
    MAX_FRAMES_PER_TURN,
)
from services.lane_gateway.simulator.reader_field import Tag
from services.lane_gateway.simulator.reader_profile import PROFILES
from services.lane_gateway.use_cases.ports import ReaderEvent, ReaderLost
from tests.unit.lane_gateway.llrp.bench import CARD, ROSPEC_ID, Bench, kinds, reads
from tests.unit.lane_gateway.llrp.samples import tag_report
from tests.unit.lane_gateway.llrp.session_messages import (
    KIND,
    event,
    fresh_report,
)


def test_a_card_is_read_with_its_chips_own_number() -> None:
    bench = Bench().open()
    bench.field.place(CARD)
    read = reads(bench.run(0.1))[0]
    assert (read.epc, read.tid, read.antenna, read.rssi) == (CARD.epc, CARD.tid, 1, -50.0)
    assert (read.rospec_id, read.replay) == (ROSPEC_ID, False)
    assert read.first_seen is not None
    assert read.arrived <= bench.now


@pytest.mark.fault(21)
def test_a_chip_that_does_not_answer_leaves_its_number_unread() -> None:
    bench = Bench().open()
    bench.field.place(Tag(epc=CARD.epc, tid=CARD.tid, silent_tid=True))
    assert {read.tid for read in reads(bench.run(0.2))} == {None}


def test_keepalives_are_acknowledged() -> None:
    bench = Bench().open()
    bench.run(3.0)
    assert bench.machine.acknowledged >= 2
    assert bench.session.health(bench.now).missed_keepalives == 0


@pytest.mark.fault(2)
def test_three_keepalives_without_a_byte_are_a_dead_link() -> None:
    bench = Bench().open()
    bench.deaf = True
    started = bench.now
    with pytest.raises(ReaderLost, match="No byte"):
        bench.run(10)
    assert bench.now - started <= DEAD_SECONDS + 0.1
    assert bench.session.health(bench.now).missed_keepalives >= 2


@pytest.mark.fault(3)
def test_keepalives_without_reports_keep_the_link_alive_and_show_no_card() -> None:
    bench = Bench().open()
    bench.machine.mute = True
    bench.field.place(CARD)
    assert reads(bench.run(5)) == []
    assert bench.session.health(bench.now).live


@pytest.mark.fault(6)
def test_an_inventory_that_ends_by_itself_ends_the_session() -> None:
    bench = Bench().open()
    bench.machine.rospecs.delete(ROSPEC_ID, bench.now)
    with pytest.raises(ReaderLost, match="ended the inventory"):
        bench.run(0.2)
    assert KIND.INVENTORY_ENDED in kinds(bench.session.take())


def test_a_reader_that_says_goodbye_ends_the_session() -> None:
    bench = Bench().open()
    bench.hear(event(parameter("ConnectionCloseEvent")))
    with pytest.raises(ReaderLost):
        bench.session.work(bench.now)


@pytest.mark.fault(7)
def test_reports_of_another_inventory_open_nothing_and_are_counted() -> None:
    bench = Bench().open()
    bench.hear(*[tag_report(rospec=ROSPEC_ID - 1)] * 100)
    found = bench.run(0.1)
    assert reads(found) == []
    (replayed,) = [e for e in found if isinstance(e, ReaderEvent) and e.kind == KIND.REPLAYED]
    assert replayed.count == 100
    assert bench.session.health(bench.now).dropped_replays == 100


@pytest.mark.fault(7)
def test_reports_before_the_start_of_the_inventory_open_nothing() -> None:
    bench = Bench()
    bench.machine.connect(bench.now)
    bench.hear(*bench.machine.drain())
    bench.hear(*[tag_report(rospec=ROSPEC_ID)] * 3)
    found = bench.run(0.05)
    assert reads(found) == []
    assert bench.session.reports.dropped == 3


@pytest.mark.fault(7)
def test_a_stale_card_among_fresh_ones_in_one_report_is_marked() -> None:
    bench = Bench().open()
    stale, fresh = tag_report(rospec=5), tag_report(rospec=ROSPEC_ID, epc=b"\x01" * 12)
    bench.hear(Message("RO_ACCESS_REPORT", {}, [*stale.parameters, *fresh.parameters]))
    found = reads(bench.run(0.1))
    assert [read.replay for read in found if read.rospec_id == 5] == [True]
    assert any(read.epc == b"\x01" * 12 for read in found)


@pytest.mark.fault(7)
def test_one_turn_looks_at_a_bounded_number_of_frames() -> None:
    bench = Bench().open()
    flood = encode(tag_report(rospec=5)) * (3 * MAX_FRAMES_PER_TURN)
    bench.session.receive(flood, bench.now)
    bench.session.work(bench.now)
    (event_,) = bench.session.take()
    assert isinstance(event_, ReaderEvent)
    assert event_.count == MAX_FRAMES_PER_TURN
    assert bench.session.has_work


@pytest.mark.fault(7)
def test_a_reader_that_cannot_name_the_inventory_is_not_believed_for_two_seconds() -> None:
    bench = Bench(PROFILES["forgetful"]).open()
    bench.field.place(CARD)
    assert reads(bench.run(1.5)) == []
    assert not bench.session.health(bench.now).live
    bench.run(0.5)
    assert reads(bench.run(0.2)) != []
    assert bench.session.health(bench.now).live


@pytest.mark.fault(8)
def test_one_byte_at_a_time_is_read_all_the_same() -> None:
    bench = Bench().open()
    for byte in encode(fresh_report()):
        bench.session.receive(bytes([byte]), bench.now)
        bench.session.work(bench.now)
    assert len(reads(bench.session.take())) == 1
