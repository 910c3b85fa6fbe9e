import time
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import select

from services.lane_gateway.domain.commands import Command, CommandKind
from services.lane_gateway.persistence.desk_reader import DeskReader
from services.lane_gateway.persistence.desk_tables import visits
from services.lane_gateway.persistence.site_seal import SiteSeal
from shared.clock import utc_now
from shared.errors import Unavailable
from tests.integration.lane_gateway.web.officers import Officer
from tests.integration.lane_gateway.web.site import Site, a_picture
from tests.integration.lane_gateway.web.voice import VoiceOfAgent
from tests.unit.lane_gateway.web.live_builders import a_live_card, a_live_passage, named

BOOTH = "/en/lanes/l1/booth"
PASSAGE = named("first")


@pytest.fixture
def boris(site: Site) -> Officer:
    officer = Officer(site.app)
    assert officer.post("/en/lanes/l1/sign-on").status_code == 303
    return officer


@pytest.fixture
def at_gate(site: Site, agent: VoiceOfAgent, boris: Officer) -> VoiceOfAgent:
    """A clear vehicle at the gate of a lane that is live."""
    site.keep_record(named("ana"))
    agent.say(front=a_live_passage(decided_at=utc_now()))
    boris.look_until(BOOTH, lambda page: 'data-word="clear"' in page)
    return agent


def commands(site: Site, lane: str = "l1") -> list[Command]:
    reader = DeskReader(site.files.desk, lane=lane, seal=SiteSeal(site.ring))
    try:
        return list(reader.commands_after(0))
    finally:
        reader.close()


@pytest.mark.usefixtures("at_gate")
def test_a_clear_vehicle_shows_name_and_picture_and_is_admitted(site: Site, boris: Officer) -> None:
    page = boris.get(BOOTH).text
    assert "Ana Luz Robles Vega" in page
    photo = boris.get(f"{BOOTH}/photo/{PASSAGE}/{named('ana')}")
    assert photo.data == a_picture()
    assert photo.headers["Content-Type"] == "image/jpeg"
    assert photo.headers["Cache-Control"] == "no-store"

    site.waker.woken.clear()
    answer = boris.command("admit", passage_id=PASSAGE, counted=2)

    assert (answer.status_code, answer.location) == (303, BOOTH)
    [command] = commands(site)
    assert (command.kind, command.counted, command.officer) == (CommandKind.ADMIT, 2, "boris")
    assert command.passage_id == PASSAGE
    assert site.waker.woken == ["l1"]


def test_a_vehicle_whose_plate_nobody_compared_is_not_called_in_order(
    agent: VoiceOfAgent, boris: Officer
) -> None:
    unknown = a_live_card(credential_id=None, reasons=("unknown_number",))
    front = a_live_passage(
        verdict="refer", reasons=("unknown_number",), cards=(unknown,), vehicle_proved=False
    )
    agent.say(front=replace(front, decided_at=utc_now()), word="refer")
    page = boris.look_until(BOOTH, lambda page: 'data-word="refer"' in page)

    assert "Not compared with any card" in page
    assert "Vehicle in order" not in page
    agent.say(front=a_live_passage(decided_at=utc_now()))
    assert "Vehicle in order" in boris.look_until(BOOTH, lambda page: 'data-word="clear"' in page)


@pytest.mark.usefixtures("at_gate")
def test_who_saw_whom_is_noted_once_for_a_passage(site: Site, boris: Officer) -> None:
    for _ in range(3):
        boris.get(BOOTH)
        boris.get(f"{BOOTH}/photo/{PASSAGE}/{named('ana')}")
    [(actor, lines)] = site.audit_lines("display_record_shown")
    assert actor == "staff:boris"
    assert str(named("ana")) in lines
    assert "lane_passage" in lines
    assert "Robles" not in lines


@pytest.mark.usefixtures("at_gate")
def test_a_double_press_is_one_command(site: Site, boris: Officer) -> None:
    once = uuid4()
    for counted in (2, 2, 3):
        answer = boris.command("admit", passage_id=PASSAGE, counted=counted, once=once)
        assert answer.status_code == 303
    assert [command.counted for command in commands(site)] == [2]


