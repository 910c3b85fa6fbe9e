"""What enrollment does with each message that it hears, by the samples of the contract."""

import json
from collections.abc import Mapping
from importlib import resources
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from services.enrollment.bootstrap import Parts
from services.enrollment.domain.application import Status
from services.enrollment.domain.membership import Status as MembershipStatus
from services.enrollment.domain.site import Site
from services.enrollment.messages.handlers import IGNORED, handlers
from services.enrollment.persistence import tables
from services.enrollment.use_cases.front_door import UseCases
from shared.messaging.dispatcher import Dispatcher, Fate
from shared.messaging.envelope import Envelope
from tests.integration.enrollment.conftest import Office
from tests.unit.enrollment.builders import NOON

SITE = "/lane_gateway/sym"
VETTING = "/vetting"


def sample(kind: str) -> dict[str, Any]:
    text = resources.files("shared.contracts").joinpath(f"{kind}.json").read_text()
    loaded: dict[str, Any] = json.loads(text)
    return loaded


class Ear:
    """Hears messages as the consumer hands them over."""

    def __init__(self, use_cases: UseCases) -> None:
        self.dispatch = Dispatcher(
            service="enrollment", handlers=handlers(use_cases), ignored=IGNORED
        )
        self.turns: dict[str, int] = {}

    def hear(
        self,
        kind: str,
        *,
        source: str = VETTING,
        subject: str | None = None,
        body: Mapping[str, Any] | None = None,
        **changes: object,
    ) -> tuple[Fate, str]:
        subject = subject or str(uuid4())
        self.turns[subject] = self.turns.get(subject, 0) + 1
        envelope = Envelope(
            id=uuid4(),
            type=kind,
            source=source,
            subject=subject,
            time=NOON,
            request_id="r1",
            body={**(sample(kind) if body is None else body), **changes},
            sequence=self.turns[subject],
        )
        first, again = self.dispatch(envelope), self.dispatch(envelope)
        if first.fate is Fate.APPLIED:
            assert again.fate is Fate.REPEATED
        return first.fate, first.code


@pytest.fixture
def ear(use_cases: UseCases) -> Ear:
    return Ear(use_cases)


def rows(parts: Parts, table: str) -> list[dict[str, Any]]:
    with parts.engine.connect() as connection:
        found = connection.execute(select(tables.metadata.tables[table])).mappings()
        return [dict(row) for row in found]


APPLIED = (Fate.APPLIED, "")


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


def passage(credential_id: UUID) -> dict[str, Any]:
    return {
        "passage_id": str(uuid4()),
        "lane": "l1",
        "credential_ids": [str(credential_id), str(uuid4())],
        "verdict": "clear",
        "reasons": [],
        "authorisation": "clear",
        "officer": "bo",
        "counted": 2,
        "times": {
            "read": NOON.isoformat(),
            "shown": NOON.isoformat(),
            "decided": NOON.isoformat(),
            "gate": None,
        },
        "list_number": 3,
        "list_age_s": 1.5,
        "ended_at": NOON.isoformat(),
    }


def test_a_passage_its_referral_and_inspection_are_kept(
    office: Office, parts: Parts, ear: Ear, site: Site
) -> None:
    member = office.member()
    card = office.active(member)
    body = passage(card.id)
    early = ear.hear(
        "lane_gateway.referral_closed.v1",
        source=SITE,
        body={"passage_id": body["passage_id"], "end": "secondary", "officer": "bo"},
    )

    heard = ear.hear("lane_gateway.passage_recorded.v1", source=SITE, body=body)
    closed = ear.hear(
        "lane_gateway.referral_closed.v1",
        source=SITE,
        body={"passage_id": body["passage_id"], "end": "secondary", "officer": "bo"},
    )
    inspected = ear.hear(
        "lane_gateway.inspection_recorded.v1",
        source=SITE,
        body={
            "passage_id": body["passage_id"],
            "persons": [
                {
                    "credential_id": str(card.id),
                    "result": "violation",
                    "violation": "undeclared_goods",
                    "note": "eyJ.sealed",
                }
            ],
            "officer": "bo",
            "at": NOON.isoformat(),
        },
    )

    assert early == (Fate.RETRY, "unavailable")
    assert [heard, closed, inspected] == [APPLIED] * 3
    (kept,) = rows(parts, "passages")
    assert (kept["site"], kept["counted"], kept["referral_end"]) == (site.id, 2, "secondary")
    by_card = {row["credential_id"]: row for row in rows(parts, "crossings")}
    assert by_card[card.id]["person_id"] == member.person_id
    assert by_card[card.id]["inspection_type"] == "undeclared_goods"
    assert len(by_card) == 2


def test_a_crossing_without_a_record_brings_one(
    office: Office, parts: Parts, ear: Ear, site: Site
) -> None:
    member = office.member()
    with parts.engine.begin() as connection:
        connection.execute(tables.sites.delete())
    card = office.active(member)
    assert not [r for r in rows(parts, "outbox") if r["site"]]
    office.use_cases.add_site(site)

    ear.hear("lane_gateway.passage_recorded.v1", source=SITE, body=passage(card.id))
    ear.hear("lane_gateway.passage_recorded.v1", source=SITE, body=passage(card.id))

    records = [r for r in rows(parts, "outbox") if r["site"] == site.id]
    assert [(r["type"], r["version"]) for r in records] == [
        ("enrollment.display_record_sent.v1", 1)
    ]


def test_how_far_the_feed_has_come_is_counted(
    office: Office, parts: Parts, ear: Ear, site: Site
) -> None:
    office.active(office.member())
    body = {
        "site": site.id,
        "number": 2,
        "head_time": NOON.isoformat(),
        "applied_at": parts.clock().isoformat(),
    }

    known = ear.hear("lane_gateway.feed_applied.v1", source=SITE, body=body)
    unknown = ear.hear("lane_gateway.feed_applied.v1", source="/lane_gateway/otm", body=body)

    assert (known, unknown[0]) == (APPLIED, Fate.DEAD)
    state = parts.queries().feed_state()
    assert state.newest is not None
    assert (state.newest.kind, state.newest.spread.applied) == ("activated", 1)
    assert [(line.id, line.number) for line in state.sites] == [(site.id, 2)]


def test_an_alarm_is_open_until_somebody_has_seen_it(parts: Parts, ear: Ear) -> None:
    alarm = {"alarm_id": str(uuid4()), "at": NOON.isoformat()}
    raised = {**alarm, "code": "vehicle_missing", "lane": "l1"}
    seen = {**alarm, "officer": "bo"}

    early = ear.hear("lane_gateway.alarm_acknowledged.v1", source=SITE, body=seen)
    heard = ear.hear("lane_gateway.alarm_raised.v1", source=SITE, body=raised)
    open_ones = parts.queries().alarms()
    ear.hear("lane_gateway.alarm_acknowledged.v1", source=SITE, body=seen)

    assert (early[0], heard) == (Fate.RETRY, APPLIED)
    assert [line.code for line in open_ones] == ["vehicle_missing"]
    assert parts.queries().alarms() == []


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
