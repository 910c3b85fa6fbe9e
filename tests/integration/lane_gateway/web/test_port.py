"""The pages of the port: lanes, passages, alarms."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest

from services.lane_gateway.domain.admission import Verdict
from services.lane_gateway.persistence.lane_record import LaneRecordFile
from shared.clock import utc_now
from tests.integration.lane_gateway.web.officers import Officer
from tests.integration.lane_gateway.web.records import (
    PLATE,
    WORDS,
    begin_passage,
    end_passage,
    raise_alarm,
)
from tests.integration.lane_gateway.web.site import Site
from tests.integration.lane_gateway.web.voice import VoiceOfAgent
from tests.unit.lane_gateway.web.live_builders import a_live_passage, named

ANA = named("ana")


@pytest.fixture
def record(site: Site) -> Iterator[LaneRecordFile]:
    opened = site.record_of("l1")
    yield opened
    opened.close()


@pytest.fixture
def passage_id(record: LaneRecordFile) -> UUID:
    passage_id = uuid4()
    begin_passage(record, passage_id, ANA)
    end_passage(record, passage_id, ANA)
    return passage_id


@pytest.fixture
def paula(site: Site) -> Officer:
    return Officer(site.app, "paula", "port")


@pytest.fixture
def aldo(site: Site) -> Officer:
    return Officer(site.app, "aldo", "auditor")


def test_a_supervisor_sees_all_lanes_with_vehicles_and_alarms(
    site: Site,
    agent: VoiceOfAgent,
    record: LaneRecordFile,
    passage_id: UUID,
    paula: Officer,
) -> None:
    raise_alarm(record, uuid4(), "tailgate")
    front = a_live_passage(verdict="refer", reasons=("held",), decided_at=utc_now())
    agent.say(front=front, gate="faulted", reader_live=False, faults=("arm_not_up",))
    page = paula.look_until("/en/lanes", lambda page: 'data-word="refer"' in page)
    assert "1 open alarm" in page
    assert "A second vehicle followed through the gate" in page
    assert f"/en/passages/{passage_id}" in page
    assert "The arm does not reach the top" in page
    assert "no. 4711 · up to date" in page
    assert "no answer" in page  # the reader of one lane, the computer of the other
    assert "7ABC123" not in page
    assert site.audit_lines("display_record_shown") == []


def test_a_booth_officer_sees_which_lane_to_sign_on_to_and_no_more(
    site: Site, record: LaneRecordFile, passage_id: UUID
) -> None:
    raise_alarm(record, uuid4(), "tailgate")
    boris = Officer(site.app)
    page = boris.get("/en/lanes").text
    assert "/en/lanes/l1/booth" in page
    assert "open alarm" not in page
    assert str(passage_id) not in page
    for path in ("/en/passages", f"/en/passages/{passage_id}", "/en/alarms"):
        assert boris.get(path).status_code == 403


def test_an_auditor_reads_and_changes_nothing(
    record: LaneRecordFile, passage_id: UUID, aldo: Officer
) -> None:
    alarm_id = uuid4()
    raise_alarm(record, alarm_id, "tailgate")
    page = aldo.get("/en/lanes").text
    assert str(passage_id) in page
    assert "/booth" not in page
    assert "<form" not in page.partition('id="live"')[2]
    assert aldo.get("/en/alarms").status_code == 200
    assert aldo.post(f"/en/alarms/{alarm_id}/acknowledge").status_code == 403
    assert aldo.post("/en/lanes/l1/mode", mode="closed").status_code == 403
    assert aldo.get("/en/lanes/l1/booth").status_code == 403


def test_passages_are_listed_page_by_page_and_filtered(
    record: LaneRecordFile, aldo: Officer
) -> None:
    passages = [uuid4() for _ in range(27)]
    for passage_id in passages:
        end_passage(record, passage_id)
    clear = uuid4()
    end_passage(record, clear, verdict=Verdict.CLEAR)
    first = aldo.get("/en/passages").text
    assert str(passages[-1]) in first
    assert str(passages[0]) not in first
    older = first.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
    assert str(passages[0]) in aldo.get(older.replace("&amp;", "&")).text
    only_clear = aldo.get("/en/passages?verdict=clear&lane=l1").text
    assert str(clear) in only_clear
    assert str(passages[-1]) not in only_clear
    assert aldo.get("/en/passages?before=nonsense").status_code == 422
    assert "No passage was found" in aldo.get("/en/passages?lane=l2").text


def test_a_record_is_opened_with_a_purpose_that_is_noted(
    site: Site, passage_id: UUID, aldo: Officer
) -> None:
    site.keep_record(ANA)
    path = f"/en/passages/{passage_id}"
    closed = aldo.get(path).text
    assert "The membership is on hold" in closed
    for personal in (PLATE, WORDS, "Robles", str(ANA)):
        assert personal not in closed
    assert PLATE not in aldo.get(f"{path}/opened").text  # it asks why first

    aldo.post("/en/purpose", purpose="audit", then=f"{path}/opened")
    opened = aldo.get(f"{path}/opened").text

    for personal in (PLATE, WORDS, "Ana Luz Robles Vega"):
        assert personal in opened
    [(actor, lines)] = site.audit_lines("passage_opened")
    assert actor == "staff:aldo"
    assert '"purpose":"audit"' in lines
    assert len(site.audit_lines("display_record_shown")) == 1


def test_a_passage_speaks_spanish_and_an_unknown_one_is_not_found(
    passage_id: UUID, aldo: Officer
) -> None:
    page = aldo.get(f"/es/passages/{passage_id}").text
    assert "La membresía está retenida" in page
    assert "Admitido tras comprobaciones" in page
    assert aldo.get(f"/es/passages/{uuid4()}").status_code == 404


def test_an_alarm_is_acknowledged_once(site: Site, record: LaneRecordFile, paula: Officer) -> None:
    alarm_id = uuid4()
    raise_alarm(record, alarm_id, "tailgate")
    for _ in range(2):
        assert paula.post(f"/en/alarms/{alarm_id}/acknowledge").status_code == 303
    assert "Seen by paula" in paula.get("/en/alarms").text
    assert "open alarm" not in paula.get("/en/lanes").text
    assert len(site.sent("lane_gateway.alarm_acknowledged.v1")) == 1
    assert paula.post(f"/en/alarms/{uuid4()}/acknowledge").status_code == 404
