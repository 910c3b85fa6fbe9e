from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest

from services.vetting.domain import events
from services.vetting.domain.case_rules import (
    LEASE,
    ClaimedByOther,
    HitsOpen,
    NotHolder,
    Priority,
    SameOfficer,
)
from services.vetting.domain.case_states import (
    ADVERSE,
    ALLOWED,
    OUTCOMES,
    IllegalTransition,
    Kind,
    Outcome,
    Status,
)
from services.vetting.domain.findings import Finding, Source, disclosed
from services.vetting.domain.hit import Verdict
from services.vetting.domain.officer import Officer, OwnFile
from services.vetting.domain.reasons import GROUNDS, Reason
from shared.errors import Conflict, InvalidInput
from tests.unit.vetting.builders import NOON, OLGA, OTTO, case, case_in_review, dossier, hit

LATER = NOON + LEASE
ARROWS = """
new -> claimed -> in_review -> waiting_applicant -> in_review -> proposed -> decided
proposed -> in_review
in_review -> decided
claimed -> new
in_review -> new
decided -> reopened -> claimed
new -> withdrawn
claimed -> withdrawn
in_review -> withdrawn
waiting_applicant -> withdrawn
"""
"""The states of a case as they are agreed upon."""


def propose(found: Any, outcome: Outcome, *reasons: Reason, **values: Any) -> None:
    given: dict[str, Any] = {"officer": OLGA, "hits": (), "now": NOON, "note": ""}
    given.update(values)
    found.propose(outcome, reasons, given.pop("note"), **given)


def test_the_transition_table_is_the_one_agreed_upon() -> None:
    agreed = {
        (Status(first), Status(second))
        for line in ARROWS.strip().splitlines()
        for first, second in pairwise(line.split(" -> "))
    }
    assert {(a, b) for a, wanted in ALLOWED.items() for b in wanted} == agreed


def test_a_claimed_case_is_closed_to_others_until_the_lease_ends() -> None:
    claimed = case()
    claimed.claim(OLGA, now=NOON)

    with pytest.raises(ClaimedByOther):
        claimed.claim(OTTO, now=NOON + LEASE / 2)
    claimed.claim(OTTO, now=LATER)

    assert claimed.officer == "otto"
    names = [type(event).__name__ for event in claimed.pull_events()]
    assert names == ["CaseClaimed", "CaseReturned", "CaseClaimed"]


def test_work_keeps_the_lease_and_idleness_loses_it() -> None:
    worked = case_in_review()
    worked.keep_lease(OLGA, now=NOON + LEASE / 2)
    with pytest.raises(Conflict):
        worked.lose_lease(now=LATER)

    worked.lose_lease(now=LATER + LEASE / 2)

    assert worked.status is Status.NEW
    with pytest.raises(NotHolder):
        worked.release(OLGA, now=LATER)


def test_who_has_lost_the_lease_cannot_decide() -> None:
    with pytest.raises(NotHolder):
        propose(case_in_review(), Outcome.APPROVE, Reason.NOTHING_FOUND, now=LATER)


def test_an_approval_without_finding_is_final() -> None:
    decided = case_in_review()
    propose(decided, Outcome.APPROVE, Reason.NOTHING_FOUND)

    assert decided.status is Status.DECIDED
    assert decided.second_by is None


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [(kind, outcome) for kind, outcomes in OUTCOMES.items() for outcome in outcomes],
)
def test_every_adverse_outcome_needs_a_second_officer(kind: Kind, outcome: Outcome) -> None:
    found = case_in_review(kind=kind)
    reason = GROUNDS[0] if outcome in ADVERSE else Reason.NOTHING_FOUND
    propose(found, outcome, reason, note="Seen in the file")

    assert (found.status is Status.PROPOSED) == (outcome in ADVERSE)


@pytest.mark.statement(23)
@pytest.mark.parametrize("verdict", [Verdict.TRUE_MATCH, Verdict.INCONCLUSIVE])
def test_an_approval_in_spite_of_a_hit_needs_a_second_officer_and_a_note(
    verdict: Verdict,
) -> None:
    found = case_in_review()
    hits = [hit(verdict=verdict)]
    with pytest.raises(InvalidInput):
        propose(found, Outcome.APPROVE, Reason.FINDING_EXPLAINED, hits=hits)
    propose(found, Outcome.APPROVE, Reason.FINDING_EXPLAINED, hits=hits, note="Died in 1990")

    assert found.status is Status.PROPOSED


@pytest.mark.statement(23)
def test_a_disclosure_is_a_finding_with_its_rule() -> None:
    (finding,) = disclosed(dossier(arrested=True))
    found = case_in_review()
    found.add_finding(finding, now=NOON)
    found.add_finding(finding, now=NOON)

    assert finding.rule == "8 CFR 235.12(b)(2)(ii)"
    assert found.findings == [finding.to_json()]
    assert Finding.from_json(finding.to_json()) == finding
    propose(found, Outcome.APPROVE, Reason.FINDING_EXPLAINED, note="Charges were dropped")
    assert found.status is Status.PROPOSED


