from datetime import timedelta
from uuid import uuid4

import pytest

from services.vetting.domain.alarm import Alarm, Code
from services.vetting.domain.case_states import IllegalTransition
from services.vetting.domain.clearance import clear
from services.vetting.domain.hit import Verdict
from services.vetting.domain.hold import LASTS, Status, Why
from services.vetting.domain.member_events import HoldLifted
from services.vetting.domain.membership import Membership
from services.vetting.domain.membership import Status as Member
from services.vetting.domain.officer import Officer, OwnFile, SupervisorNeeded
from shared.errors import Conflict, InvalidInput
from tests.unit.vetting.builders import NOON, OLGA, SARA, hit, hold


def member(status: Member) -> Membership:
    return Membership(
        id=uuid4(),
        person_id=uuid4(),
        program="sentri",
        status=status,
        valid_from=NOON.date(),
        valid_until=NOON.date(),
    )


@pytest.mark.statement(26)
def test_a_verdict_says_what_was_compared_and_by_whom() -> None:
    found = hit()
    with pytest.raises(InvalidInput):
        found.adjudicate(Verdict.FALSE_MATCH, OLGA, "  ", now=NOON)
    found.adjudicate(Verdict.FALSE_MATCH, OLGA, "Another birthplace", now=NOON)

    assert (found.verdict, found.judged_by, found.note) == (
        Verdict.FALSE_MATCH,
        "olga",
        "Another birthplace",
    )
    found.adjudicate(Verdict.INCONCLUSIVE, OLGA, "The place was misread", now=NOON)
    with pytest.raises(IllegalTransition):
        found.adjudicate(Verdict.OPEN, OLGA, "x", now=NOON)


def test_nobody_judges_a_hit_on_a_relative() -> None:
    found = hit()
    tied = Officer(subject="olga", ties=frozenset({found.person_id}))
    with pytest.raises(OwnFile):
        found.adjudicate(Verdict.FALSE_MATCH, tied, "x", now=NOON)


@pytest.mark.statement(26)
def test_only_a_false_match_clears_and_only_for_what_was_compared() -> None:
    found = hit(compared="a" * 64)
    with pytest.raises(Conflict):
        clear(found, clearance_id=uuid4())
    found.adjudicate(Verdict.FALSE_MATCH, OLGA, "Another passport", now=NOON)

    clearance = clear(found, clearance_id=uuid4())

    assert clearance.covers("a" * 64)
    assert not clearance.covers("b" * 64)
    assert (clearance.cleared_by, clearance.why) == ("olga", "Another passport")


@pytest.mark.statement(25)
def test_a_hold_runs_out_by_itself() -> None:
    placed = hold()
    with pytest.raises(IllegalTransition):
        placed.expire(now=NOON + LASTS - timedelta(seconds=1))
    placed.expire(now=NOON + LASTS)

    assert (placed.status, placed.why) == (Status.LIFTED, Why.EXPIRED)
    assert isinstance(placed.pull_events()[-1], HoldLifted)


def test_a_hold_is_extended_by_a_supervisor_with_a_reason_and_not_for_ever() -> None:
    placed = hold()
    week = NOON + timedelta(days=7)
    with pytest.raises(SupervisorNeeded):
        placed.extend(week, OLGA, "Waiting", now=NOON)
    for until, reason in (
        (week, ""),
        (NOON + timedelta(days=15), "Waiting"),
        (NOON + timedelta(hours=1), "Waiting"),
    ):
        with pytest.raises(InvalidInput):
            placed.extend(until, SARA, reason, now=NOON)
    placed.extend(week, SARA, "Waiting", now=NOON)

    assert placed.expires_at == week


def test_a_lifted_hold_stays_lifted() -> None:
    placed = hold()
    with pytest.raises(InvalidInput):
        placed.lift(OLGA, " ", now=NOON)
    placed.lift(OLGA, "Looked at the card", now=NOON)

    with pytest.raises(IllegalTransition):
        placed.lift(OLGA, "Again", now=NOON)
    with pytest.raises(IllegalTransition):
        placed.expire(now=NOON + LASTS)
    with pytest.raises(IllegalTransition):
        placed.extend(NOON + timedelta(days=5), SARA, "Again", now=NOON)


@pytest.mark.statement(25)
@pytest.mark.parametrize("status", list(Member))
def test_a_membership_changes_only_on_two_officers_word(status: Member) -> None:
    changes = {
        "suspend": ({Member.ACTIVE, Member.HELD}, Member.SUSPENDED),
        "revoke": ({Member.ACTIVE, Member.HELD, Member.SUSPENDED}, Member.REVOKED),
        "reinstate": ({Member.SUSPENDED}, Member.ACTIVE),
    }
    for verb, (possible, wanted) in changes.items():
        found = member(status)
        if status in possible:
            getattr(found, verb)(["terrorism"], "olga", "otto", now=NOON)
            assert found.status is wanted
        else:
            with pytest.raises(IllegalTransition):
                getattr(found, verb)(["terrorism"], "olga", "otto", now=NOON)


def test_an_alarm_is_acknowledged_once_by_a_supervisor() -> None:
    alarm = Alarm(id=uuid4(), code=Code.HOLD_EXPIRED, case_id=uuid4(), person_id=uuid4(), at=NOON)
    with pytest.raises(SupervisorNeeded):
        alarm.acknowledge(OLGA, now=NOON)
    alarm.acknowledge(SARA, now=NOON)
    with pytest.raises(Conflict):
        alarm.acknowledge(SARA, now=NOON)
