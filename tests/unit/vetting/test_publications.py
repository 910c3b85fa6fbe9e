"""Each event of vetting gives exactly the shape of its sample."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest

from services.vetting.domain import events, member_events
from services.vetting.domain.case_states import ADVERSE, Outcome
from services.vetting.domain.reasons import GROUNDS, Reason, notice_for
from services.vetting.messages.publications import translate
from shared.events import Event

CONTRACTS = Path(__file__).parents[3] / "shared" / "contracts"
PERSON = UUID("1b6a3f7c-22d4-4a0e-8d55-3f1d8a9b7c02")
APPLICATION = UUID("7f0c2f6e-5a55-4f3e-9c59-0f6c1d1f2a01")
CASE = UUID("9d3f6f0e-8a1c-4c57-b1de-6a0b4c2e1d07")
MEMBERSHIP = UUID("c2d9a1e4-0f7b-4b7e-a1f3-9e4b5c6d7e03")
HOLD = UUID("40f1a2b3-c4d5-4e6f-8a90-b1c2d3e4f508")


def at(month: int, day: int, hour: int, minute: int = 0, second: float = 0) -> datetime:
    whole, rest = divmod(second, 1)
    moment = datetime(2026, month, day, hour, minute, int(whole), tzinfo=UTC)
    return moment.replace(microsecond=round(rest * 1_000_000))


def suspended(kind: type[member_events.MembershipDecided], *reasons: str) -> Event:
    return kind(
        membership_id=MEMBERSHIP,
        person_id=PERSON,
        reasons=reasons,
        decided_by="olga",
        second_by="otto",
        at=at(12, 10, 9, 40),
    )


EVENTS: dict[str, Event] = {
    "case_opened": events.CaseOpened(
        case_id=CASE,
        person_id=PERSON,
        application_id=APPLICATION,
        at=at(11, 24, 18, 30, 6.004512),
        kind="application",
    ),
    "information_requested": events.InformationRequested(
        case_id=CASE,
        person_id=PERSON,
        application_id=APPLICATION,
        at=at(11, 25, 10),
        request_id=UUID("90f1e2d3-c4b5-4a69-8778-695a4b3c2d05"),
        fields=("documents", "residences"),
        text_code="ask.complete",
        due_on=date(2026, 12, 25),
        by="olga",
    ),
    "case_decided": events.CaseDecided(
        case_id=CASE,
        person_id=PERSON,
        application_id=APPLICATION,
        at=at(11, 26, 15, 12),
        kind="application",
        outcome="deny",
        reasons=("criminal_record",),
        decided_by="olga",
        second_by="otto",
        list_version="ofac-sdn 3",
        policy_version="2024-10-01",
    ),
    "hold_placed": member_events.HoldPlaced(
        hold_id=HOLD,
        case_id=CASE,
        person_id=PERSON,
        at=at(12, 10, 8, 15),
        membership_ids=(MEMBERSHIP,),
        expires_at=at(12, 13, 8, 15),
        notice_policy="hold.standard",
        by="system",
    ),
    "hold_lifted": member_events.HoldLifted(
        hold_id=HOLD,
        case_id=CASE,
        person_id=PERSON,
        at=at(12, 10, 9, 40),
        why="cleared",
        by="olga",
    ),
    "membership_suspended": suspended(member_events.MembershipSuspended, "terrorism"),
    "membership_revoked": suspended(member_events.MembershipRevoked, "customs_violation"),
    "membership_reinstated": member_events.MembershipReinstated(
        membership_id=MEMBERSHIP,
        person_id=PERSON,
        reasons=("finding_explained",),
        decided_by="otto",
        second_by="sara",
        at=at(12, 20, 10),
    ),
}


@pytest.mark.parametrize("name", EVENTS)
def test_an_event_becomes_the_message_of_the_sample(name: str) -> None:
    (outgoing,) = translate(EVENTS[name])

    assert outgoing.type == f"vetting.{name}.v1"
    assert outgoing.body == json.loads((CONTRACTS / f"{outgoing.type}.json").read_text())
    assert outgoing.subject == str(CASE if "application_id" in outgoing.body else PERSON)


def test_a_members_review_is_nobody_elses_business() -> None:
    opened = events.CaseOpened(
        case_id=CASE, person_id=PERSON, application_id=None, at=at(1, 1, 0), kind="review"
    )
    assert list(translate(opened)) == []


@pytest.mark.statement(32)
@pytest.mark.parametrize("outcome", sorted(ADVERSE))
@pytest.mark.parametrize("reason", GROUNDS)
def test_no_adverse_letter_lacks_reasons_ways_or_deadline(outcome: Outcome, reason: Reason) -> None:
    notice = notice_for(outcome, [reason])

    assert any(code.startswith("reason.") for code in notice.text_codes)
    assert notice.text_codes[-3:] == (
        "ask.specific_reasons",
        "redress.routes",
        "deadline.30_days",
    )
    assert ("reason.not_disclosed" in notice.text_codes) == bool(notice.undisclosed_rule)
