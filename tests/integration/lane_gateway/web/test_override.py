"""A lane opened by hand: with a passkey used for this alone, or not at all."""

from typing import Any

import pytest
from sqlalchemy import select

from services.lane_gateway.persistence.desk_tables import commands
from shared.ids import new_id
from tests.integration.lane_gateway.web.officers import Officer
from tests.integration.lane_gateway.web.passkey_scenes import a_working_passkey, known
from tests.integration.lane_gateway.web.site import Site
from tests.integration.lane_gateway.web.soft_passkey import SoftPasskey
from tests.integration.lane_gateway.web.voice import VoiceOfAgent

OVERRIDE = "/en/lanes/l1/override"


def overrides(site: Site) -> list[Any]:
    with site.desk.engine.connect() as connection:
        return list(connection.execute(select(commands).where(commands.c.kind == "override")))


def order(**changes: str) -> dict[str, str]:
    return {"reason": "ambulance", "seconds": "20", "once": str(new_id()), **changes}


def signed_on(site: Site, agent: VoiceOfAgent) -> Officer:
    officer = Officer(site.app, "boris")
    officer.post("/en/lanes/l1/sign-on")
    agent.say(signed_on="boris")
    return officer


def stepped_up(officer: Officer, passkey: SoftPasskey, **changes: str) -> str:
    options = officer.post(f"{OVERRIDE}/options", **order(**changes)).json
    assert options is not None
    return passkey.sign(options)


@pytest.mark.rule("R9")
def test_an_override_carries_reason_seconds_officer_and_passkey(
    site: Site, agent: VoiceOfAgent
) -> None:
    passkey, officer = a_working_passkey(site), signed_on(site, agent)

    answer = officer.post(OVERRIDE, **order(), answer=stepped_up(officer, passkey))

    assert answer.status_code == 303
    (row,) = overrides(site)
    assert (row.lane, row.officer, row.seconds) == ("l1", "boris", 20.0)
    assert row.passkey == known(site).digest
    assert "ambulance" not in row.reason
    assert site.audit_lines("passkey_stepped_up")


@pytest.mark.rule("R9")
@pytest.mark.parametrize("changed", [{"reason": "other"}, {"seconds": "60"}, {"lane": "l2"}])
def test_a_step_up_is_for_its_lane_reason_and_time_alone(
    site: Site, agent: VoiceOfAgent, changed: dict[str, str]
) -> None:
    passkey, officer = a_working_passkey(site), signed_on(site, agent)
    officer.post("/en/lanes/l2/sign-on")
    answer, lane = stepped_up(officer, passkey), changed.pop("lane", "l1")

    page = officer.post(f"/en/lanes/{lane}/override", **order(**changed), answer=answer)

    assert page.status_code == 422
    assert overrides(site) == []


@pytest.mark.rule("R9")
def test_no_step_up_a_used_one_and_another_officers_open_nothing(
    site: Site, agent: VoiceOfAgent
) -> None:
    passkey, officer = a_working_passkey(site), signed_on(site, agent)
    assert officer.post(OVERRIDE, **order(), answer="").status_code == 422
    answer = stepped_up(officer, passkey)
    assert officer.post(OVERRIDE, **order(), answer=answer).status_code == 303
    assert officer.post(OVERRIDE, **order(), answer=answer).status_code == 422
    assert len(overrides(site)) == 1

    officer.post("/en/lanes/l1/sign-off")
    olga = Officer(site.app, "olga")
    olga.post("/en/lanes/l1/sign-on")
    page = olga.post(OVERRIDE, **order(), answer=stepped_up(olga, passkey))
    assert page.status_code == 422
    assert "another officer" in page.text
    assert len(overrides(site)) == 1


@pytest.mark.rule("R9")
def test_the_interface_takes_no_override_and_ends_one(site: Site, agent: VoiceOfAgent) -> None:
    officer = signed_on(site, agent)
    body = {"kind": "override", "reason": "ambulance"}

    refused_call = officer.call("POST", "/lanes/l1/commands", body, key=str(new_id()))
    ended = officer.call("POST", "/lanes/l1/commands", {"kind": "end_override"}, key=str(new_id()))

    assert refused_call.status_code == 422
    assert "kind" in (refused_call.json or {})["errors"]
    assert ended.status_code == 202
    assert overrides(site) == []


@pytest.mark.rule("R9")
def test_the_end_of_an_override_takes_one_press(site: Site) -> None:
    olga = Officer(site.app, "olga")

    assert olga.post(f"{OVERRIDE}/end").status_code == 303
    with site.desk.engine.connect() as connection:
        assert list(connection.scalars(select(commands.c.kind))) == ["end_override"]


@pytest.mark.rule("R9")
def test_an_order_is_on_its_way_until_the_lane_has_taken_it(
    site: Site, agent: VoiceOfAgent
) -> None:
    passkey, officer = a_working_passkey(site), signed_on(site, agent)
    sent = officer.post(OVERRIDE, **order(), answer=stepped_up(officer, passkey))

    waiting = officer.get(sent.location)
    assert "on its way" in waiting.text
    assert "look=2" in waiting.text, "it does not look again by itself"
    (row,) = overrides(site)
    agent.say(last_command=row.number)
    officer.look_until(sent.location, lambda page: "on its way" not in page)


@pytest.mark.rule("R9")
def test_a_page_does_not_ask_for_ever_for_an_order_that_the_lane_never_takes(
    site: Site, agent: VoiceOfAgent
) -> None:
    a_working_passkey(site)
    officer = signed_on(site, agent)

    late = f"{OVERRIDE}?sent=999&look=11"
    page = officer.look_until(late, lambda page: "has not taken the order" in page)

    assert "on its way" not in page
    assert "Open with passkey" in page
