from datetime import date, timedelta
from uuid import uuid4

import pytest

from services.enrollment.domain.events import MembershipChanged, MembershipEnded
from services.enrollment.domain.flaws import FormInvalid
from services.enrollment.domain.membership import ALLOWED, Membership, Reasons, Status
from services.enrollment.domain.transitions import IllegalTransition
from tests.unit.enrollment.builders import NOON, TODAY, membership, rules, vehicle

WHY = Reasons(
    codes=("violation",),
    notice_codes=(),
    undisclosed_rule="",
    at=NOON,
    appeal_until=date(2026, 12, 24),
)
VERBS = {
    Status.SUSPENDED: lambda m: m.suspend(WHY),
    Status.REVOKED: lambda m: m.revoke(WHY),
    Status.ENDED: Membership.end,
}


def in_state(status: Status) -> Membership:
    made = membership()
    made.status = status
    return made


@pytest.mark.parametrize("wanted", sorted(VERBS))
@pytest.mark.parametrize("current", sorted(Status))
def test_every_verb_keeps_to_the_table(current: Status, wanted: Status) -> None:
    made = in_state(current)
    if wanted in ALLOWED[current]:
        VERBS[wanted](made)
        assert made.status is wanted
    else:
        with pytest.raises(IllegalTransition):
            VERBS[wanted](made)


def test_two_holds_need_two_lifts() -> None:
    member, one, two = membership(), uuid4(), uuid4()

    assert member.place_hold(one)
    assert not member.place_hold(two)
    assert not member.place_hold(one)
    assert not member.lift_hold(one)
    assert member.lift_hold(two)
    assert member.status is Status.ACTIVE
    assert not member.lift_hold(two)


def test_a_hold_on_a_suspended_member_waits_for_the_reinstatement() -> None:
    member, hold = in_state(Status.SUSPENDED), uuid4()

    assert not member.place_hold(hold)
    member.reinstate()

    assert member.status is Status.HELD
    assert member.lift_hold(hold)


@pytest.mark.parametrize("status", [Status.ACTIVE, Status.HELD, Status.ENDED])
def test_only_what_was_taken_away_is_given_back(status: Status) -> None:
    with pytest.raises(IllegalTransition):
        in_state(status).reinstate()


def test_reasons_are_kept_until_they_are_undone() -> None:
    member = membership()

    member.suspend(WHY)
    kept = member.reasons
    member.reinstate()
    assert (kept, member.reasons) == (WHY, None)


def test_the_last_day_is_a_valid_day() -> None:
    member = membership()

    assert not member.expired(member.valid_until)
    assert member.expired(member.valid_until + timedelta(days=1))


def test_grace_carries_a_member_past_the_last_day() -> None:
    member = membership()
    member.grace_until = member.valid_until + timedelta(days=700)

    assert not member.in_grace(member.valid_until)
    assert member.in_grace(member.valid_until + timedelta(days=1))
    assert member.expired(member.grace_until + timedelta(days=1))


def test_new_vehicles_are_told_to_vetting() -> None:
    member = membership()

    member.change_vehicles((vehicle(plate="7XYZ999"),), rules=rules())

    (event,) = member.pull_events()
    assert isinstance(event, MembershipChanged)
    assert event.form is not None
    assert event.form.vehicles[0].plate == "7XYZ999"


def test_a_wrong_vehicle_is_refused() -> None:
    with pytest.raises(FormInvalid):
        membership().change_vehicles((vehicle(vin="x"),), rules=rules())


def test_an_end_is_told() -> None:
    member = membership()

    member.end()

    (event,) = member.pull_events()
    assert isinstance(event, MembershipEnded)
    assert (event.status, event.valid_from) == ("ended", TODAY)
