from collections.abc import Iterator
from uuid import uuid4

import pytest

from services.lane_gateway.domain.visit import Visit
from services.lane_gateway.persistence.lane_record import LaneRecordFile
from shared.clock import utc_now
from tests.integration.lane_gateway.web.officers import Officer
from tests.integration.lane_gateway.web.records import (
    EPC,
    PLATE,
    WORDS,
    begin_passage,
    end_passage,
    raise_alarm,
)
from tests.integration.lane_gateway.web.site import Site
from tests.integration.lane_gateway.web.voice import VoiceOfAgent
from tests.unit.lane_gateway.web.live_builders import a_live_passage, named

PASSAGE = named("first")


@pytest.fixture
def boris(site: Site) -> Officer:
    return Officer(site.app)


@pytest.fixture
def paula(site: Site) -> Officer:
    return Officer(site.app, "paula", "port")


@pytest.fixture
def record(site: Site) -> Iterator[LaneRecordFile]:
    opened = site.record_of("l1")
    yield opened
    opened.close()


def test_lanes_are_listed_and_staffed(site: Site, boris: Officer) -> None:
    assert [lane["lane"] for lane in boris.call("GET", "/lanes").get_json()] == ["l1", "l2"]
    assert boris.call("PUT", "/lanes/l1/officer").get_json()["signed_on"] == "boris"
    other = Officer(site.app, "berta")
    refused = other.call("PUT", "/lanes/l1/officer")
    assert (refused.status_code, refused.get_json()["code"]) == (409, "lane_taken")
    assert boris.call("DELETE", "/lanes/l1/officer").status_code == 204
    assert boris.call("GET", "/lanes/l9").status_code == 404


def test_a_mode_is_set_by_whoever_saw_the_newest_version(boris: Officer, paula: Officer) -> None:
    seen = paula.call("GET", "/lanes/l1").headers["ETag"]
    assert boris.call("PUT", "/lanes/l1/mode", {"mode": "closed"}, etag=seen).status_code == 403
    assert paula.call("PUT", "/lanes/l1/mode", {"mode": "closed"}).status_code == 422
    done = paula.call("PUT", "/lanes/l1/mode", {"mode": "closed"}, etag=seen)
    assert (done.status_code, done.get_json()["mode"]) == (200, "closed")
    stale = paula.call("PUT", "/lanes/l1/mode", {"mode": "attended"}, etag=seen)
    assert (stale.status_code, stale.get_json()["code"]) == (412, "stale")


def test_a_live_lane_tells_its_state_and_no_person(
    site: Site, agent: VoiceOfAgent, boris: Officer
) -> None:
    assert boris.call("GET", "/lanes/l2/live").get_json() == {
        "lane": "l2",
        "live": False,
        "word": "not_live",
        "faults": [],
        "approaching": [],
    }
    site.keep_record(named("ana"))
    agent.say(front=a_live_passage(decided_at=utc_now()))
    boris.look_until("/api/v1/lanes/l1/live", lambda text: '"clear"' in text)
    answer = boris.call("GET", "/lanes/l1/live")
    assert answer.get_json()["front"]["passage_id"] == str(PASSAGE)
    assert answer.get_json()["front"]["credential_ids"] == [str(named("ana"))]
    for personal in (
        "7ABC123",
        "Robles",
        agent.state.front.cards[0].epc if agent.state.front else "",
    ):
        assert personal not in answer.text


def test_a_command_is_written_once_for_its_key(site: Site, boris: Officer) -> None:
    boris.call("PUT", "/lanes/l1/officer")
    body = {"kind": "admit", "passage_id": str(PASSAGE), "counted": 2}
    first = boris.call("POST", "/lanes/l1/commands", body, key="k1")
    again = boris.call("POST", "/lanes/l1/commands", body, key="k1")
    assert (first.status_code, first.get_json()) == (202, {"number": 1, "lane": "l1"})
    assert again.get_json() == first.get_json()
    other = boris.call("POST", "/lanes/l1/commands", body | {"counted": 3}, key="k1")
    assert (other.status_code, other.get_json()["code"]) == (409, "idempotency_key_reused")
    assert boris.call("POST", "/lanes/l1/commands", body).status_code == 400
    assert site.reads.newest_command("l1") == 1


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({"kind": "admit", "passage_id": str(PASSAGE)}, "counted"),
        ({"kind": "after_checks", "passage_id": str(PASSAGE)}, "reason"),
        ({"kind": "secondary"}, "passage_id"),
        ({"kind": "open_sesame"}, "kind"),
        ({"kind": "reset", "speed": 1}, "speed"),
    ],
)
def test_what_is_wrong_with_a_command_is_named(
    boris: Officer, body: dict[str, object], name: str
) -> None:
    boris.call("PUT", "/lanes/l1/officer")
    answer = boris.call("POST", "/lanes/l1/commands", body, key="k")
    assert answer.status_code == 422
    assert list(answer.get_json()["errors"]) == [name]


