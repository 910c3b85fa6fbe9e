"""Cards from the blank chip to the lane, and what becomes of lost ones."""

from datetime import date
from uuid import uuid4

import pytest

from services.enrollment.bootstrap import Parts
from services.enrollment.domain.card import (
    MAX_TRIES,
    ActivationLapsed,
    CardMismatch,
    Status,
    TooManyTries,
    WrongCode,
)
from services.enrollment.domain.credential import plate_marks
from services.enrollment.domain.flaws import FormInvalid
from services.enrollment.domain.membership import AlreadyMember, Membership
from services.enrollment.domain.policy_rows import SENTRI
from services.enrollment.use_cases.activate_card import CardCodes, GuardianNeeded
from services.enrollment.use_cases.errors import ApplicationOpen, CardInUse, ChipKnown
from services.enrollment.use_cases.front_door import UseCases
from shared.errors import NotFound
from tests.integration.enrollment.conftest import MovableClock, Office
from tests.unit.enrollment.builders import TID, birth, consent, form, vehicle

WRONG = CardCodes(passid="000000000", security_code="000000")


def kinds(parts: Parts) -> list[tuple[str, str]]:
    page = parts.queries().feed(after=0, limit=1000)
    return [(entry["kind"], entry["status"]) for entry in page.entries]


def minor(office: Office, born_on: date) -> Membership:
    draft = office.draft(filled=form(birth=birth(born_on)))
    signed = consent(guardian_name="Rosa Peña", guardian_relationship="mother")
    sent = office.use_cases.submit_application(draft.id, person_id=draft.person_id, consent=signed)
    return office.interview(office.approve(sent))


@pytest.mark.statement(37)
def test_wrong_codes_are_kept_and_lock_the_activation(
    office: Office, use_cases: UseCases, clock: MovableClock
) -> None:
    member = office.member()
    card = office.mailed(member)
    right = CardCodes(passid=member.passid, security_code=card.secrets.security_code)
    half = CardCodes(passid="000000000", security_code=card.secrets.security_code)

    for left in range(MAX_TRIES - 1, 0, -1):
        with pytest.raises(WrongCode) as refused:
            use_cases.activate_card(member.person_id, half)
        assert refused.value.left == left
    with pytest.raises(WrongCode):
        use_cases.activate_card(member.person_id, WRONG)
    with pytest.raises(TooManyTries):
        use_cases.activate_card(member.person_id, right)
    clock.forward(hours=1)
    assert use_cases.activate_card(member.person_id, right).status is Status.ACTIVE


@pytest.mark.statement(37)
def test_a_card_that_is_not_activated_lapses_and_is_made_anew(
    office: Office, parts: Parts, use_cases: UseCases, clock: MovableClock
) -> None:
    member = office.member()
    card = office.mailed(member)
    codes = CardCodes(passid=member.passid, security_code=card.secrets.security_code)
    clock.forward(days=30)
    assert use_cases.lapse_cards() == 0
    clock.forward(days=1)
    assert use_cases.lapse_cards() == 1
    with pytest.raises(ActivationLapsed):
        use_cases.activate_card(member.person_id, codes)
    assert kinds(parts)[-1][1] == "ended"
    office.active(member)
    assert kinds(parts)[-1] == ("activated", "active")


@pytest.mark.statement(37)
def test_a_minors_card_is_activated_at_the_counter(office: Office, use_cases: UseCases) -> None:
    member = minor(office, date(2010, 1, 1))
    person = member.person_id
    card = office.mailed(member)
    codes = CardCodes(passid=member.passid, security_code=card.secrets.security_code)

    with pytest.raises(GuardianNeeded):
        use_cases.activate_card(person, codes)
    with pytest.raises(WrongCode):
        use_cases.activate_at_center(card.id, WRONG)
    assert use_cases.activate_at_center(card.id, codes).status is Status.ACTIVE


