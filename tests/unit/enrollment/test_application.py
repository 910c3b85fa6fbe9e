from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from services.enrollment.domain.application import (
    ALLOWED,
    OVER,
    Application,
    Decision,
    NotEditable,
    Request,
    Status,
)
from services.enrollment.domain.application_form import ApplicationForm, Step
from services.enrollment.domain.events import (
    ApplicationAmended,
    ApplicationSubmitted,
    ApplicationWithdrawn,
)
from services.enrollment.domain.flaws import FormInvalid
from services.enrollment.domain.history import Residence, Stretch
from services.enrollment.domain.money import Money
from services.enrollment.domain.next_step import Action, Actor, next_step
from services.enrollment.domain.transitions import IllegalTransition
from tests.unit.enrollment.builders import (
    NOON,
    TODAY,
    address,
    application,
    consent,
    form,
    rules,
)

APPROVED = Decision(outcome="approve", reason_codes=(), notice_codes=(), decided_at=NOON)
DENIED = Decision(outcome="deny", reason_codes=("arrest",), notice_codes=(), decided_at=NOON)
REQUEST = Request(id=uuid4(), fields=("documents",), text_code="passport", due_on=TODAY)
FEE = Money(120_00, "USD")

VERBS: dict[Status, list[Callable[[Application], None]]] = {
    Status.SUBMITTED: [lambda a: a.refer_back(now=NOON)],
    Status.ACTION_NEEDED: [lambda a: a.ask(REQUEST, now=NOON)],
    Status.CONDITIONALLY_APPROVED: [
        lambda a: a.approve_conditionally(APPROVED, today=TODAY, lapse_days=730, now=NOON),
        lambda a: a.interview_released(now=NOON),
    ],
    Status.INTERVIEW_BOOKED: [lambda a: a.interview_booked(now=NOON)],
    Status.APPROVED: [lambda a: a.approve(now=NOON)],
    Status.DENIED: [lambda a: a.deny(DENIED, now=NOON)],
    Status.LAPSED: [lambda a: a.lapse(now=NOON)],
    Status.WITHDRAWN: [lambda a: a.withdraw(now=NOON)],
}


def submit(draft: Application) -> None:
    draft.submit(consent(), rules=rules(), fee=FEE, policy_version="2024-10-01", now=NOON)


@pytest.mark.parametrize("wanted", sorted(VERBS))
@pytest.mark.parametrize("current", sorted(Status))
def test_every_verb_keeps_to_the_table(current: Status, wanted: Status) -> None:
    for verb in VERBS[wanted]:
        at_hand = application(status=current)
        if wanted in ALLOWED[current]:
            verb(at_hand)
            assert at_hand.status is wanted
            assert at_hand.history[-1].status is wanted
        else:
            with pytest.raises(IllegalTransition):
                verb(at_hand)
            assert at_hand.status is current


def test_submitting_a_draft_tells_vetting_and_owes_the_fee() -> None:
    draft = application()

    submit(draft)

    assert draft.status is Status.SUBMITTED
    assert (draft.fee, draft.policy_version, draft.submitted_at) == (FEE, "2024-10-01", NOON)
    (event,) = draft.pull_events()
    assert isinstance(event, ApplicationSubmitted)
    assert event.form.consent == consent()


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.DRAFT}))
def test_only_a_draft_can_be_submitted(status: Status) -> None:
    with pytest.raises((IllegalTransition, NotEditable)):
        submit(application(status=status))


def test_a_form_with_flaws_is_not_submitted() -> None:
    draft = application(filled=replace(form(), citizenships=()))

    with pytest.raises(FormInvalid) as refused:
        submit(draft)

    assert dict(refused.value.fields) == {"citizenships": ["required"]}
    assert draft.status is Status.DRAFT
    assert draft.fee is None


def test_a_step_is_kept_only_if_it_is_right() -> None:
    draft = application(filled=ApplicationForm())

    with pytest.raises(FormInvalid):
        draft.save(Step.CITIZENSHIPS, ApplicationForm(citizenships=("MX", "MX")), rules=rules())
    draft.save(Step.CITIZENSHIPS, ApplicationForm(citizenships=("MX", "US")), rules=rules())

    assert draft.form.citizenships == ("MX", "US")
    assert draft.form.done == {Step.CITIZENSHIPS}


def test_a_list_can_be_filled_entry_by_entry() -> None:
    draft = application(filled=ApplicationForm())
    entry = Residence(address=address(), stretch=Stretch(since=date(2025, 1, 1)))
    wrong = Residence(address=address(city=""), stretch=Stretch(since=date(2025, 1, 1)))

    draft.save(Step.RESIDENCES, ApplicationForm(residences=(entry,)), rules=rules(), complete=False)
    assert draft.form.residences == (entry,)
    assert draft.form.done == frozenset()
    with pytest.raises(FormInvalid) as refused:
        draft.save(
            Step.RESIDENCES,
            ApplicationForm(residences=(entry, wrong)),
            rules=rules(),
            complete=False,
        )
    assert [f.path for f in refused.value.flaws] == ["residences.1.city"]
    with pytest.raises(FormInvalid):
        draft.save(Step.RESIDENCES, draft.form, rules=rules())


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.DRAFT, Status.ACTION_NEEDED}))
def test_a_form_that_is_with_vetting_cannot_be_edited(status: Status) -> None:
    with pytest.raises(NotEditable):
        application(status=status).save(Step.NAMES, form(), rules=rules())


def test_an_answer_goes_back_to_vetting() -> None:
    asked = application(status=Status.SUBMITTED, filled=replace(form(), consent=consent()))
    asked.ask(REQUEST, now=NOON)
    asked.pull_events()

    asked.amend(rules=rules(), now=NOON)

    assert asked.status is Status.SUBMITTED
    assert asked.request is None
    (event,) = asked.pull_events()
    assert isinstance(event, ApplicationAmended)
    assert event.request_id == REQUEST.id


def test_vetting_hears_of_a_withdrawal_only_if_it_knew_the_application() -> None:
    draft, sent = application(), application(status=Status.SUBMITTED)

    draft.withdraw(now=NOON)
    sent.withdraw(now=NOON)

    assert [e.sent for e in draft.pull_events() if isinstance(e, ApplicationWithdrawn)] == [False]
    assert [e.sent for e in sent.pull_events() if isinstance(e, ApplicationWithdrawn)] == [True]


@pytest.mark.statement(16)
def test_a_conditional_approval_has_its_last_day() -> None:
    approved = application(status=Status.SUBMITTED)

    approved.approve_conditionally(APPROVED, today=TODAY, lapse_days=730, now=NOON)

    assert approved.lapses_on == TODAY + timedelta(days=730)


@pytest.mark.statement(15)
@pytest.mark.parametrize("status", sorted(Status))
def test_every_state_names_the_next_actor_and_action(status: Status) -> None:
    step = next_step(application(status=status))

    assert (step.actor is Actor.NOBODY) is (status in OVER - {Status.APPROVED})
    assert (step.action is Action.NOTHING) is (step.actor is Actor.NOBODY)


@pytest.mark.statement(15)
def test_under_review_says_whether_vetting_has_a_case() -> None:
    waiting = application(status=Status.SUBMITTED)

    assert next_step(waiting).action is Action.OPEN_CASE
    waiting.open_case(uuid4(), now=NOON)
    assert next_step(waiting).action is Action.REVIEW
