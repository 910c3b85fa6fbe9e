from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from services.vetting.domain.case_states import Kind, Outcome, Status
from services.vetting.domain.hit import Verdict
from services.vetting.domain.officer import SupervisorNeeded
from services.vetting.domain.reasons import Reason
from services.vetting.domain.watchlist.birth_date import BirthDate
from services.vetting.domain.watchlist.synthetic import Invented
from services.vetting.use_cases.reading import QueueQuery, View
from services.vetting.use_cases.rescreen_people import BATCH
from shared.errors import Conflict, InvalidInput
from tests.integration.vetting.conftest import OLGA, OTTO, SARA, StoppedClock, Vetting

LISTED = Invented(
    number=0,
    given="Zenobia",
    surnames="Quijorna Zarzalejo",
    born=BirthDate(1984, 5, 17),
    country="Mexico",
)
YEAR_ONLY = Invented(number=0, given="Zenobia", surnames="Quijorna Zarzalejo", born=BirthDate(1984))


def open_reviews(vetting: Vetting) -> list[UUID]:
    page = vetting.parts.queries().queue(QueueQuery(view=View.OPEN, kind=Kind.REVIEW))
    return [row.id for row in page.rows]


@pytest.mark.statement(25)
def test_strong_evidence_places_a_hold_with_an_expiry_and_a_review(vetting: Vetting) -> None:
    vetting.load()
    member = vetting.member()
    assert vetting.sent("hold") == []

    vetting.load(LISTED)
    vetting.rescreen()

    ((_, placed),) = vetting.sent("hold_placed")
    assert placed["membership_ids"] == [str(member.membership_id)]
    assert placed["expires_at"] == "2026-11-27T12:00:00Z"
    (review,) = vetting.parts.queries().queue(QueueQuery(kind=Kind.REVIEW)).rows
    assert review.held
    assert review.due_at == vetting.parts.clock() + timedelta(hours=72)
    assert vetting.sent("suspended") == vetting.sent("revoked") == []


@pytest.mark.statement(25)
def test_weaker_evidence_opens_a_review_and_holds_nobody(vetting: Vetting) -> None:
    vetting.load()
    vetting.member()

    vetting.load(YEAR_ONLY)
    vetting.rescreen()

    assert vetting.sent("hold_placed") == []
    assert len(open_reviews(vetting)) == 1


def test_a_repeated_run_brings_no_second_review(vetting: Vetting) -> None:
    vetting.member()
    vetting.load(LISTED)
    vetting.rescreen()
    vetting.use_cases.start_rescreen()
    vetting.rescreen()

    assert len(open_reviews(vetting)) == 1
    assert len(vetting.sent("hold_placed")) == 1


def test_only_members_who_fit_what_changed_are_looked_at_again(vetting: Vetting) -> None:
    vetting.member(given="Elspeth", paternal="Greystoke", maternal="")
    vetting.load(LISTED)
    vetting.rescreen()

    (run,) = vetting.parts.queries().rescreens()
    assert (run.screened, run.hits, run.holds) == (1, 0, 0)
    assert run.finished_at is not None


def test_a_run_goes_on_where_it_stopped(vetting: Vetting) -> None:
    for _ in range(3):
        vetting.member(given="Elspeth", paternal="Greystoke", maternal="")
    vetting.load(LISTED)

    run = vetting.use_cases.continue_rescreen()

    assert run is not None
    assert run.screened == 3 < BATCH
    assert vetting.use_cases.continue_rescreen() is None


def test_an_officer_clears_the_member(vetting: Vetting) -> None:
    vetting.member()
    vetting.load(LISTED)
    vetting.rescreen()
    case_id = judged(vetting, Verdict.FALSE_MATCH)

    vetting.use_cases.decide_case(
        case_id, Outcome.KEEP, [Reason.NOT_THE_SAME_PERSON], "", staff=OLGA
    )

    ((_, lifted),) = vetting.sent("hold_lifted")
    assert lifted["why"] == "cleared"


@pytest.mark.statement(25)
def test_a_suspension_needs_two_officers_and_comes_before_the_hold_goes(vetting: Vetting) -> None:
    member = vetting.member()
    vetting.load(LISTED)
    vetting.rescreen()
    case_id = judged(vetting, Verdict.TRUE_MATCH)

    status = vetting.use_cases.decide_case(
        case_id, Outcome.SUSPEND, [Reason.TERRORISM], "The passport agrees", staff=OLGA
    )
    assert status is Status.PROPOSED
    assert vetting.sent("suspended") == []
    vetting.use_cases.confirm_decision(case_id, staff=OTTO)

    kinds = [kind for kind, _ in vetting.sent()]
    assert kinds[-2:] == ["vetting.membership_suspended.v1", "vetting.hold_lifted.v1"]
    ((_, body),) = vetting.sent("suspended")
    assert body["membership_id"] == str(member.membership_id)
    assert body["second_by"] == "otto"
    assert body["reason_codes"] == []
    assert body["undisclosed_rule"]
    assert body["appeal_until"] == "2026-12-24"


