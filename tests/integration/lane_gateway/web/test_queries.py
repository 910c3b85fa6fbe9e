from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from services.lane_gateway.domain.admission import Verdict
from services.lane_gateway.domain.events import PassageEnd
from services.lane_gateway.persistence.lane_record import LaneRecordFile
from services.lane_gateway.use_cases.reads import PassagesSought
from shared.clock import utc_now
from shared.errors import NotFound
from tests.integration.lane_gateway.web.records import (
    EPC,
    PLATE,
    WORDS,
    begin_passage,
    end_passage,
    raise_alarm,
)
from tests.integration.lane_gateway.web.site import Site
from tests.unit.lane_gateway.web.live_builders import named

ANA = named("ana")


@pytest.fixture
def record(site: Site) -> Iterator[LaneRecordFile]:
    opened = site.record_of("l1")
    yield opened
    opened.close()


@pytest.fixture
def other(site: Site) -> Iterator[LaneRecordFile]:
    opened = site.record_of("l2")
    yield opened
    opened.close()


def page_through(site: Site, limit: int, sought: PassagesSought) -> list[UUID]:
    found: list[UUID] = []
    while True:
        page = site.reads.passages(sought, limit=limit)
        found += [row.passage_id for row in page.rows]
        if page.older is None:
            return found
        sought = PassagesSought(lane=sought.lane, verdict=sought.verdict, before=page.older)


def test_passages_of_all_lanes_come_newest_first_and_each_once(
    site: Site, record: LaneRecordFile, other: LaneRecordFile
) -> None:
    now, wanted = utc_now(), []
    for number in range(7):
        passage_id = uuid4()
        lane, file = ("l2", other) if number % 3 else ("l1", record)
        end_passage(file, passage_id, lane=lane, at=now + timedelta(seconds=number))
        wanted.append(passage_id)
    for limit in (1, 2, 3, 7, 50):
        assert page_through(site, limit, PassagesSought()) == wanted[::-1]


def test_a_clock_set_back_hides_and_repeats_no_passage(
    site: Site, record: LaneRecordFile, other: LaneRecordFile
) -> None:
    now, wanted = utc_now(), set()
    for number in range(6):
        passage_id = uuid4()
        file, lane = (record, "l1") if number % 2 else (other, "l2")
        end_passage(file, passage_id, lane=lane, at=now - timedelta(hours=number))
        wanted.add(passage_id)
    found = page_through(site, 2, PassagesSought())
    assert set(found) == wanted
    assert len(found) == len(wanted)


def test_passages_are_found_by_lane_verdict_and_end(
    site: Site, record: LaneRecordFile, other: LaneRecordFile
) -> None:
    clear, refer, back = uuid4(), uuid4(), uuid4()
    end_passage(record, clear, verdict=Verdict.CLEAR)
    end_passage(record, refer)
    end_passage(other, back, lane="l2", end=PassageEnd.TURNED_BACK)
    assert page_through(site, 9, PassagesSought(lane="l1", verdict="clear")) == [clear]
    assert page_through(site, 9, PassagesSought(lane="l2")) == [back]
    page = site.reads.passages(PassagesSought(end="turned_back"), limit=9)
    assert [row.passage_id for row in page.rows] == [back]


def test_a_passage_has_its_times_and_no_person(site: Site, record: LaneRecordFile) -> None:
    passage_id = uuid4()
    end_passage(record, passage_id, ANA)
    [row] = site.reads.passages(PassagesSought(), limit=9).rows
    assert row.credential_ids == (ANA,)
    assert row.times["read"] is not None
    assert row.times["decided"] is not None
    assert (row.times["decided"] - row.times["read"]).total_seconds() == pytest.approx(0.02)
    assert (row.verdict, row.authorisation, row.counted) == ("refer", "after_checks", 1)
    assert (row.list_number, row.list_age_s) == (4711, 20.0)


