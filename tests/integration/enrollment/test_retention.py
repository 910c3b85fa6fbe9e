"""What enrollment has kept for long enough is forgotten, and nothing a day earlier."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, select, text

from services.enrollment.bootstrap import Parts
from services.enrollment.domain.application import Application, Decision
from services.enrollment.domain.application_form import ApplicationForm
from services.enrollment.persistence import tables
from shared.audit.verify import verify_chain
from shared.crypto.keyring import FolderKeyRing
from shared.crypto.signing import public_keys
from shared.errors import Stale
from shared.persistence.engines import postgres_engine
from shared.persistence.migrate import migrate
from tests.conftest import DatabaseUrl
from tests.integration.enrollment.conftest import MIGRATIONS, MovableClock, Office
from tests.integration.enrollment.hearing import crossed, rows
from tests.unit.enrollment.builders import NOON, TODAY

ZERO = {"drafts": 0, "unsuccessful_applications": 0, "crossings": 0}


def on_day(clock: MovableClock, day: int, since: date = TODAY) -> None:
    """Move to the last minute of the day so many days after ``since``."""
    clock.now = datetime.combine(since, datetime.max.time(), tzinfo=UTC) + timedelta(days=day)
    clock.now -= timedelta(minutes=1)


def key_is_there(parts: Parts, person: UUID) -> bool:
    return any(row["owner"] == person for row in rows(parts, "data_keys"))


def denied(office: Office, person: UUID | None = None) -> Application:
    made = office.submitted(person)
    decision = Decision(
        outcome="deny", reason_codes=("record",), notice_codes=(), decided_at=office.parts.clock()
    )
    office.use_cases.record_decision(made.id, decision)
    return made


def test_a_draft_of_day_180_stays_and_one_of_day_181_goes(
    office: Office, parts: Parts, clock: MovableClock
) -> None:
    draft, sent = office.draft(), office.submitted()

    on_day(clock, 180)
    assert office.use_cases.forget_old_records() == ZERO
    on_day(clock, 181)
    assert office.use_cases.forget_old_records() == {**ZERO, "drafts": 1}

    assert [row["id"] for row in rows(parts, "applications")] == [sent.id]
    assert not key_is_there(parts, draft.person_id)
    assert key_is_there(parts, sent.person_id)
    assert office.use_cases.forget_old_records() == ZERO


def test_who_comes_back_after_a_forgotten_draft_begins_anew(
    office: Office, clock: MovableClock
) -> None:
    person = office.draft().person_id
    on_day(clock, 181)
    office.use_cases.forget_old_records()

    again = office.submitted(person)

    with office.parts.transactions()() as work:
        assert work.applications.get(again.id).form.names is not None


def test_a_draft_goes_and_what_else_the_person_has_stays_readable(
    office: Office, clock: MovableClock
) -> None:
    made = denied(office)
    office.draft(made.person_id)
    on_day(clock, 181)

    assert office.use_cases.forget_old_records()["drafts"] == 1

    kept = office.use_cases.read_own.application(made.id, person_id=made.person_id)
    assert kept.form.names is not None


def test_a_denied_application_is_emptied_three_years_after_its_end(
    office: Office, parts: Parts, clock: MovableClock
) -> None:
    clock.forward(days=-5)
    made = office.submitted()
    clock.forward(days=5)
    decision = Decision(
        outcome="deny", reason_codes=("record",), notice_codes=(), decided_at=clock()
    )
    office.use_cases.record_decision(made.id, decision)

    last = date(2029, 11, 24)
    on_day(clock, 0, since=last)
    assert office.use_cases.forget_old_records() == ZERO
    on_day(clock, 1, since=last)
    assert office.use_cases.forget_old_records() == {**ZERO, "unsuccessful_applications": 1}

    (row,) = rows(parts, "applications")
    assert row["status"] == "denied"
    assert {row["form_sealed"], row["request_sealed"], row["decision_sealed"]} == {None}
    assert not key_is_there(parts, made.person_id)
    assert office.use_cases.forget_old_records() == ZERO


def test_a_denied_application_of_a_member_goes_and_the_picture_stays(
    office: Office, parts: Parts, clock: MovableClock
) -> None:
    person = denied(office).person_id
    member = office.member(person)
    on_day(clock, 1, since=date(2029, 11, 24))

    assert office.use_cases.forget_old_records()["unsuccessful_applications"] == 1

    (picture,) = rows(parts, "pictures")
    assert picture["jpeg_sealed"] is not None
    assert key_is_there(parts, member.person_id)


def test_a_crossing_loses_the_person_on_day_91(
    office: Office, parts: Parts, clock: MovableClock
) -> None:
    member = office.member()
    card = office.active(member)
    passage = crossed(office.use_cases, card.id)
    office.use_cases.follow_lanes.referral_closed(
        passage.id, site="sym", end="secondary", reason="Canary words", at=NOON
    )
    strangers = {each["credential_id"] for each in rows(parts, "crossings")}

    on_day(clock, 90)
    assert office.use_cases.forget_old_records() == ZERO
    assert member.person_id in {row["person_id"] for row in rows(parts, "crossings")}
    on_day(clock, 91)
    assert office.use_cases.forget_old_records() == {**ZERO, "crossings": 1}

    crossings = rows(parts, "crossings")
    assert [row["person_id"] for row in crossings] == [None, None]
    assert strangers.isdisjoint(row["credential_id"] for row in crossings)
    (kept,) = rows(parts, "passages")
    assert (kept["counted"], kept["referral_end"], kept["referral_reason"]) == (
        2,
        "secondary",
        None,
    )
    assert office.use_cases.forget_old_records() == ZERO


def test_what_a_site_tells_afterwards_is_forgotten_in_its_turn(
    office: Office, parts: Parts, clock: MovableClock
) -> None:
    passage = crossed(office.use_cases, uuid4())
    on_day(clock, 91)
    office.use_cases.forget_old_records()
    office.use_cases.follow_lanes.referral_closed(
        passage.id, site="sym", end="secondary", reason="Canary words", at=NOON
    )

    assert office.use_cases.forget_old_records()["crossings"] == 1
    (kept,) = rows(parts, "passages")
    assert kept["referral_reason"] is None


def test_a_passage_without_times_is_kept_from_when_it_was_heard_of(
    office: Office, parts: Parts
) -> None:
    crossed(office.use_cases, uuid4(), at=None)

    (kept,) = rows(parts, "passages")
    assert datetime.now(UTC) - kept["kept_from"] < timedelta(minutes=5)


def test_many_are_forgotten_in_batches_with_one_entry_of_the_audit_each(
    office: Office,
    parts: Parts,
    clock: MovableClock,
    ring: FolderKeyRing,
) -> None:
    by_two = replace(office.use_cases.forget_old_records, batch=2)
    for _ in range(5):
        crossed(office.use_cases, uuid4())
    on_day(clock, 91)
    before = len(rows(parts, "audit_entries"))

    assert by_two()["crossings"] == 5

    entries = rows(parts, "audit_entries")[before:]
    assert [entry["lines"].count("crossing_forgotten") for entry in entries] == [2, 2, 1]
    (run,) = [each for each in parts.queries().retention_runs() if each.kind == "crossings"]
    assert (run.rows, run.total, run.touched_at) == (5, 5, run.ran_at)
    clock.forward(hours=1)
    office.use_cases.forget_old_records()
    (later,) = [each for each in parts.queries().retention_runs() if each.kind == "crossings"]
    assert (later.rows, later.total, later.touched_at) == (0, 5, run.ran_at)
    assert later.ran_at > run.ran_at
    with parts.engine.connect() as connection:
        keys = public_keys(ring, "audit-signing")
        assert verify_chain(connection, tables.audit, public_keys=keys).verified


def test_who_seals_under_a_key_that_is_dropped_meanwhile_is_told_to_try_again(
    office: Office, parts: Parts
) -> None:
    draft = office.draft()
    keys = tables.mailboxes.data_keys
    with parts.transactions()() as work:
        work.applications.get(draft.id).form = ApplicationForm()
        with parts.engine.begin() as connection:
            connection.execute(keys.delete().where(keys.c.owner == draft.person_id))
        with pytest.raises(Stale):
            work.commit()


def test_passages_from_before_are_kept_from_their_own_times(database_url: DatabaseUrl) -> None:
    engine = postgres_engine(database_url("before_retention"))
    try:
        migrate(engine, MIGRATIONS, revision="0005_crossings")
        timed, timeless = uuid4(), uuid4()
        with engine.begin() as connection:
            _old_passage(connection, timed, NOON)
            _old_passage(connection, timeless, None)
        migrate(engine, MIGRATIONS)
        with engine.connect() as connection:
            columns = tables.passages.c
            found = connection.execute(select(columns.id, columns.kept_from))
            kept = {row.id: row.kept_from for row in found}
    finally:
        engine.dispose()
    assert kept[timed] == NOON
    assert datetime.now(UTC) - kept[timeless] < timedelta(minutes=5)


def _old_passage(connection: Connection, passage_id: UUID, at: datetime | None) -> None:
    connection.execute(
        text(
            "INSERT INTO passages (id, site, lane, verdict, reasons, authorisation, officer, "
            "decided_at) VALUES (:id, 'sym', 'l1', 'clear', '[]', 'clear', '', :at)"
        ),
        {"id": passage_id, "at": at},
    )