def test_a_hold_that_runs_out_frees_the_member_and_alarms_the_supervisor(
    vetting: Vetting, clock: StoppedClock
) -> None:
    vetting.member()
    vetting.load(LISTED)
    vetting.rescreen()
    clock.forward(hours=71)
    assert vetting.use_cases.expire_holds() == 0
    clock.forward(hours=2)

    assert vetting.use_cases.expire_holds() == 1

    ((_, lifted),) = vetting.sent("hold_lifted")
    assert lifted["why"] == "expired"
    (alarm,) = vetting.parts.queries().alarms()
    assert alarm.code == "hold_expired"
    with pytest.raises(SupervisorNeeded):
        vetting.use_cases.acknowledge_alarm(alarm.id, staff=OLGA)
    vetting.use_cases.acknowledge_alarm(alarm.id, staff=SARA)
    assert vetting.parts.queries().alarms() == []


def test_a_supervisor_extends_a_hold_with_a_reason(vetting: Vetting) -> None:
    vetting.member()
    vetting.load(LISTED)
    vetting.rescreen()
    (hold,) = vetting.parts.queries().holds()
    later = vetting.parts.clock() + timedelta(days=7)

    with pytest.raises(SupervisorNeeded):
        vetting.use_cases.extend_hold(hold.id, later, "Waiting for an answer", staff=OLGA)
    with pytest.raises(InvalidInput):
        vetting.use_cases.extend_hold(hold.id, later, " ", staff=SARA)
    vetting.use_cases.extend_hold(hold.id, later, "Waiting for an answer", staff=SARA)

    (hold,) = vetting.parts.queries().holds()
    assert (hold.expires_at, hold.extended) == (later, 1)


def test_an_officer_lifts_a_hold_and_no_run_places_it_again(vetting: Vetting) -> None:
    vetting.member()
    vetting.load(LISTED)
    vetting.rescreen()
    (hold,) = vetting.parts.queries().holds()

    vetting.use_cases.lift_hold(hold.id, "Known to the port since 2019", staff=OTTO)
    vetting.use_cases.start_rescreen()
    vetting.rescreen()

    assert vetting.parts.queries().holds() == []
    assert len(open_reviews(vetting)) == 1


def test_who_becomes_a_member_is_compared_with_every_list_at_once(vetting: Vetting) -> None:
    vetting.load(LISTED)

    vetting.member(uuid4())

    assert len(vetting.sent("hold_placed")) == 1


def test_a_suspension_ends_when_the_review_is_taken_up_again_and_decided(
    vetting: Vetting,
) -> None:
    member = vetting.member()
    vetting.load(LISTED)
    vetting.rescreen()
    case_id = judged(vetting, Verdict.TRUE_MATCH)
    vetting.use_cases.decide_case(
        case_id, Outcome.SUSPEND, [Reason.LOW_RISK_NOT_SHOWN], "The passport agrees", staff=OLGA
    )
    vetting.use_cases.confirm_decision(case_id, staff=OTTO)

    vetting.use_cases.reopen_case(case_id, staff=OTTO)
    vetting.claimed(case_id, OTTO)
    (hit,) = vetting.use_cases.open_file(case_id, staff=OTTO, purpose="own_case").hits
    vetting.use_cases.adjudicate_hit(
        case_id, hit.id, Verdict.FALSE_MATCH, "The passport had been stolen", staff=OTTO
    )
    vetting.use_cases.decide_case(
        case_id, Outcome.KEEP, [Reason.NOT_THE_SAME_PERSON], "", staff=OTTO
    )

    ((_, body),) = vetting.sent("reinstated")
    assert body["membership_id"] == str(member.membership_id)
    with pytest.raises(Conflict):
        vetting.use_cases.reopen_case(vetting.submit(), staff=OTTO)


def judged(vetting: Vetting, verdict: Verdict) -> UUID:
    (case_id,) = open_reviews(vetting)
    vetting.claimed(case_id)
    (hit,) = vetting.use_cases.open_file(case_id, staff=OLGA, purpose="own_case").hits
    vetting.use_cases.adjudicate_hit(case_id, hit.id, verdict, "Compared the files", staff=OLGA)
    return case_id