def test_nobody_commands_a_lane_of_somebody_else(boris: Officer) -> None:
    answer = boris.call("POST", "/lanes/l1/commands", {"kind": "reset"}, key="k")
    assert (answer.status_code, answer.get_json()["code"]) == (409, "not_signed_on")


def test_passages_are_read_page_by_page_without_any_person(
    paula: Officer, record: LaneRecordFile
) -> None:
    passages = [uuid4() for _ in range(3)]
    for passage_id in passages:
        begin_passage(record, passage_id, named("ana"))
        end_passage(record, passage_id, named("ana"))
    first = paula.call("GET", "/passages?limit=2")
    rest = paula.call("GET", f"/passages?limit=2&before={first.get_json()['older']}")
    found = [row["passage_id"] for page in (first, rest) for row in page.get_json()["passages"]]
    assert found == [str(each) for each in reversed(passages)]
    assert rest.get_json()["older"] is None
    unknown = paula.call("GET", "/passages?lane=x9")
    assert (unknown.status_code, list(unknown.get_json()["errors"])) == (422, ["lane"])
    assert paula.call("GET", "/passages?before=nonsense").status_code == 422
    one = paula.call("GET", f"/passages/{passages[0]}")
    assert one.get_json()["passage"]["verdict"] == "refer"
    for personal in (PLATE, WORDS, EPC.hex(), str(named("ana"))):
        assert personal not in one.text
        assert personal not in first.text


def test_a_visit_is_followed_with_its_version(site: Site, boris: Officer) -> None:
    visit_id = uuid4()
    with site.desk() as work:
        visit = Visit.expect(
            visit_id,
            passage_id=PASSAGE,
            lane="l1",
            credential_ids=[named("ana")],
            officer="boris",
            now=utc_now(),
        )
        work.visits.add(visit)
        work.commit()
    assert [row["visit_id"] for row in boris.call("GET", "/visits").get_json()] == [str(visit_id)]
    seen = boris.call("PUT", f"/visits/{visit_id}/arrival").headers["ETag"]
    assert boris.call("PUT", f"/visits/{visit_id}/arrival").status_code == 409
    body = {"results": [{"credential_id": str(named("ana")), "result": "nothing"}]}
    assert boris.call("PUT", f"/visits/{visit_id}/results", body, etag='"0"').status_code == 412
    missing = boris.call("PUT", f"/visits/{visit_id}/results", {"results": []}, etag=seen)
    assert missing.status_code == 422
    done = boris.call("PUT", f"/visits/{visit_id}/results", body, etag=seen)
    assert done.get_json()["status"] == "inspected"
    assert boris.call("PUT", f"/visits/{visit_id}/release").get_json()["status"] == "released"
    assert boris.call("GET", "/visits").get_json() == []
    assert len(boris.call("GET", "/visits?status=released").get_json()) == 1


def test_alarms_are_listed_and_acknowledged(
    boris: Officer, paula: Officer, record: LaneRecordFile
) -> None:
    alarm_id = uuid4()
    raise_alarm(record, alarm_id, "tailgate")
    raise_alarm(record, uuid4(), "no_passage")
    assert boris.call("GET", "/alarms").status_code == 403
    newest, older = paula.call("GET", "/alarms").get_json()
    assert (newest["code"], older["code"]) == ("no_passage", "tailgate")
    before = newest["at"].replace("+", "%2B")
    assert paula.call("GET", f"/alarms?before={before}").get_json() == [older]
    done = paula.call("PUT", f"/alarms/{alarm_id}/acknowledgement")
    assert done.get_json()["acknowledged_by"] == "paula"
    assert [row["code"] for row in paula.call("GET", "/alarms?open=true").get_json()] == [
        "no_passage"
    ]
    assert paula.call("PUT", f"/alarms/{uuid4()}/acknowledgement").status_code == 404


def test_the_description_names_every_operation_with_its_roles(boris: Officer) -> None:
    paths = boris.client.get("/api/openapi.json").get_json()["paths"]
    command = paths["/api/v1/lanes/{lane}/commands"]["post"]
    assert command["x-roles"] == ["booth", "port"]
    assert {"Idempotency-Key"} <= {parameter["name"] for parameter in command["parameters"]}
    assert "409" in command["responses"]
