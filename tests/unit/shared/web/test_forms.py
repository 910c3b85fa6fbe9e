from datetime import date
from html.parser import HTMLParser

import pytest
from flask import Flask
from flask.testing import FlaskClient

from shared.errors import InvalidInput
from shared.web.forms import Form
from tests.signing_in import csrf_token, sign_in_as
from tests.unit.shared.web.sample_app import DONE, NAMES, PersonSchema, PictureSchema
from tests.unit.shared.web.typing_in import FORM, filled

MULTIPART = (
    b'--cut\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n%s\r\n'
    b'--cut\r\nContent-Disposition: form-data; name="picture"; filename="me.jpg"\r\n\r\n%s\r\n'
    b"--cut--\r\n"
)


class Inputs(HTMLParser):
    """Reads a page as a browser would: values of inputs, ids, where links lead."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if "id" in given:
            self.ids.add(given["id"] or "")
        if tag == "a":
            self.links.append(given.get("href") or "")
        chosen = given.get("type") not in ("radio", "checkbox") or "checked" in given
        if tag == "input" and chosen and given.get("name"):
            self.values.setdefault(given["name"] or "", []).append(given.get("value") or "")


@pytest.fixture
def applicant(client: FlaskClient) -> FlaskClient:
    sign_in_as(client, "people", "maria")
    return client


def test_a_valid_form_is_taken_and_leads_on(applicant: FlaskClient) -> None:
    answer = applicant.post(f"/en{FORM}", data=filled(applicant))
    assert answer.status_code == 303
    assert list(NAMES.values()) == ["María"]


def test_a_rejected_form_keeps_everything_that_was_typed(applicant: FlaskClient) -> None:
    typed = filled(
        applicant,
        given_names="x" * 60,
        **{"birth_date-day": "31", "vehicles-0-plate": "ABC", "vehicles-1-plate": "Y" * 20},
    )
    page = applicant.post(f"/en{FORM}", data=typed)
    assert page.status_code == 422
    inputs = Inputs(page.get_data(as_text=True))
    for name, value in typed.items():
        if name not in ("csrf_token", "program"):
            assert inputs.values[name] == (value if isinstance(value, list) else [value])


def test_the_title_and_the_summary_say_what_is_wrong_and_lead_there(
    applicant: FlaskClient,
) -> None:
    typed = filled(
        applicant, given_names="", **{"birth_date-month": "13", "vehicles-1-plate": "Y" * 20}
    )
    page = applicant.post(f"/es{FORM}", data=typed).get_data(as_text=True)
    inputs = Inputs(page)
    assert "<title>Error: Sobre usted" in page
    assert "Hay 3 problemas en esta página" in page
    leads = [link.removeprefix("#") for link in inputs.links if link.startswith("#")]
    assert {"given_names", "birth_date-month", "vehicles-1-plate"} <= set(leads)
    assert set(leads) <= inputs.ids
    assert "Nombres: Escriba sus nombres." in page
    assert "Placa: Escriba como máximo 10 caracteres." in page


def test_texts_of_the_library_come_in_both_languages(applicant: FlaskClient) -> None:
    typed = filled(applicant, program="", convicted="perhaps", email="nobody")
    english = applicant.post(f"/en{FORM}", data=typed).get_data(as_text=True)
    spanish = applicant.post(f"/es{FORM}", data=typed).get_data(as_text=True)
    assert "Enter an answer." in english
    assert "Answer yes or no." in english
    assert "Enter an e-mail address" in english
    assert "Escriba una respuesta." in spanish
    assert "Responda sí o no." in spanish
    assert "Escriba un correo electrónico" in spanish


def test_an_error_found_by_the_use_case_stands_at_its_row(applicant: FlaskClient) -> None:
    typed = filled(applicant, **{"vehicles-0-plate": " ", "vehicles-2-plate": "STOLEN"})
    page = applicant.post(f"/en{FORM}", data=typed)
    assert page.status_code == 422
    assert 'href="#vehicles-2-plate"' in page.get_data(as_text=True)


def test_another_row_can_be_asked_for_without_an_error(applicant: FlaskClient) -> None:
    typed = filled(applicant, given_names="", action="add", **{"vehicles-0-plate": "ABC"})
    page = applicant.post(f"/en{FORM}", data=typed)
    assert page.status_code == 200
    assert "vehicles-1-plate" in Inputs(page.get_data(as_text=True)).ids


def test_an_unknown_field_is_an_error(applicant: FlaskClient) -> None:
    page = applicant.post(f"/en{FORM}", data=filled(applicant, is_admin="yes"))
    assert page.status_code == 422
    assert "This field is not known." in page.get_data(as_text=True)
    assert NAMES == {}


def test_characters_that_no_database_holds_are_an_error_of_their_field(
    applicant: FlaskClient,
) -> None:
    page = applicant.post(f"/en{FORM}", data=filled(applicant, given_names="Ma\x00ria"))
    assert page.status_code == 422
    assert "Given names: This has characters that cannot be stored." in page.get_data(as_text=True)


def test_a_stale_version_is_a_412_page(applicant: FlaskClient) -> None:
    page = applicant.post(f"/es{FORM}", data=filled(applicant, version="2"))
    assert page.status_code == 412
    assert "Otra persona lo cambió" in page.get_data(as_text=True)


def test_a_double_click_has_one_cause_and_another_text_another_fingerprint(
    applicant: FlaskClient,
) -> None:
    prints = set()
    for names in ("María", "María", "Mario"):
        applicant.post(f"/en{FORM}", data=filled(applicant, given_names=names))
        assert list(DONE) == ["0b6f3a3e-6a0a-4b86-9d0c-0d1f0f1c2a3b"]
        prints |= set(DONE.values())
    assert len(prints) == 2


def test_a_file_is_read_up_to_the_limit_of_its_view(applicant: FlaskClient) -> None:
    def send(size: int) -> int:
        body = MULTIPART % (csrf_token(applicant).encode(), b"p" * size)
        kind = "multipart/form-data; boundary=cut"
        return applicant.post("/en/person/picture", data=body, content_type=kind).status_code

    assert send(1_000_000) == 200
    assert send(3_000_000) == 413
    assert send(0) == 422


def test_what_was_stored_fills_the_form(app: Flask) -> None:
    with app.test_request_context("/en/person/welcome"):
        form = Form(
            PersonSchema,
            {
                "given_names": "María",
                "birth_date": date(1986, 4, 28),
                "convicted": False,
                "languages": ["es"],
                "vehicles": [{"plate": "ABC", "country": "MX"}],
                "email": None,
            },
        )
        assert form.value("birth_date-month") == "4"
        assert form.chosen("convicted", "no")
        assert form.chosen("languages", "es")
        assert form.value("vehicles-0-plate") == "ABC"
        assert form.rows("vehicles", least=2) == [0, 1]
        assert form.value("email") == ""
        form.remove_row("vehicles", 0)
        assert form.rows("vehicles") == []
        assert "María" not in repr(form)


def test_labels_are_found_at_any_depth(app: Flask) -> None:
    with app.test_request_context("/en/person/welcome"):
        form = Form(PersonSchema)
        assert form.label("vehicles-3-plate") == "License plate"
        assert form.label("birth_date-year") == "Date of birth"
        assert form.anchor("birth_date") == "birth_date-month"
        assert form.label("no_such") == "no_such"
        assert form.required("vehicles-0-plate")
        assert not form.required("email")
        form.reject(InvalidInput({"_schema": ["Wrong as a whole"]}))
        assert form.errors == {"": ["Wrong as a whole"]}
        assert not Form(PictureSchema).sent()


def test_a_body_that_is_no_form_is_refused(applicant: FlaskClient) -> None:
    assert applicant.post(f"/en{FORM}", json={"given_names": "x"}).status_code == 415


def test_a_form_without_its_token_changes_nothing(applicant: FlaskClient) -> None:
    page = applicant.post(f"/en{FORM}", data=filled(applicant, csrf_token="forged"))
    assert page.status_code == 400
    assert NAMES == {}
    assert "This page was open for too long" in page.get_data(as_text=True)
