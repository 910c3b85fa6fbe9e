from uuid import UUID, uuid4

import pytest

from services.lane_gateway.domain.visit import Visit, VisitStatus
from shared.clock import utc_now
from shared.crypto.dossier import open_dossier
from tests.integration.lane_gateway.web.officers import Officer
from tests.integration.lane_gateway.web.site import Site
from tests.unit.lane_gateway.web.live_builders import named

ANA, BETO = named("ana"), named("beto")
SHOWN = "display_record_shown"


@pytest.fixture
def boris(site: Site) -> Officer:
    site.keep_record(ANA)
    site.keep_record(BETO, name="Humberto Robles")
    return Officer(site.app)


@pytest.fixture
def visit_id(site: Site) -> UUID:
    visit_id = uuid4()
    with site.desk() as work:
        work.visits.add(
            Visit.expect(
                visit_id,
                passage_id=named("first"),
                lane="l1",
                credential_ids=[ANA, BETO],
                officer="boris",
                now=utc_now(),
            )
        )
        work.commit()
    return visit_id


def opened(officer: Officer, path: str) -> str:
    """Open a file that asks for a purpose."""
    asked = officer.get(path)
    assert "Robles" not in asked.text
    answer = officer.post("/en/purpose", purpose="inspection", then=path)
    assert answer.status_code == 303
    return officer.get(path).text


def results(version: int, **changes: str) -> dict[str, object]:
    """Return the form for two people; ``changes`` are its fields, ``_`` for ``-``."""
    sent = {
        "people-0-credential_id": ANA,
        "people-0-result": "nothing",
        "people-0-violation": "",
        "people-0-note": "",
        "people-1-credential_id": BETO,
        "people-1-result": "violation",
        "people-1-violation": "undeclared_goods",
        "people-1-note": "Two crates of Canary mangoes",
        "version": version,
        "once": uuid4(),
    }
    return {**sent, **{name.replace("_", "-"): text for name, text in changes.items()}}


@pytest.mark.statement(54)
def test_a_vehicle_is_expected_arrives_is_inspected_and_released(
    site: Site, boris: Officer, visit_id: UUID
) -> None:
    path = f"/en/secondary/{visit_id}"
    assert "Has arrived" in boris.get("/en/secondary").text
    assert boris.post(f"{path}/arrive").status_code == 303
    page = opened(boris, path)
    assert "Ana Luz Robles Vega" in page
    assert "Humberto Robles" in page
    version = site.reads.visit(visit_id).version

    sent = results(version)
    for _ in range(2):  # a double press
        assert boris.post(f"{path}/results", **sent).status_code == 303
    assert site.reads.visit(visit_id).status is VisitStatus.INSPECTED
    assert boris.post(f"{path}/release").status_code == 303

    assert site.reads.visit(visit_id).status is VisitStatus.RELEASED
    [message] = site.sent("lane_gateway.inspection_recorded.v1")
    persons = {person["credential_id"]: person for person in message.body["persons"]}
    assert persons[str(ANA)]["result"] == "nothing"
    assert persons[str(BETO)]["violation"] == "undeclared_goods"
    assert "mangoes" not in str(message.body)
    note = open_dossier(site.ring, "site", persons[str(BETO)]["note"])
    assert note["note"] == "Two crates of Canary mangoes"


def test_opening_a_vehicle_is_noted_with_its_purpose(
    site: Site, boris: Officer, visit_id: UUID
) -> None:
    opened(boris, f"/en/secondary/{visit_id}")
    lines = [lines for _, lines in site.audit_lines(SHOWN)]
    assert len(lines) == 2
    assert all('"purpose":"inspection"' in line for line in lines)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"people_0_result": ""}, "people-0-result"),
        ({"people_1_violation": ""}, "people-1-violation"),
        ({"people_1_violation": "speeding"}, "people-1-violation"),
    ],
)
def test_a_result_that_is_missing_is_named_and_the_notes_are_kept(
    site: Site, boris: Officer, visit_id: UUID, changes: dict[str, str], name: str
) -> None:
    boris.post(f"/en/secondary/{visit_id}/arrive")
    version = site.reads.visit(visit_id).version
    answer = boris.post(f"/en/secondary/{visit_id}/results", **results(version, **changes))
    assert answer.status_code == 422
    assert f'href="#{name}"' in answer.text
    assert "Two crates of Canary mangoes" in answer.text
    assert site.reads.visit(visit_id).status is VisitStatus.ARRIVED


def test_who_is_not_in_the_vehicle_gets_no_result(
    site: Site, boris: Officer, visit_id: UUID
) -> None:
    boris.post(f"/en/secondary/{visit_id}/arrive")
    sent = results(site.reads.visit(visit_id).version)
    sent["people-0-credential_id"] = named("somebody else")
    answer = boris.post(f"/en/secondary/{visit_id}/results", **sent)
    assert answer.status_code == 422
    assert "Give a result for every person in the vehicle." in answer.text


def test_a_form_that_somebody_overtook_is_refused(
    site: Site, boris: Officer, visit_id: UUID
) -> None:
    boris.post(f"/en/secondary/{visit_id}/arrive")
    stale = site.reads.visit(visit_id).version - 1
    answer = boris.post(f"/en/secondary/{visit_id}/results", **results(stale))
    assert answer.status_code == 412
    assert site.reads.visit(visit_id).status is VisitStatus.ARRIVED


def test_steps_out_of_their_order_are_refused(boris: Officer, visit_id: UUID) -> None:
    assert boris.post(f"/en/secondary/{visit_id}/release").status_code == 409
    assert boris.get(f"/en/secondary/{uuid4()}").status_code == 200  # asks for the purpose first
    assert boris.post(f"/en/secondary/{uuid4()}/arrive").status_code == 404