@pytest.mark.usefixtures("at_gate")
@pytest.mark.parametrize(
    ("kind", "fields", "name"),
    [
        ("admit", {}, "counted"),
        ("admit", {"counted": "0"}, "counted"),
        ("admit", {"counted": "61"}, "counted"),
        ("admit", {"counted": "two"}, "counted"),
        ("after_checks", {}, "reason"),
        ("after_checks", {"reason": "x" * 501}, "reason"),
        ("confirm_plate", {"region": "US-CA"}, "plate"),
    ],
)
def test_what_is_missing_is_named_and_nothing_typed_is_lost(
    site: Site, boris: Officer, at_gate: VoiceOfAgent, kind: str, fields: dict[str, str], name: str
) -> None:
    if kind == "after_checks":
        refused = a_live_passage(verdict="refer", reasons=("held",), decided_at=utc_now())
        at_gate.say(front=refused)
        boris.look_until(BOOTH, lambda page: 'data-word="refer"' in page)
    answer = boris.command(kind, passage_id=PASSAGE, **fields)
    assert answer.status_code == 422
    assert "<title>Error:" in answer.text
    assert f'href="#{name}"' in answer.text
    assert answer.text.count(f'id="{name}"') == 1
    for text in fields.values():
        assert text in answer.text
    assert commands(site) == []


@pytest.mark.usefixtures("at_gate")
def test_a_typed_plate_reaches_the_lane_in_its_written_form(site: Site, boris: Officer) -> None:
    boris.command("confirm_plate", passage_id=PASSAGE, plate="8abc-124", region="us-ca")
    [command] = commands(site)
    assert (command.plate, command.region) == ("8ABC124", "US-CA")
    assert b"8ABC124" not in site.files.desk.read_bytes()


@pytest.mark.usefixtures("at_gate")
def test_secondary_expects_the_cards_of_the_vehicle(site: Site, boris: Officer) -> None:
    assert boris.command("secondary", passage_id=PASSAGE).status_code == 303
    with site.desk.engine.connect() as connection:
        [visit] = connection.execute(select(visits)).all()
    assert visit.passage_id == PASSAGE
    assert visit.credential_ids == [str(named("ana"))]


@pytest.mark.usefixtures("at_gate")
def test_a_command_for_the_vehicle_before_is_not_sent(site: Site, boris: Officer) -> None:
    answer = boris.command("admit", passage_id=named("another"), counted=1)
    assert answer.status_code == 422
    assert "The vehicle at the gate is another one now." in answer.text
    assert commands(site) == []


def test_only_the_officer_signed_on_commands_the_lane(
    site: Site, at_gate: VoiceOfAgent, boris: Officer
) -> None:
    del at_gate
    berta = Officer(site.app, "berta")
    answer = berta.command("admit", passage_id=PASSAGE, counted=1)
    assert answer.status_code == 409
    assert "Sign on to the lane first" in answer.text
    answer = berta.post("/en/lanes/l1/sign-on")
    assert answer.status_code == 409
    assert "Another officer is signed on to this lane" in answer.text
    assert berta.post("/en/lanes/l1/sign-off").status_code == 409
    assert berta.get(f"{BOOTH}/photo/{PASSAGE}/{named('ana')}").status_code == 403
    assert commands(site) == []

    assert boris.post("/en/lanes/l1/sign-off").status_code == 303
    assert berta.post("/en/lanes/l1/sign-on").status_code == 303
    assert site.reads.lane("l1").signed_on == "berta"


def test_a_port_supervisor_relieves_an_officer_and_closes_the_lane(
    site: Site, boris: Officer
) -> None:
    paula = Officer(site.app, "paula", "port")
    assert paula.post("/en/lanes/l1/mode", mode="closed").status_code == 303
    assert site.reads.lane("l1").mode == "closed"
    assert paula.post("/en/lanes/l1/mode", mode="automatic").status_code == 422
    assert paula.post("/en/lanes/l1/sign-off").status_code == 303
    assert site.reads.lane("l1").signed_on is None
    assert boris.post("/en/lanes/l1/mode", mode="attended").status_code == 403


