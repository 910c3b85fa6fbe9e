"""What vetting has kept for long enough is forgotten, and nothing a day earlier."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import select

from services.vetting.bootstrap import Parts
from services.vetting.domain.case_states import Outcome, Status
from services.vetting.domain.hit import Verdict
from services.vetting.domain.interview import Outcome as Interviewed
from services.vetting.domain.membership import Status as Membership
from services.vetting.domain.reasons import Reason
from services.vetting.domain.retention import RETENTION
from services.vetting.persistence import tables
from services.vetting.use_cases.record_interview import InterviewReport
from services.vetting.web.retention_words import SOURCES
from shared.audit.verify import verify_chain
from shared.crypto.keyring import FolderKeyRing
from shared.crypto.signing import public_keys
from tests.integration.vetting.conftest import OLGA, StoppedClock, Vetting
from tests.integration.vetting.test_cases import LISTED
from tests.integration.vetting.test_pages import browser, send_purpose, text

LAST_DAY = datetime(2029, 11, 24, 23, 59, tzinfo=UTC)
DAY_AFTER = datetime(2029, 11, 25, 0, 1, tzinfo=UTC)
SEALED = {
    "cases": ("findings_sealed", "reasons_sealed", "note_sealed"),
    "hits": ("detail_sealed", "note_sealed"),
    "interviews": ("detail_sealed",),
    "persons": ("dossier_sealed",),
    "clearances": ("why_sealed",),
}


def rows(parts: Parts, table: str) -> list[dict[str, Any]]:
    with parts.engine.connect() as connection:
        found = connection.execute(select(tables.metadata.tables[table])).mappings()
        return [dict(row) for row in found]


def sealed(parts: Parts) -> set[str]:
    """Return the tables in which something is sealed, with the keys."""
    held = {
        table
        for table, columns in SEALED.items()
        for row in rows(parts, table)
        if any(row[column] is not None for column in columns)
    }
    return held | ({"data_keys"} if rows(parts, "data_keys") else set())


def approved(vetting: Vetting, person: UUID | None = None) -> UUID:
    """Decide a case with a hit and an interview, so that everything that can be sealed is."""
    vetting.load(LISTED)
    case_id = vetting.claimed(vetting.submit(person))
    with vetting.parts.transactions()() as work:
        application = work.cases.get(case_id).application_id
        (hit,) = work.hits.of_case(case_id)
    assert application is not None
    judge, use_cases = vetting.use_cases.adjudicate_hit, vetting.use_cases
    judge(case_id, hit.id, Verdict.FALSE_MATCH, "Another passport", staff=OLGA)
    reasons = [Reason.NOT_THE_SAME_PERSON]
    use_cases.decide_case(case_id, Outcome.APPROVE, reasons, "Canary words", staff=OLGA)
    use_cases.record_interview(
        InterviewReport(
            application_id=application,
            interview_id=uuid4(),
            outcome=Interviewed.PASSED,
            recorded_by="carla",
            at=vetting.parts.clock(),
            detail={"questions": {}, "text": "all well"},
        )
    )
    return case_id


def forget(vetting: Vetting) -> int:
    return vetting.use_cases.forget_old_records()["closed_cases"]


def test_a_decided_case_is_emptied_three_years_after_the_decision(
    vetting: Vetting, parts: Parts, clock: StoppedClock, ring: FolderKeyRing
) -> None:
    case_id = approved(vetting)
    assert sealed(parts) == {*SEALED, "data_keys"}

    clock.now = LAST_DAY
    assert forget(vetting) == 0
    assert sealed(parts) == {*SEALED, "data_keys"}
    clock.now = DAY_AFTER
    assert forget(vetting) == 1
    assert sealed(parts) == set()

    assert rows(parts, "person_names") == []
    (case,), (hit,) = rows(parts, "cases"), rows(parts, "hits")
    assert (case["status"], case["outcome"]) == (Status.DECIDED, Outcome.APPROVE)
    assert hit["verdict"] is Verdict.FALSE_MATCH
    last = rows(parts, "audit_entries")[-1]
    assert last["lines"] == f'[{{"event":"case_forgotten","subject":"{case_id}"}}]'
    (run,) = parts.queries().retention_runs()
    assert (run.kind, run.rows, run.total, run.ran_at) == ("closed_cases", 1, 1, DAY_AFTER)
    with parts.engine.connect() as connection:
        keys = public_keys(ring, "audit-signing")
        assert verify_chain(connection, tables.audit, public_keys=keys).verified
    assert forget(vetting) == 0


def test_a_members_case_stays_until_the_membership_is_over(
    vetting: Vetting, parts: Parts, clock: StoppedClock
) -> None:
    person = uuid4()
    approved(vetting, person)
    word = vetting.member(person)
    clock.now = DAY_AFTER
    assert forget(vetting) == 0

    vetting.use_cases.record_membership(replace(word, status=Membership.ENDED, dossier=None))

    assert forget(vetting) == 1
    assert sealed(parts) == set()


def test_who_has_applied_again_meanwhile_keeps_file_and_key(
    vetting: Vetting, parts: Parts, clock: StoppedClock
) -> None:
    person = uuid4()
    old = approved(vetting, person)
    clock.forward(days=900)
    new = vetting.submit(person)
    clock.now = DAY_AFTER

    assert forget(vetting) == 1

    with parts.transactions()() as work:
        assert work.cases.get(old).note is None
        assert work.cases.get(new).findings is not None
        file = work.persons.of(person)
    assert file is not None
    assert file.dossier is not None


def test_a_withdrawn_case_goes_three_years_after_it_was_withdrawn(
    vetting: Vetting, parts: Parts, clock: StoppedClock
) -> None:
    case_id = vetting.submit()
    (case,) = rows(parts, "cases")
    clock.forward(days=10)
    vetting.use_cases.withdraw_application(case["application_id"])

    clock.now = LAST_DAY + timedelta(days=10)
    assert forget(vetting) == 0
    clock.now = DAY_AFTER + timedelta(days=10)
    assert forget(vetting) == 1
    assert sealed(parts) == set()
    assert rows(parts, "cases")[0]["id"] == case_id


def test_an_open_case_is_never_too_old(vetting: Vetting, clock: StoppedClock) -> None:
    vetting.claimed(vetting.submit())
    clock.now = DAY_AFTER + timedelta(days=3_000)

    assert forget(vetting) == 0


def test_who_comes_back_is_vetted_anew(vetting: Vetting, parts: Parts, clock: StoppedClock) -> None:
    person = uuid4()
    approved(vetting, person)
    clock.now = DAY_AFTER
    forget(vetting)

    vetting.submit(person)

    with parts.transactions()() as work:
        file = work.persons.of(person)
    assert file is not None
    assert "Zenobia" in file.name


def test_an_emptied_case_still_opens_in_the_browser(
    app: Flask, vetting: Vetting, clock: StoppedClock
) -> None:
    case_id = approved(vetting)
    clock.now = DAY_AFTER
    forget(vetting)
    client = browser(app)

    page = send_purpose(client, f"/en/cases/{case_id}")

    assert page.status_code == 200
    assert "Zenobia" not in text(page)
    assert "Canary words" not in text(page)


def test_the_admin_sees_the_rule_with_its_source_and_what_was_forgotten(
    app: Flask, vetting: Vetting, clock: StoppedClock
) -> None:
    approved(vetting)
    clock.now = DAY_AFTER
    forget(vetting)
    admin = browser(app, "ada", "admin")

    page, spanish = text(admin.get("/en/retention")), text(admin.get("/es/retention"))

    assert all(said in page for said in ("3 years", "own rule", "Decided and withdrawn cases"))
    assert all(said in spanish for said in ("3 años", "Regla propia", "Conservación"))
    assert browser(app).get("/en/retention").status_code == 403
    assert {row.source for row in RETENTION} <= set(SOURCES)