def test_every_hit_is_judged_before_a_decision_and_before_its_confirmation() -> None:
    found = case_in_review()
    with pytest.raises(HitsOpen):
        propose(found, Outcome.APPROVE, Reason.NOTHING_FOUND, hits=[hit()])
    propose(found, Outcome.DENY, Reason.CRIMINAL_RECORD, note="Two convictions")

    with pytest.raises(HitsOpen):
        found.confirm(OTTO, [hit()], now=NOON)


def test_nobody_confirms_their_own_proposal() -> None:
    found = case_in_review()
    propose(found, Outcome.DENY, Reason.CRIMINAL_RECORD, note="Two convictions")

    with pytest.raises(SameOfficer):
        found.confirm(OLGA, (), now=NOON)
    found.confirm(OTTO, (), now=NOON)

    assert (found.decided_by, found.second_by) == ("olga", "otto")
    decided = found.pull_events()[-1]
    assert isinstance(decided, events.CaseDecided)


def test_a_proposal_that_is_sent_back_returns_to_its_officer() -> None:
    found = case_in_review()
    propose(found, Outcome.DENY, Reason.CRIMINAL_RECORD, note="Two convictions")
    found.send_back(OTTO, now=LATER)

    assert (found.status, found.officer, found.outcome) == (Status.IN_REVIEW, "olga", None)
    found.keep_lease(OLGA, now=LATER)


def test_an_officer_never_works_on_their_own_file_or_a_relatives() -> None:
    found = case()
    tied = Officer(subject="olga", ties=frozenset({found.person_id}))
    with pytest.raises(OwnFile):
        found.claim(tied, now=NOON)
    found.claim(OLGA, now=NOON)
    with pytest.raises(OwnFile):
        propose(found, Outcome.APPROVE, Reason.NOTHING_FOUND, officer=tied)
    found.start_review(OLGA, now=NOON)
    propose(found, Outcome.DENY, Reason.CRIMINAL_RECORD, note="Two convictions")
    with pytest.raises(OwnFile):
        found.confirm(Officer(subject="otto", ties=frozenset({found.person_id})), (), now=NOON)


@pytest.mark.parametrize(
    ("outcome", "reasons"),
    [
        (Outcome.APPROVE, ()),
        (Outcome.APPROVE, (Reason.CRIMINAL_RECORD,)),
        (Outcome.DENY, (Reason.NOTHING_FOUND,)),
        (Outcome.SUSPEND, (Reason.CRIMINAL_RECORD,)),
    ],
)
def test_outcome_and_reasons_have_to_fit(outcome: Outcome, reasons: tuple[Reason, ...]) -> None:
    with pytest.raises(InvalidInput):
        propose(case_in_review(), outcome, *reasons, note="x")


def test_the_deadline_pauses_while_the_applicant_is_asked() -> None:
    found = case_in_review()
    due, request = found.due_at, uuid4()
    found.ask(
        OLGA,
        request_id=request,
        fields=("documents",),
        text_code="ask.complete",
        due_on=NOON.date(),
        now=NOON,
    )
    with pytest.raises(Conflict):
        found.receive_answer(uuid4(), now=NOON)
    found.receive_answer(request, now=NOON + timedelta(days=4))

    assert found.due_at == due + timedelta(days=4)
    assert found.status is Status.IN_REVIEW


def test_only_an_applicant_can_be_asked_and_by_field() -> None:
    for found, fields in ((case_in_review(kind=Kind.REVIEW), ("names",)), (case_in_review(), ())):
        with pytest.raises(InvalidInput):
            found.ask(
                OLGA,
                request_id=uuid4(),
                fields=fields,
                text_code="ask.complete",
                due_on=NOON.date(),
                now=NOON,
            )


def test_a_hit_moves_the_case_up_and_reopens_a_decided_one() -> None:
    found = case_in_review(kind=Kind.REVIEW)
    propose(found, Outcome.KEEP, Reason.NOTHING_FOUND)
    found.add_hit(hit(strong=True), now=LATER)

    assert (found.status, found.priority, found.hits) == (
        Status.REOPENED,
        Priority.STRONG_HIT,
        1,
    )
    found.add_hit(hit(), now=LATER)
    assert found.priority == Priority.STRONG_HIT


def test_a_decided_case_is_not_withdrawn() -> None:
    found = case_in_review()
    propose(found, Outcome.APPROVE, Reason.NOTHING_FOUND)
    with pytest.raises(IllegalTransition):
        found.withdraw(now=NOON)


def test_a_screening_finding_names_its_source() -> None:
    finding = Finding(ground=Reason.LOW_RISK_NOT_SHOWN, source=Source.SCREENING)
    assert finding.rule == "8 CFR 235.12(b)(2)(vii)"
