"""The pages of the form, as applicants use them."""

import pytest
from flask import Flask

from services.enrollment.domain.application import Status
from services.enrollment.domain.application_form import Step
from services.enrollment.use_cases.front_door import UseCases
from tests.integration.enrollment.conftest import Office
from tests.integration.enrollment.typed_answers import ANSWERS
from tests.integration.enrollment.web import Browser


@pytest.fixture
def maria(app: Flask) -> Browser:
    return Browser(app)


def begun(person: Browser) -> str:
    """Begin an application and return the path of its pages."""
    answer = person.fill("/applications")
    assert answer.status_code == 303
    return answer.headers["Location"].removeprefix(f"/{person.language}").removesuffix("/next")


def filled(person: Browser) -> str:
    path = begun(person)
    for step in Step:
        answer = person.fill(f"{path}/form/{step}", **ANSWERS[step])
        assert answer.status_code == 303, (step, answer.get_data(as_text=True))
    return path


def drafted(person: Browser, office: Office) -> str:
    """Return the path of a draft that is complete, without the pages that lead there."""
    return f"/applications/{office.draft(person.id).id}"


@pytest.mark.parametrize("language", ["en", "es"])
def test_an_applicant_fills_the_form_page_by_page_and_sends_it(
    app: Flask, language: str, use_cases: UseCases
) -> None:
    person = Browser(app, language=language)
    path = filled(person)

    page = person.get(f"{path}/check")
    for typed in ("Maribel", "G12345678", "PO Box 900", "8abc123", "a traffic stop"):
        assert typed in page
    answer = person.send(f"{path}/check", truth="yes", checks="yes")

    assert answer.status_code == 303
    status = person.get(path)
    expected = {"en": "Under review", "es": "En revisión"}[language]
    assert expected in status
    assert "$120.00" in status
    (made,) = use_cases.read_own.overview(person_id=person.id).applications
    assert made.status is Status.SUBMITTED
    assert made.form.vehicles[0].vin == "1M8GDM9AXKP042788"
    assert made.form.citizenships == ("MX",)


def test_the_form_is_resumed_where_it_was_left(maria: Browser) -> None:
    path = begun(maria)
    maria.fill(f"{path}/form/names", **ANSWERS[Step.NAMES])

    assert "Date of birth" in maria.get(f"{path}/next")
    assert "Maribel" in maria.get(f"{path}/form/names")
    overview = maria.get("/applications")
    assert "Continue the application" in overview


def test_what_was_saved_is_shown_again_dates_too(maria: Browser, office: Office) -> None:
    path = drafted(maria, office)

    assert 'value="1990"' in maria.get(f"{path}/form/birth")
    documents = maria.get(f"{path}/form/documents")
    assert 'id="documents-0-expires_on-year"' in documents
    assert 'value="2031"' in documents
    assert maria.fill(f"{path}/form/vehicles", **ANSWERS[Step.VEHICLES]).status_code == 303
    assert 'value="1M8GDM9AXKP042788"' in maria.get(f"{path}/form/vehicles")


def test_an_error_names_the_field_and_loses_nothing(maria: Browser) -> None:
    path = begun(maria)

    answer = maria.fill(
        f"{path}/form/vehicles",
        **{**ANSWERS[Step.VEHICLES], "vehicles__0__vin": "1M8GDM9A1KP042788"},
    )

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "<title>Error:" in page
    assert 'href="#vehicles-0-vin"' in page
    assert "One letter or digit is wrong" in page
    assert 'value="Corolla"' in page


@pytest.mark.statement(6)
def test_a_gap_is_named_by_its_dates_in_both_languages(app: Flask) -> None:
    for language, text in (
        ("en", "from November 24, 2021 to December 31, 2021"),
        ("es", "del 24 de noviembre de 2021 al 31 de diciembre de 2021"),
    ):
        person = Browser(app, language=language)
        path = begun(person)
        late = {**ANSWERS[Step.RESIDENCES], "residences__0__from-year": "2022"}
        answer = person.fill(f"{path}/form/residences", **late)
        assert answer.status_code == 422
        assert text in answer.get_data(as_text=True)


def test_a_list_with_a_gap_can_be_kept_for_later(maria: Browser) -> None:
    path = begun(maria)
    late = {**ANSWERS[Step.RESIDENCES], "residences__0__from-year": "2022"}

    answer = maria.fill(f"{path}/form/residences", **late, action="later")

    assert answer.headers["Location"] == "/en/applications"
    assert 'value="2022"' in maria.get(f"{path}/form/residences")
    assert "The form is not complete" in maria.get(f"{path}/check")


def test_entries_are_added_and_removed_without_script(maria: Browser) -> None:
    path = begun(maria)
    maria.get(f"{path}/form/vehicles")

    more = maria.send(f"{path}/form/vehicles", **ANSWERS[Step.VEHICLES], action="add")
    assert "Vehicle 2" in more.get_data(as_text=True)
    assert 'value="Corolla"' in more.get_data(as_text=True)
    less = maria.send(f"{path}/form/vehicles", **ANSWERS[Step.VEHICLES], action="remove-0")
    assert 'value="Corolla"' not in less.get_data(as_text=True)


def test_two_tabs_do_not_overwrite_each_other(maria: Browser) -> None:
    path = begun(maria)
    maria.get(f"{path}/form/names")
    stale = maria.once, maria.version
    maria.fill(f"{path}/form/contact", **ANSWERS[Step.CONTACT])
    maria.once, maria.version = stale

    answer = maria.send(f"{path}/form/names", **ANSWERS[Step.NAMES])

    assert answer.status_code == 412


def test_a_double_click_sends_once(maria: Browser, office: Office, use_cases: UseCases) -> None:
    path = drafted(maria, office)
    maria.get(f"{path}/check")

    first = maria.send(f"{path}/check", truth="yes", checks="yes")
    # The second press carries the same key; the first has changed the state already.
    second = maria.send(f"{path}/check", truth="yes", checks="yes")

    assert (first.status_code, second.status_code) in {(303, 303), (303, 409)}
    (made,) = use_cases.read_own.overview(person_id=maria.id).applications
    assert made.status is Status.SUBMITTED


def test_without_consent_nothing_is_sent(maria: Browser, office: Office) -> None:
    path = drafted(maria, office)

    answer = maria.fill(f"{path}/check", truth="yes")

    assert answer.status_code == 422
    assert "Without your consent" in answer.get_data(as_text=True)


def test_nobody_sees_another_persons_application(
    app: Flask, maria: Browser, office: Office
) -> None:
    path = drafted(maria, office)
    stranger = Browser(app)

    for page in (path, f"{path}/check", f"{path}/form/names", f"{path}/interview"):
        assert stranger.client.get(f"/en{page}").status_code == 404


def test_an_unknown_step_is_not_found(maria: Browser) -> None:
    path = begun(maria)

    assert maria.client.get(f"/en{path}/form/nonsense").status_code == 404