@pytest.mark.usefixtures("at_gate")
def test_a_picture_is_given_only_of_who_is_in_the_lane_now(site: Site, boris: Officer) -> None:
    site.keep_record(named("beto"))
    assert boris.get(f"{BOOTH}/photo/{PASSAGE}/{named('beto')}").status_code == 404
    assert boris.get(f"{BOOTH}/photo/{named('old')}/{named('ana')}").status_code == 404


def test_a_forged_form_and_an_unknown_lane_are_refused(site: Site, boris: Officer) -> None:
    forged = boris.client.post("/en/lanes/l1/sign-off", data={})
    assert forged.status_code == 400
    assert boris.get("/en/lanes/l9/booth").status_code == 404
    assert boris.command("admit", lane="l9", passage_id=PASSAGE, counted=1).status_code == 404
    assert site.reads.lane("l1").signed_on == "boris"


@pytest.mark.parametrize("role", ["officer", "supervisor", "center", "auditor", "admin"])
def test_other_roles_do_not_open_a_booth(site: Site, role: str) -> None:
    other = Officer(site.app, "otto", role)
    assert other.get(BOOTH).status_code == 403
    assert other.post("/en/lanes/l1/sign-on").status_code == 403
    assert other.command("admit", passage_id=PASSAGE, counted=1).status_code == 403


def test_a_record_that_is_not_here_comes_from_headquarters_meanwhile(
    site: Site, agent: VoiceOfAgent, boris: Officer
) -> None:
    beto = named("beto")
    sealed = site.sealed_record(beto, 4, name="Humberto Robles", photo=None)
    site.headquarters.records[beto] = {"version": 4, "record": sealed}
    agent.say(front=a_live_passage(cards=(a_live_card("beto"),), decided_at=utc_now()))
    page = boris.look_until(BOOTH, lambda page: "Humberto Robles" in page)
    assert "No picture here, compare the card" in page
    assert site.headquarters.asked == [beto]


def test_a_line_that_is_cut_leaves_the_verdict(
    site: Site, agent: VoiceOfAgent, boris: Officer
) -> None:
    site.headquarters.fail = Unavailable("The line is cut")
    agent.say(front=a_live_passage(decided_at=utc_now()))
    page = boris.look_until(BOOTH, lambda page: "Name not here" in page)
    assert 'data-word="clear"' in page


def test_a_dropped_record_is_not_shown_any_more(
    site: Site, at_gate: VoiceOfAgent, boris: Officer
) -> None:
    del at_gate
    assert "Ana Luz" in boris.get(BOOTH).text
    site.keep_record(named("ana"), 2, name="Ana L. Robles")
    assert "Ana L. Robles" in boris.get(BOOTH).text
    site.forget_record(named("ana"))
    assert "Robles" not in boris.look_until(BOOTH, lambda page: "Robles" not in page)


def test_an_agent_that_stops_is_noticed_by_a_page_without_script(
    at_gate: VoiceOfAgent, boris: Officer
) -> None:
    at_gate.counting.clear()
    began = time.monotonic()
    page = boris.look_until(BOOTH, lambda page: 'data-word="not_live"' in page)
    assert time.monotonic() - began < 3
    assert "Robles" not in page
    assert 'name="counted"' not in page


@pytest.mark.statement(51)
def test_a_vehicle_selected_by_chance_goes_uninspected_with_a_reason_alone(
    site: Site, at_gate: VoiceOfAgent, boris: Officer
) -> None:
    front = a_live_passage(verdict="refer", reasons=("random_selection",), decided_at=utc_now())
    at_gate.say(front=front)
    page = boris.look_until(BOOTH, lambda page: 'data-word="refer"' in page)
    assert "Selected by chance for inspection" in page
    assert page.count('value="redirect"') == page.count('value="turn_back"') == 1
    assert page.index("Let it go uninspected") < page.index('value="redirect"')

    boris.command("redirect", passage_id=PASSAGE, reason="an ambulance")
    [command] = commands(site)
    assert (command.kind, command.reason) == (CommandKind.REDIRECT, "an ambulance")
