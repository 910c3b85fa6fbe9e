from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from services.enrollment.domain.appointment import (
    ALLOWED,
    HOLD_TIME,
    LIVE,
    OCCUPIES,
    Appointment,
    HoldExpired,
    Slot,
    SlotPassed,
    Status,
)
from services.enrollment.domain.center import CENTERS, center_of
from services.enrollment.domain.transitions import IllegalTransition
from shared.errors import NotFound
from tests.unit.enrollment.builders import NOON

SLOT = Slot(id=uuid4(), center="sym", desk=1, starts_at=NOON + timedelta(days=1), minutes=15)


def held(now: datetime = NOON) -> Appointment:
    return Appointment.hold(
        SLOT, appointment_id=uuid4(), application_id=uuid4(), person_id=uuid4(), now=now
    )


VERBS = {
    Status.EXPIRED: Appointment.expire,
    Status.CANCELLED: Appointment.cancel,
    Status.CHECKED_IN: Appointment.check_in,
    Status.DONE: Appointment.finish,
    Status.MISSED: Appointment.miss,
}


@pytest.mark.parametrize("wanted", sorted(VERBS))
@pytest.mark.parametrize("current", sorted(Status))
def test_every_verb_keeps_to_the_table(current: Status, wanted: Status) -> None:
    made = held()
    made.status = current
    if wanted in ALLOWED[current]:
        VERBS[wanted](made)
        assert made.status is wanted
    else:
        with pytest.raises(IllegalTransition):
            VERBS[wanted](made)


@pytest.mark.statement(17)
def test_a_hold_lasts_its_time_to_the_second() -> None:
    in_time, late = held(), held()

    in_time.book(now=NOON + HOLD_TIME - timedelta(seconds=1))
    assert (in_time.status, in_time.held_until) == (Status.BOOKED, None)
    with pytest.raises(HoldExpired):
        late.book(now=NOON + HOLD_TIME)
    assert late.over(NOON + HOLD_TIME)
    assert not late.over(NOON + HOLD_TIME - timedelta(seconds=1))


def test_a_slot_that_has_begun_cannot_be_held() -> None:
    with pytest.raises(SlotPassed):
        held(now=SLOT.starts_at)


def test_what_lives_occupies_its_slot() -> None:
    assert LIVE < OCCUPIES
    assert OCCUPIES.isdisjoint({Status.EXPIRED, Status.CANCELLED, Status.MISSED})


def test_a_calendar_has_the_same_slots_each_time_it_is_opened() -> None:
    center = center_of("sym")

    once, again = list(center.slots(date(2026, 11, 24))), list(center.slots(date(2026, 11, 24)))

    assert once == again
    assert len(once) == 12 * 4 * center.desks
    assert once[0].starts_at == datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
    assert len({slot.id for slot in once}) == len(once)


def test_a_center_is_closed_on_its_days_off() -> None:
    assert list(CENTERS["otm"].slots(date(2026, 11, 28))) == []


def test_local_hours_stay_when_the_clocks_change() -> None:
    center = center_of("sym")
    before, after = (
        next(iter(center.slots(day))).starts_at for day in (date(2026, 3, 7), date(2026, 3, 8))
    )

    assert (before.hour, after.hour) == (15, 14)


def test_an_unknown_center_is_not_found() -> None:
    with pytest.raises(NotFound):
        center_of("nowhere")
