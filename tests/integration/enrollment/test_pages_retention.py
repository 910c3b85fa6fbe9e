from datetime import date

from flask import Flask

from services.enrollment.domain.retention import RETENTION
from services.enrollment.web.retention_words import SOURCES
from tests.integration.enrollment.conftest import MovableClock, Office
from tests.integration.enrollment.test_retention import denied, on_day
from tests.integration.enrollment.web import Browser


def test_the_admin_sees_each_rule_with_its_source_and_what_was_forgotten(
    office: Office, app: Flask, clock: MovableClock
) -> None:
    office.draft()
    admin = Browser(app, "staff", "ada", ("admin",))
    before = admin.get("/retention")
    on_day(clock, 181)
    office.use_cases.forget_old_records()
    page = Browser(app, "staff", "ada", ("admin",)).get("/retention")
    spanish = Browser(app, "staff", "ada", ("admin",), language="es").get("/retention")

    assert before.count("Never yet") == 3
    assert "Never yet" not in page
    assert all(said in page for said in ("180 days", "3 years", "90 days", "own rule"))
    assert all(said in spanish for said in ("180 días", "Regla propia", "Conservación"))
    assert {row.source for row in RETENTION} <= set(SOURCES)


def test_an_applicant_whose_application_was_emptied_still_sees_that_it_was_made(
    office: Office, app: Flask, clock: MovableClock
) -> None:
    applicant = Browser(app)
    made = denied(office, applicant.id)
    on_day(clock, 1, since=date(2029, 11, 24))
    office.use_cases.forget_old_records()

    again = Browser(app, subject=applicant.subject)

    assert "Denied" in again.get("/applications")
    assert "Denied" in again.get(f"/applications/{made.id}")