def test_a_record_is_closed_until_it_is_opened(site: Site, record: LaneRecordFile) -> None:
    passage_id = uuid4()
    begin_passage(record, passage_id, ANA)
    end_passage(record, passage_id, ANA)
    closed = site.reads.passage(passage_id, opened=False)
    said = repr([dict(entry.body) for entry in closed.entries])
    assert PLATE not in said
    assert WORDS not in said
    assert EPC.hex() not in said
    assert str(ANA) not in said

    opened = site.reads.passage(passage_id, opened=True)
    said = repr([dict(entry.body) for entry in opened.entries])
    assert PLATE in said
    assert WORDS in said
    assert [entry.kind for entry in opened.entries] == [
        "passage_opened",
        "card_seen",
        "plate_seen",
        "passage_decided",
        "passage_authorised",
        "passage_ended",
    ]


def test_what_an_officer_said_on_turning_a_vehicle_back_is_closed_too(
    site: Site, record: LaneRecordFile
) -> None:
    back, gone = uuid4(), uuid4()
    end_passage(record, back, end=PassageEnd.TURNED_BACK, why=WORDS)
    end_passage(record, gone, end=PassageEnd.FAULTED, why="went_through")
    assert "why" not in site.reads.passage(back, opened=False).entries[-1].body
    assert site.reads.passage(back, opened=True).entries[-1].body["why"] == WORDS
    assert site.reads.passage(gone, opened=False).entries[-1].body["why"] == "went_through"


def test_a_passage_that_is_not_over_knows_its_cards(site: Site, record: LaneRecordFile) -> None:
    passage_id = uuid4()
    begin_passage(record, passage_id, ANA)
    found = site.reads.passage(passage_id, opened=False)
    assert found.row is None
    assert found.credential_ids == (ANA,)
    with pytest.raises(NotFound):
        site.reads.passage(uuid4(), opened=False)


def test_alarms_of_lanes_and_desk_are_one_list_with_who_has_seen_them(
    site: Site, record: LaneRecordFile
) -> None:
    tailgate, old = uuid4(), uuid4()
    week_ago = utc_now() - timedelta(days=8)
    raise_alarm(record, old, "no_passage", at=week_ago)
    raise_alarm(record, tailgate, "tailgate")
    site.miss_a_vehicle()
    since = utc_now() - timedelta(days=7)

    rows = site.reads.alarms(since=since, only_open=True)

    assert {row.code for row in rows} == {"tailgate", "vehicle_missing"}
    acknowledge = site.use_cases.acknowledge
    missing = next(row for row in rows if row.code == "vehicle_missing")
    assert acknowledge(tailgate, "paula")
    assert acknowledge(missing.alarm_id, "paula")
    assert not acknowledge(tailgate, "pedro")
    assert site.reads.alarms(since=since, only_open=True) == []
    assert site.reads.alarm(tailgate).acknowledged_by == "paula"
    with pytest.raises(NotFound):
        acknowledge(uuid4(), "paula")


def test_an_acknowledgement_is_told_to_headquarters_once(
    site: Site, record: LaneRecordFile
) -> None:
    tailgate = uuid4()
    raise_alarm(record, tailgate, "tailgate")
    site.use_cases.acknowledge(tailgate, "paula")
    site.use_cases.acknowledge(tailgate, "paula")
    [message] = site.sent("lane_gateway.alarm_acknowledged.v1")
    assert message.subject == f"acknowledgement-{tailgate}"
    body = dict(message.body)
    body.pop("at")
    assert body == {
        "alarm_id": str(tailgate),
        "code": "tailgate",
        "lane": "l1",
        "officer": "paula",
    }


def test_a_lane_whose_agent_never_ran_reads_as_empty(site: Site) -> None:
    site.files.lane("l2").unlink()
    assert site.reads.passages(PassagesSought(lane="l2"), limit=9).rows == []
    assert site.reads.last_seen("l2") is None
    assert site.reads.list_standing() is None
    with pytest.raises(NotFound):
        site.reads.passages(PassagesSought(lane="l9"), limit=9)
