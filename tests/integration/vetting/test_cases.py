from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from services.vetting.domain.case_rules import HitsOpen, NotHolder, SameOfficer
from services.vetting.domain.case_states import Outcome, Status
from services.vetting.domain.hit import Verdict
from services.vetting.domain.interview import Outcome as Interviewed
from services.vetting.domain.officer import OwnFile
from services.vetting.domain.reasons import Reason
from services.vetting.domain.watchlist.birth_date import BirthDate
from services.vetting.domain.watchlist.synthetic import Invented
from services.vetting.persistence import tables
from services.vetting.use_cases.open_case import Submission
from services.vetting.use_cases.record_interview import InterviewReport
from shared.errors import Conflict, Stale
from tests.integration.vetting.conftest import OLGA, OTTO, StoppedClock, Vetting
from tests.unit.vetting.builders import dossier

LISTED = Invented(
    number=0,
    given="Zenobia",
    surnames="Quijorna Zarzalejo",
    born=BirthDate(1984, 5, 17),
    country="Mexico",
)


def test_an_application_without_hits_is_approved_by_one_officer(vetting: Vetting) -> None:
    vetting.load()
    case_id = vetting.claimed(vetting.submit(given="Briony", paternal="Larkspur", maternal=""))

    status = vetting.use_cases.decide_case(
        case_id,
        Outcome.APPROVE,
        [Reason.NOTHING_FOUND],
        "",
        staff=OLGA,
        version=vetting.version(case_id),
    )

    assert status is Status.DECIDED
    opened, decided = vetting.sent()
    assert opened[0] == "vetting.case_opened.v1"
    assert decided[0] == "vetting.case_decided.v1"
    assert decided[1]["outcome"] == "approve"
    assert decided[1]["list_version"] == "ofac-sdn 1"
    assert decided[1]["second_by"] is None


def test_a_hit_is_judged_before_the_decision_and_clears_the_person(vetting: Vetting) -> None:
    vetting.load(LISTED)
    person = uuid4()
    case_id = vetting.claimed(vetting.submit(person))
    file = vetting.use_cases.open_file(case_id, staff=OLGA, purpose="own_case")
    (hit,) = file.hits
    assert hit.strong

    with pytest.raises(HitsOpen):
        vetting.use_cases.decide_case(
            case_id, Outcome.APPROVE, [Reason.NOTHING_FOUND], "", staff=OLGA
        )
    vetting.use_cases.adjudicate_hit(
        case_id, hit.id, Verdict.FALSE_MATCH, "Born in another town", staff=OLGA
    )
    vetting.use_cases.decide_case(
        case_id, Outcome.APPROVE, [Reason.NOT_THE_SAME_PERSON], "", staff=OLGA
    )

    vetting.member(person)
    assert vetting.sent("hold_placed") == []
    assert len(vetting.use_cases.open_file(case_id, staff=OTTO, purpose="audit").others) == 0


def test_a_clearance_lapses_when_a_compared_field_changes(vetting: Vetting) -> None:
    vetting.load(LISTED)
    person = uuid4()
    case_id = vetting.claimed(vetting.submit(person))
    (hit,) = vetting.use_cases.open_file(case_id, staff=OLGA, purpose="own_case").hits
    vetting.use_cases.adjudicate_hit(
        case_id, hit.id, Verdict.FALSE_MATCH, "Another passport", staff=OLGA
    )
    vetting.use_cases.decide_case(
        case_id, Outcome.APPROVE, [Reason.NOT_THE_SAME_PERSON], "", staff=OLGA
    )

    vetting.member(person, documents=("K99887766",))

    assert len(vetting.sent("hold_placed")) == 1


def test_an_adverse_decision_needs_a_second_officer(vetting: Vetting) -> None:
    vetting.load()
    case_id = vetting.claimed(vetting.submit(arrested=True, given="Darcy"))

    status = vetting.use_cases.decide_case(
        case_id, Outcome.DENY, [Reason.CRIMINAL_RECORD], "Two convictions", staff=OLGA
    )
    assert status is Status.PROPOSED
    assert vetting.sent("case_decided") == []
    with pytest.raises(SameOfficer):
        vetting.use_cases.confirm_decision(case_id, staff=OLGA)
    vetting.use_cases.confirm_decision(case_id, staff=OTTO)

    ((_, body),) = vetting.sent("case_decided")
    assert (body["decided_by"], body["second_by"]) == ("olga", "otto")
    assert body["reason_codes"] == ["criminal_record"]
    assert {"ask.specific_reasons", "redress.routes", "deadline.30_days"} <= set(body["notice"])


def test_too_little_to_screen_is_no_clean_bill(vetting: Vetting) -> None:
    vetting.load()
    case_id = vetting.claimed(vetting.submit(given="曾", paternal="", maternal=""))

    status = vetting.use_cases.decide_case(
        case_id, Outcome.APPROVE, [Reason.FINDING_EXPLAINED], "Known to the center", staff=OLGA
    )

    assert status is Status.PROPOSED


def test_a_lost_lease_returns_the_case_to_the_queue(vetting: Vetting, clock: StoppedClock) -> None:
    case_id = vetting.claimed(vetting.submit())
    clock.forward(minutes=31)

    assert vetting.use_cases.lose_leases() == 1
    assert vetting.parts.queries().case(case_id).status is Status.NEW
    with pytest.raises(NotHolder):
        vetting.use_cases.decide_case(
            case_id, Outcome.APPROVE, [Reason.FINDING_EXPLAINED], "x", staff=OLGA
        )