def test_a_chip_makes_one_card_and_a_member_has_one(office: Office, use_cases: UseCases) -> None:
    one, two = office.member(), office.member()
    use_cases.issue_card(one.id, tid=TID)

    with pytest.raises(ChipKnown):
        use_cases.issue_card(two.id, tid=TID)
    with pytest.raises(CardInUse):
        use_cases.issue_card(one.id, tid=b"\x01" * 12)


def test_a_chip_that_broke_is_given_up(office: Office, parts: Parts, use_cases: UseCases) -> None:
    member = office.member()
    card, *_ = use_cases.issue_card(member.id, tid=TID)

    use_cases.void_card(card.id)

    assert kinds(parts) == [("issued", "inactive"), ("replaced", "ended")]
    office.active(member)


def test_another_card_is_not_handed_over(office: Office, use_cases: UseCases) -> None:
    member = office.member()
    card, *_ = use_cases.issue_card(member.id, tid=TID)

    with pytest.raises(CardMismatch):
        use_cases.hand_over_card(card.id, epc=b"\x01" * 12, tid=TID)
    assert use_cases.hand_over_card(card.id, epc=card.epc, tid=TID).status is Status.MAILED


@pytest.mark.parametrize(
    ("what", "kind"), [(Status.LOST, "reported_lost"), (Status.STOLEN, "reported_stolen")]
)
def test_a_lost_card_ends_in_every_lane_and_is_replaced(
    office: Office, parts: Parts, use_cases: UseCases, what: Status, kind: str
) -> None:
    member = office.member()
    card = office.active(member)

    with pytest.raises(NotFound):
        use_cases.report_card(card.id, person_id=uuid4(), what=what)
    use_cases.report_card(card.id, person_id=member.person_id, what=what)
    assert kinds(parts)[-1] == (kind, "ended")

    office.active(member)
    assert kinds(parts)[-3:] == [
        ("replaced", "ended"),
        ("issued", "inactive"),
        ("activated", "active"),
    ]
    again = use_cases.read_own.membership(person_id=member.person_id)
    assert again.passid == member.passid


def test_new_vehicles_reach_the_lanes(office: Office, parts: Parts, use_cases: UseCases) -> None:
    member = office.member()
    card = office.active(member)
    other = vehicle(plate="7XYZ999", region="MX-BCN", vin="11111111111111111")

    use_cases.change_vehicles(member.person_id, (other,))

    newest = parts.queries().feed(after=0, limit=1000).entries[-1]
    assert newest["kind"] == "vehicles_changed"
    assert newest["plates"] == [mark.hex() for mark in plate_marks(card.tid, (other,))]


@pytest.mark.statement(8)
def test_the_ninth_member_of_a_vehicle_is_refused(office: Office, use_cases: UseCases) -> None:
    for _ in range(8):
        office.member()
    ninth = office.draft()

    with pytest.raises(FormInvalid) as refused:
        use_cases.submit_application(ninth.id, person_id=ninth.person_id, consent=consent())
    (flaw,) = refused.value.flaws
    assert (flaw.path, flaw.code, flaw.values["limit"]) == ("vehicles.0.vin", "vehicle_full", 8)


@pytest.mark.statement(10)
def test_one_application_and_one_membership_at_a_time(office: Office, use_cases: UseCases) -> None:
    person = uuid4()
    office.draft(person)
    with pytest.raises(ApplicationOpen):
        use_cases.start_application(person, program=SENTRI)

    member = office.member()
    with pytest.raises(AlreadyMember):
        use_cases.start_application(member.person_id, program=SENTRI)


def test_a_birthday_moves_the_age_band(
    office: Office, parts: Parts, use_cases: UseCases, clock: MovableClock
) -> None:
    office.mailed(minor(office, date(2008, 12, 1)))

    assert use_cases.move_age_bands() == 0
    clock.forward(days=7)
    assert use_cases.move_age_bands() == 1
    newest = parts.queries().feed(after=0, limit=1000).entries[-1]
    assert (newest["kind"], newest["age_band"]) == ("age_band_changed", "adult")
    assert use_cases.move_age_bands() == 0
