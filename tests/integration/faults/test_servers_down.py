"""Broker or database down: pages say so, nothing is lost, work goes on by itself."""

from uuid import UUID

import pytest
import requests

from tests.faults.applicants import Applicant
from tests.faults.headquarters import Headquarters
from tests.integration.faults.visitors import (
    until,
    visiting,
    without_broker,
    without_database,
)

SAYS_SO = {
    "en": "This service is not available at the moment",
    "es": "Este servicio no está disponible en este momento",
}


def cases_of(headquarters: Headquarters, application_id: UUID) -> int:
    query = "SELECT count(*) FROM cases WHERE application_id = %s"
    with headquarters.look("vetting") as connection:
        row = connection.execute(query, [application_id]).fetchone()
    assert row is not None
    return int(row[0])


def waiting_messages(headquarters: Headquarters) -> int:
    with headquarters.look("enrollment") as connection:
        query = "SELECT count(*) FROM outbox WHERE published_at IS NULL"
        row = connection.execute(query).fetchone()
    assert row is not None
    return int(row[0])


def test_without_a_broker_an_application_is_taken_and_goes_out_later(
    headquarters: Headquarters, applicant: Applicant
) -> None:
    status = f"/applications/{applicant.application_id}"
    with visiting(headquarters, applicant) as visitor:
        with without_broker(headquarters):
            assert visitor.submit().status_code == 202
            for language in SAYS_SO:
                assert visitor.get(f"/{language}{status}").status_code == 200
            assert waiting_messages(headquarters) >= 1
            assert cases_of(headquarters, applicant.application_id) == 0

        until(lambda: cases_of(headquarters, applicant.application_id) == 1)
        until(lambda: waiting_messages(headquarters) == 0)


@pytest.mark.parametrize("language", SAYS_SO)
def test_without_a_database_pages_say_so_and_the_same_form_is_saved_afterwards(
    headquarters: Headquarters, applicant: Applicant, language: str
) -> None:
    page = f"/{language}/applications/{applicant.application_id}/form/names"
    with visiting(headquarters, applicant) as visitor:
        typed = visitor.form(page) | {"given": "Guadalupe", "action": "next"}
        with without_database(headquarters):
            for answer in (visitor.get(page), visitor.post(page, typed)):
                assert answer.status_code == 503
                assert int(answer.headers["Retry-After"]) > 0
                assert f'lang="{language}"' in answer.text
                assert SAYS_SO[language] in answer.text
            assert 'name="given" value="Guadalupe"' in answer.text  # to be sent again as it is

        until(lambda: visitor.get(page).status_code == 200)
        assert visitor.post(page, typed).status_code == 303
        saved = visitor.form(page)
        assert saved["given"] == "Guadalupe"
        assert visitor.post(page, typed).status_code == 303  # the browser's "send again"
        assert visitor.form(page)["version"] == saved["version"]


def test_without_a_database_the_interface_says_so_and_takes_the_same_request_afterwards(
    headquarters: Headquarters, applicant: Applicant
) -> None:
    with visiting(headquarters, applicant) as visitor:
        with without_database(headquarters):
            refused = visitor.submit()
            assert refused.status_code == 503
            assert refused.headers["Content-Type"] == "application/problem+json"
            assert refused.json()["code"] == "unavailable"

        until(lambda: visitor.submit().status_code == 202)
        until(lambda: cases_of(headquarters, applicant.application_id) == 1)


def test_a_service_without_a_server_is_alive_and_not_ready(headquarters: Headquarters) -> None:
    admin = headquarters.layout.admin_url("enrollment")

    def asked(path: str) -> requests.Response:
        return requests.get(f"{admin}{path}", timeout=10)

    for name, without in (("database", without_database), ("broker", without_broker)):
        with without(headquarters):
            assert asked("/healthz").status_code == 200
            answer = asked("/readyz")
            assert answer.status_code == 503
            assert answer.json()[name] == "unavailable"
        until(lambda: asked("/readyz").status_code == 200)