def test_an_officer_neither_opens_nor_decides_a_relatives_case(vetting: Vetting) -> None:
    case_id = vetting.claimed(vetting.submit())

    vetting.use_cases.declare_tie(case_id, OLGA)

    assert vetting.parts.queries().case(case_id).status is Status.NEW
    for forbidden in (
        lambda: vetting.use_cases.claim_case(case_id, OLGA),
        lambda: vetting.use_cases.open_file(case_id, staff=OLGA, purpose="own_case"),
    ):
        with pytest.raises(OwnFile):
            forbidden()


def test_the_deadline_pauses_while_the_applicant_is_asked(
    vetting: Vetting, clock: StoppedClock
) -> None:
    case_id = vetting.claimed(vetting.submit())
    before = vetting.parts.queries().case(case_id).due_at
    vetting.use_cases.ask_applicant(case_id, ["documents"], "ask.complete", staff=OLGA)
    ((_, asked),) = vetting.sent("information_requested")
    clock.forward(days=5)

    vetting.use_cases.amend_application(
        application_of(vetting, case_id), UUID(asked["request_id"]), dossier()
    )

    row = vetting.parts.queries().case(case_id)
    assert row.status is Status.IN_REVIEW
    assert row.due_at == before + timedelta(days=5)


def test_a_case_that_changed_since_the_page_was_made_is_not_decided(vetting: Vetting) -> None:
    case_id = vetting.claimed(vetting.submit())
    seen = vetting.version(case_id)
    vetting.use_cases.release_case(case_id, OLGA)
    vetting.use_cases.claim_case(case_id, OLGA)

    with pytest.raises(Stale):
        vetting.use_cases.decide_case(
            case_id, Outcome.APPROVE, [Reason.FINDING_EXPLAINED], "x", staff=OLGA, version=seen
        )


@pytest.mark.statement(28)
def test_an_interview_that_was_not_passed_brings_the_case_back(vetting: Vetting) -> None:
    vetting.load()
    case_id = vetting.claimed(vetting.submit(given="Gwyneth", paternal="Mossbank", maternal=""))
    vetting.use_cases.decide_case(case_id, Outcome.APPROVE, [Reason.NOTHING_FOUND], "", staff=OLGA)

    vetting.use_cases.record_interview(
        InterviewReport(
            application_id=application_of(vetting, case_id),
            interview_id=uuid4(),
            outcome=Interviewed.REFERRED,
            recorded_by="carla",
            at=vetting.parts.clock(),
            detail={
                "questions": [{"type": "travel_history", "outcome": "unsatisfactory"}],
                "text": "Could not say where they had been in May",
            },
        )
    )

    file = vetting.use_cases.open_file(case_id, staff=OTTO, purpose="supervision")
    assert file.case.status is Status.REOPENED
    assert file.needs_second
    assert file.interviews[0].detail == {
        "questions": [{"type": "travel_history", "outcome": "unsatisfactory"}],
        "text": "Could not say where they had been in May",
    }


def test_an_application_has_one_case(vetting: Vetting) -> None:
    submission = Submission(
        application_id=uuid4(),
        person_id=uuid4(),
        program="sentri",
        purpose="new",
        policy_version="2024-10-01",
        dossier=dossier(),
    )
    vetting.use_cases.open_case(submission)

    with pytest.raises(Conflict):
        vetting.use_cases.open_case(submission)


def test_erasure_leaves_nothing_readable_and_sends_a_receipt(vetting: Vetting) -> None:
    vetting.load(LISTED)
    person = uuid4()
    case_id = vetting.submit(person)

    rows = vetting.use_cases.erase_person(person)

    assert rows == 3  # the person, the case and its hit
    file = vetting.use_cases.open_file(case_id, staff=OTTO, purpose="audit")
    assert file.person is not None
    assert file.person.dossier is None
    assert file.hits[0].detail is None
    assert file.case.status is Status.WITHDRAWN
    assert vetting.use_cases.look_up("Zenobia Quijorna", staff=OTTO, purpose="audit") == []
    ((kind, body),) = vetting.sent("erasure_done")
    assert (kind, body["rows"]) == ("vetting.erasure_done.v1", 3)


def test_people_are_looked_up_by_any_two_parts_of_their_names(vetting: Vetting) -> None:
    person = uuid4()
    vetting.submit(person, given="José María", paternal="Robregordo", maternal="Usanos")

    found = vetting.use_cases.look_up("usanos jose", staff=OTTO, purpose="applicant_asked")

    assert [each.person_id for each in found] == [person]
    assert vetting.use_cases.look_up("usanos pedro", staff=OTTO, purpose="audit") == []


def test_personal_data_rest_sealed(vetting: Vetting) -> None:
    vetting.submit(given="Canaria", paternal="Sellada")
    with vetting.parts.engine.connect() as connection:
        (row,) = connection.execute(select(tables.persons.c.dossier_sealed)).all()
    assert b"Canaria" not in row.dossier_sealed


def application_of(vetting: Vetting, case_id: UUID) -> UUID:
    with vetting.parts.engine.connect() as connection:
        found: UUID | None = connection.scalar(
            select(tables.cases.c.application_id).where(tables.cases.c.id == case_id)
        )
    assert found is not None
    return found
