"""The pages after the form: status, booking, the center, the card, the sites."""

from io import BytesIO

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from services.enrollment.bootstrap import Parts
from services.enrollment.domain.application import Decision
from services.enrollment.domain.application_form import Step
from services.enrollment.domain.card import Status as CardStatus
from services.enrollment.domain.interview import QuestionType
from services.enrollment.persistence.tables import audit
from services.enrollment.use_cases.front_door import UseCases
from tests.integration.enrollment.conftest import MovableClock, Office
from tests.integration.enrollment.typed_answers import ANSWERS
from tests.integration.enrollment.web import Browser, open_file


@pytest.fixture
def carla(app: Flask) -> Browser:
    return Browser(app, issuer="staff", subject="carla", roles=("center",))


def test_a_denied_applicant_reads_the_reasons_and_what_to_do(
    app: Flask, office: Office, use_cases: UseCases
) -> None:
    person = Browser(app)
    made = office.submitted(person.id)
    notice = ("notice.deny", "reason.criminal_record", "ask.specific_reasons", "redress.routes")
    decision = Decision(
        outcome="deny",
        reason_codes=("criminal_record",),
        notice_codes=(*notice, "deadline.30_days"),
        decided_at=office.parts.clock(),
    )
    use_cases.record_decision(made.id, decision)

    page = person.get(f"/applications/{made.id}")

    for part in ("235.12(b)(2)(ii)", "ask for the specific reasons", "DHS TRIP", "30 days"):
        assert part in page


def picture() -> tuple[BytesIO, str]:
    out = BytesIO()
    Image.new("RGB", (400, 500), (180, 140, 120)).save(out, "JPEG")
    return BytesIO(out.getvalue()), "maria.jpg"


def test_from_the_booking_to_the_activated_card(
    app: Flask, office: Office, carla: Browser, use_cases: UseCases, parts: Parts
) -> None:
    person = Browser(app)
    made = office.approved(person.id)
    slot = office.slots()[0]
    day = "2026-11-25"

    held = person.fill(f"/applications/{made.id}/interview?day={day}", slot_id=str(slot.id))
    assert held.status_code == 303
    booked = person.fill(f"/applications/{made.id}/interview/confirm")
    assert booked.status_code == 303
    assert "Interview booked" in person.get(f"/applications/{made.id}")

    listed = carla.get(f"/center/sym/day?day={day}")
    assert "Maribel del Carmen" in listed
    visit = listed.split("/visits/")[1].split("/")[0]
    assert carla.send(f"/center/visits/{visit}/check-in").status_code == 303
    open_file(carla, f"/visits/{visit}")
    questions = {str(kind): "satisfactory" for kind in QuestionType}
    without = carla.send(f"/visits/{visit}", **questions, text="all well", outcome="passed")
    assert without.status_code == 422
    recorded = carla.fill(
        f"/visits/{visit}", **questions, text="all well", outcome="passed", picture=picture()
    )
    assert recorded.status_code == 303, recorded.get_data(as_text=True)

    card_page = recorded.headers["Location"].removeprefix("/en")
    open_file(carla, card_page)
    made_card = carla.send(card_page, tid="E280 1160 2000 7123 4567 890A")
    shown = made_card.get_data(as_text=True)
    (card,) = use_cases.read_own.overview(person_id=person.id).cards
    assert card.epc.hex() in shown
    assert card.secrets.security_code in shown
    again = carla.send(card_page, tid="E280 1160 2000 7123 4567 890A")
    assert again.status_code == 303
    assert card.secrets.kill_password.hex() not in carla.get(card_page)

    hand_over = f"{card_page}/{card.id}/hand-over"
    wrong = carla.fill(hand_over, epc="ff" * 12, tid="e2801160200071234567890a")
    assert wrong.status_code == 422
    handed = carla.fill(hand_over, epc=card.epc.hex(), tid="e2801160200071234567890a")
    assert handed.status_code == 303

    member = use_cases.read_own.membership(person_id=person.id)
    bad = person.fill("/membership/activate", passid=member.passid, security_code="000000")
    assert "4 more tries" in bad.get_data(as_text=True)
    good = person.fill(
        "/membership/activate",
        passid=member.passid,
        security_code=card.secrets.security_code,
    )
    assert good.status_code == 303
    assert "Active" in person.get("/membership")
    kinds = [entry["kind"] for entry in parts.queries().feed(after=0, limit=9).entries]
    assert kinds == ["issued", "activated"]


def test_a_lost_card_is_reported_in_two_clicks(app: Flask, office: Office) -> None:
    person = Browser(app)
    member = office.member(person.id)
    card = office.active(member)

    unsaid = person.fill(f"/membership/cards/{card.id}/report")
    assert unsaid.status_code == 422
    assert person.fill(f"/membership/cards/{card.id}/report", what="lost").status_code == 303
    assert "Reported lost" in person.get("/membership")
    (found,) = office.use_cases.read_own.overview(person_id=person.id).cards
    assert found.status is CardStatus.LOST


def test_vehicles_are_changed_on_one_page(app: Flask, office: Office) -> None:
    person = Browser(app)
    office.active(office.member(person.id))
    typed = {**ANSWERS[Step.VEHICLES], "vehicles__0__plate": "7XYZ999"}

    assert person.fill("/membership/vehicles", **typed).status_code == 303
    assert "7XYZ999" in person.get("/membership")


def test_who_did_not_confirm_in_time_is_told_so(
    app: Flask, office: Office, clock: MovableClock
) -> None:
    person = Browser(app)
    made = office.approved(person.id)
    slot = office.slots()[0]
    person.fill(f"/applications/{made.id}/interview", slot_id=str(slot.id))
    clock.forward(minutes=11)

    answer = person.client.get(f"/en/applications/{made.id}/interview/confirm")

    assert answer.status_code == 409
    assert "held this time too long" in answer.get_data(as_text=True)


def test_a_taken_time_is_said_on_the_page(app: Flask, office: Office) -> None:
    person, slot = Browser(app), office.slots()[0]
    made = office.approved(person.id)
    (other,) = office.crowd(1)
    office.use_cases.book_slot(other.id, person_id=other.person_id, slot_id=slot.id)

    answer = person.fill(f"/applications/{made.id}/interview", slot_id=str(slot.id))

    assert answer.status_code == 422
    assert "Somebody else has just taken this time" in answer.get_data(as_text=True)


def test_opening_a_file_is_an_entry_of_the_audit_with_its_purpose(
    office: Office, parts: Parts, carla: Browser
) -> None:
    member = office.member()
    asked = carla.get(f"/members/{member.id}/card")
    assert "Why do you open this file?" in asked
    open_file(carla, f"/members/{member.id}/card")

    with parts.engine.connect() as connection:
        entries = connection.execute(
            select(audit.entries.c.actor, audit.entries.c.lines).order_by("number")
        ).all()
    assert entries[-1].actor == "staff:carla"
    assert '"purpose":"own_case"' in entries[-1].lines
    assert str(member.id) in entries[-1].lines


def test_the_sites_page_says_how_far_the_feed_has_come(app: Flask, office: Office) -> None:
    office.active(office.member())
    admin = Browser(app, issuer="staff", subject="ada", roles=("admin",))

    page = admin.get("/sites")

    assert "No site has applied the newest change yet." in page
    assert "activated" in page


def test_an_unknown_center_is_not_found(carla: Browser) -> None:
    assert carla.client.get("/en/center/nowhere/day").status_code == 404
