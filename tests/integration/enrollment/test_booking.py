"""Two people can never have one slot, and no slot is shown that cannot be booked."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from services.enrollment.bootstrap import Parts
from services.enrollment.domain.application import Application, Status
from services.enrollment.domain.appointment import HOLD_TIME, HoldExpired, SlotPassed, SlotTaken
from services.enrollment.domain.transitions import IllegalTransition
from services.enrollment.use_cases.front_door import UseCases
from shared.errors import NotFound
from tests.integration.enrollment.conftest import MovableClock, Office

PEOPLE = 100
AT_ONCE = 20


def attempt(act: Callable[[], object]) -> str:
    try:
        act()
    except SlotTaken:
        return "taken"
    return "won"


def shown(parts: Parts) -> set[UUID]:
    now = parts.clock()
    free = parts.queries().free_slots("sym", after=now, before=now + timedelta(days=40), now=now)
    return {slot.slot_id for slot in free}


@pytest.mark.statement(17)
def test_of_a_hundred_people_one_gets_the_slot(office: Office, use_cases: UseCases) -> None:
    slot = office.slots()[0]
    waiting = office.crowd(PEOPLE)

    def book(one: Application) -> str:
        return attempt(
            lambda: use_cases.book_slot(one.id, person_id=one.person_id, slot_id=slot.id)
        )

    with ThreadPoolExecutor(AT_ONCE) as crowd:
        outcomes = list(crowd.map(book, waiting))

    assert sorted(set(outcomes)) == ["taken", "won"]
    assert outcomes.count("won") == 1
    booked = [
        use_cases.read_own.application(one.id, person_id=one.person_id).status for one in waiting
    ]
    assert booked.count(Status.INTERVIEW_BOOKED) == 1


@pytest.mark.statement(17)
def test_of_many_who_see_a_hold_run_out_one_gets_the_slot(
    office: Office, use_cases: UseCases, clock: MovableClock
) -> None:
    slot = office.slots()[0]
    (sleeper,) = office.crowd(1)
    use_cases.hold_slot(sleeper.id, person_id=sleeper.person_id, slot_id=slot.id)
    waiting = office.crowd(AT_ONCE)
    clock.forward(seconds=HOLD_TIME.total_seconds() + 1)

    def hold(one: Application) -> str:
        return attempt(
            lambda: use_cases.hold_slot(one.id, person_id=one.person_id, slot_id=slot.id)
        )

    with ThreadPoolExecutor(AT_ONCE) as crowd:
        outcomes = list(crowd.map(hold, waiting))

    assert outcomes.count("won") == 1


@pytest.mark.statement(17)
def test_a_held_slot_is_shown_to_nobody_until_the_hold_runs_out(
    office: Office, parts: Parts, use_cases: UseCases, clock: MovableClock
) -> None:
    calendar = office.slots()
    slots = [slot for slot in calendar if slot.starts_at == calendar[0].starts_at]
    holders = office.crowd(len(slots))
    for slot, one in zip(slots, holders, strict=True):
        use_cases.hold_slot(one.id, person_id=one.person_id, slot_id=slot.id)
    ids = {slot.id for slot in slots}

    assert not shown(parts) & ids
    clock.forward(seconds=HOLD_TIME.total_seconds() + 1)
    assert shown(parts) & ids
    assert use_cases.expire_holds() == len(slots)
    assert use_cases.expire_holds() == 0


def test_a_hold_is_confirmed_in_time_or_not_at_all(
    office: Office, use_cases: UseCases, clock: MovableClock
) -> None:
    slot = office.slots()[0]
    one, late, third = office.crowd(3)
    held = use_cases.hold_slot(one.id, person_id=one.person_id, slot_id=slot.id)

    booked = use_cases.confirm_hold(one.id, person_id=one.person_id, appointment_id=held.id)
    assert booked.id == held.id

    other = office.slots()[1]
    held = use_cases.hold_slot(late.id, person_id=late.person_id, slot_id=other.id)
    clock.forward(seconds=HOLD_TIME.total_seconds() + 1)
    use_cases.book_slot(third.id, person_id=third.person_id, slot_id=other.id)
    with pytest.raises(SlotTaken):
        use_cases.confirm_hold(late.id, person_id=late.person_id, appointment_id=held.id)
    with pytest.raises(HoldExpired):
        use_cases.confirm_hold(one.id, person_id=one.person_id, appointment_id=held.id)


def test_another_choice_gives_the_first_back(
    office: Office, parts: Parts, use_cases: UseCases
) -> None:
    first, second = office.slots()[0:31:30]
    one, other = office.crowd(2)
    use_cases.hold_slot(one.id, person_id=one.person_id, slot_id=first.id)
    use_cases.hold_slot(one.id, person_id=one.person_id, slot_id=second.id)

    use_cases.book_slot(other.id, person_id=other.person_id, slot_id=first.id)
    use_cases.book_slot(one.id, person_id=one.person_id, slot_id=second.id)
    assert not shown(parts) & {first.id, second.id}


def test_a_cancelled_appointment_frees_slot_and_applicant(
    office: Office, use_cases: UseCases
) -> None:
    slot = office.slots()[0]
    one, other = office.crowd(2)
    use_cases.book_slot(one.id, person_id=one.person_id, slot_id=slot.id)
    use_cases.cancel_appointment(one.id, person_id=one.person_id)

    again = use_cases.read_own.application(one.id, person_id=one.person_id)
    assert again.status is Status.CONDITIONALLY_APPROVED
    use_cases.book_slot(other.id, person_id=other.person_id, slot_id=slot.id)
    use_cases.withdraw_application(other.id, person_id=other.person_id)
    use_cases.book_slot(one.id, person_id=one.person_id, slot_id=slot.id)
    with pytest.raises(NotFound):
        use_cases.cancel_appointment(other.id, person_id=other.person_id)


def test_one_application_has_one_appointment(office: Office, use_cases: UseCases) -> None:
    one, slots = office.approved(), office.slots()
    use_cases.book_slot(one.id, person_id=one.person_id, slot_id=slots[0].id)

    with pytest.raises(IllegalTransition):
        use_cases.book_slot(one.id, person_id=one.person_id, slot_id=slots[9].id)


def test_only_the_owner_books_and_only_after_approval(
    office: Office, use_cases: UseCases, clock: MovableClock
) -> None:
    slot, early, one = office.slots()[0], office.submitted(), office.approved()

    with pytest.raises(IllegalTransition):
        use_cases.book_slot(early.id, person_id=early.person_id, slot_id=slot.id)
    with pytest.raises(NotFound):
        use_cases.book_slot(one.id, person_id=uuid4(), slot_id=slot.id)
    with pytest.raises(NotFound):
        use_cases.book_slot(one.id, person_id=one.person_id, slot_id=uuid4())
    clock.forward(days=3)
    with pytest.raises(SlotPassed):
        use_cases.book_slot(one.id, person_id=one.person_id, slot_id=slot.id)


def test_who_does_not_come_books_again(office: Office, use_cases: UseCases) -> None:
    one, slots = office.approved(), office.slots()
    booked = use_cases.book_slot(one.id, person_id=one.person_id, slot_id=slots[0].id)

    use_cases.miss_appointment(booked.id)

    use_cases.book_slot(one.id, person_id=one.person_id, slot_id=slots[9].id)


@pytest.mark.statement(16)
def test_an_approval_lapses_the_day_after_its_last(
    office: Office, use_cases: UseCases, clock: MovableClock
) -> None:
    one = office.approved()
    clock.forward(days=730)
    assert use_cases.lapse_applications() == 0
    clock.forward(days=1)
    assert use_cases.lapse_applications() == 1
    found = use_cases.read_own.application(one.id, person_id=one.person_id)
    assert found.status is Status.LAPSED
    assert found.fee is not None
