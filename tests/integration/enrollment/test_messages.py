"""What enrollment does with vetting's messages, by the samples of the contract."""

from uuid import uuid4

import pytest

from services.enrollment.bootstrap import Parts
from services.enrollment.domain.application import Status
from services.enrollment.domain.membership import Status as MembershipStatus
from services.enrollment.messages.handlers import IGNORED
from services.enrollment.use_cases.front_door import UseCases
from shared.messaging.dispatcher import Fate
from tests.integration.enrollment.conftest import Office
from tests.integration.enrollment.hearing import APPLIED, SITE, VETTING, Ear, rows, sample


@pytest.fixture
def ear(use_cases: UseCases) -> Ear:
    return Ear(use_cases)


def test_a_case_is_noted(office: Office, ear: Ear) -> None:
    made = office.submitted()

    assert ear.hear("vetting.case_opened.v1", application_id=str(made.id)) == APPLIED

    found = office.use_cases.read_own.application(made.id, person_id=made.person_id)
    assert found.case_id is not None


def test_a_question_comes_back_answered(office: Office, parts: Parts, ear: Ear) -> None:
    made = office.submitted()
    asked = sample("vetting.information_requested.v1")

    fate = ear.hear("vetting.information_requested.v1", application_id=str(made.id))
    found = office.use_cases.read_own.application(made.id, person_id=made.person_id)
    office.use_cases.amend_application(made.id, person_id=made.person_id)

    assert fate == APPLIED
    assert found.status is Status.ACTION_NEEDED
    assert found.request is not None
    assert list(found.request.fields) == asked["fields"]
    amended = [r for r in rows(parts, "outbox") if r["type"].endswith("amended.v1")]
    assert [r["body"]["answers_request_id"] for r in amended] == [asked["request_id"]]


def test_a_denial_keeps_what_the_letter_says(office: Office, ear: Ear) -> None:
    made = office.submitted()

    assert ear.hear("vetting.case_decided.v1", application_id=str(made.id)) == APPLIED

    found = office.use_cases.read_own.application(made.id, person_id=made.person_id)
    assert found.status is Status.DENIED
    assert found.decision is not None
    assert list(found.decision.notice_codes) == sample("vetting.case_decided.v1")["notice"]


def test_a_decision_on_a_withdrawn_application_has_no_effect(office: Office, ear: Ear) -> None:
    made = office.submitted()
    office.use_cases.withdraw_application(made.id, person_id=made.person_id)

    fate = ear.hear("vetting.case_decided.v1", application_id=str(made.id), outcome="approve")

    assert fate == APPLIED
    found = office.use_cases.read_own.application(made.id, person_id=made.person_id)
    assert found.status is Status.WITHDRAWN


def test_a_denial_after_the_booking_frees_the_slot(office: Office, ear: Ear) -> None:
    made, slot = office.approved(), office.slots()[0]
    office.use_cases.book_slot(made.id, person_id=made.person_id, slot_id=slot.id)
    (other,) = office.crowd(1)

    assert ear.hear("vetting.case_decided.v1", application_id=str(made.id)) == APPLIED

    office.use_cases.book_slot(other.id, person_id=other.person_id, slot_id=slot.id)


def test_a_hold_and_its_end_move_the_feed(office: Office, parts: Parts, ear: Ear) -> None:
    member = office.member()
    office.active(member)
    person = str(member.person_id)
    hold = {"subject": person, "person_id": person, "hold_id": str(uuid4())}

    placed = ear.hear("vetting.hold_placed.v1", **hold, membership_ids=[str(member.id)])  # type: ignore[arg-type]
    lifted = ear.hear("vetting.hold_lifted.v1", **hold)  # type: ignore[arg-type]

    assert (placed, lifted) == (APPLIED, APPLIED)
    page = parts.queries().feed(after=2, limit=10)
    assert [(e["kind"], e["status"]) for e in page.entries] == [
        ("held", "held"),
        ("released", "active"),
    ]


@pytest.mark.parametrize(
    ("kind", "status", "said"),
    [
        ("vetting.membership_suspended.v1", MembershipStatus.SUSPENDED, "suspended"),
        ("vetting.membership_revoked.v1", MembershipStatus.REVOKED, "revoked"),
    ],
)
def test_what_is_taken_away_comes_back_without_a_new_card(
    office: Office, parts: Parts, ear: Ear, kind: str, status: MembershipStatus, said: str
) -> None:
    member = office.member()
    office.active(member)

    taken = ear.hear(kind, membership_id=str(member.id))
    found = office.use_cases.read_own.membership(person_id=member.person_id)
    back = ear.hear("vetting.membership_reinstated.v1", membership_id=str(member.id))

    assert (taken, back) == (APPLIED, APPLIED)
    assert found.status is status
    assert found.reasons is not None
    assert list(found.reasons.notice_codes) == sample(kind)["notice"]
    page = parts.queries().feed(after=2, limit=10)
    assert [(e["kind"], e["status"]) for e in page.entries] == [
        (said, said),
        ("reinstated", "active"),
    ]


@pytest.mark.parametrize("kind", sorted(IGNORED))
def test_some_messages_are_noted_without_effect(ear: Ear, kind: str) -> None:
    assert ear.hear(kind, body={})[0] is Fate.PASSED_BY


@pytest.mark.parametrize(
    "kind",
    [
        "vetting.case_opened.v1",
        "vetting.case_decided.v1",
        "vetting.hold_placed.v1",
        "vetting.membership_suspended.v1",
        "lane_gateway.passage_recorded.v1",
        "lane_gateway.feed_applied.v1",
    ],
)
def test_a_message_without_its_fields_is_dead(ear: Ear, kind: str) -> None:
    source = VETTING if kind.startswith("vetting") else SITE

    assert ear.hear(kind, source=source, body={}) == (Fate.DEAD, "invalid_input")


def test_a_message_of_nobody_we_know_is_dead(ear: Ear) -> None:
    assert ear.hear("vetting.case_decided.v1") == (Fate.DEAD, "not_found")
    assert ear.hear("vetting.unheard_of.v1", body={}) == (Fate.DEAD, "unknown_type")
