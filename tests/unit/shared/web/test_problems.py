import json

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.signing_in import csrf_token, sign_in_as

THINGS = "/api/v1/things"


def problem(answer: TestResponse) -> tuple[int, str]:
    assert answer.content_type == "application/problem+json"
    body = answer.json
    assert body is not None
    assert set(body) >= {"type", "title", "status", "code", "detail", "request_id"}
    assert body["request_id"] == answer.headers["X-Request-ID"]
    assert body["status"] == answer.status_code
    return answer.status_code, body["code"]


@pytest.fixture
def applicant(client: FlaskClient) -> FlaskClient:
    sign_in_as(client, "people", "maria")
    return client


def send(
    client: FlaskClient, body: bytes | str, kind: str = "application/json", key: str = "key-1"
) -> TestResponse:
    headers = {"X-CSRFToken": csrf_token(client), "Idempotency-Key": key, "Content-Type": kind}
    return client.post(THINGS, data=body, headers=headers)


@pytest.mark.parametrize(
    ("body", "kind", "expected"),
    [
        ('{"name": ', "application/json", (400, "unreadable")),
        ("[" * 100_000, "application/json", (400, "unreadable")),
        ('{"name": NaN}', "application/json", (400, "unreadable")),
        (b"\xff\xfe", "application/json", (400, "unreadable")),
        ('{"name": "x"}', "text/plain", (415, "wrong_media_type")),
        ("name=x", "application/x-www-form-urlencoded", (415, "wrong_media_type")),
        ("[]", "application/json", (422, "invalid_input")),
        ("{}", "application/json", (422, "invalid_input")),
        ('{"name": "x", "admin": true}', "application/json", (422, "invalid_input")),
        ('{"name": 5}', "application/json", (422, "invalid_input")),
        ('{"name": "a\\u0000b"}', "application/json", (422, "invalid_input")),
        ('{"name": "a\\ud800b"}', "application/json", (422, "invalid_input")),
        ('{"name": "x"}' + " " * 300_000, "application/json", (413, "too_large")),
    ],
)
def test_each_bad_body_has_its_answer(
    applicant: FlaskClient, body: bytes | str, kind: str, expected: tuple[int, str]
) -> None:
    assert problem(send(applicant, body, kind)) == expected


def test_wrong_fields_are_named_by_their_path_in_the_callers_language(
    applicant: FlaskClient,
) -> None:
    body = {"name": "", "count": 10, "plates": [{"plate": "ABC"}, {"plate": "A" * 20, "x": 1}]}
    headers = {
        "X-CSRFToken": csrf_token(applicant),
        "Idempotency-Key": "k",
        "Accept-Language": "es-MX,es;q=0.9",
    }
    answer = applicant.post(THINGS, json=body, headers=headers)
    assert answer.json is not None
    assert answer.json["errors"] == {
        "name": ["Escriba entre 1 y 20 caracteres."],
        "count": ["Escriba un número de 1 a 9."],
        "plates.1.plate": ["Escriba como máximo 10 caracteres."],
        "plates.1.x": ["Este campo no se conoce."],
    }


def test_a_whole_number_may_be_written_with_a_point(applicant: FlaskClient) -> None:
    assert send(applicant, '{"name": "x", "count": 7.0}').status_code == 201
    assert send(applicant, '{"name": "x", "count": 7.5}').status_code == 422
    assert send(applicant, '{"name": "x", "count": "7"}').status_code == 422


def test_a_key_makes_a_request_count_once(applicant: FlaskClient) -> None:
    first = send(applicant, '{"name": "x"}', key="same")
    assert first.status_code == 201
    assert first.json is not None
    assert len(first.json["id"]) == 64
    again = send(applicant, '{"name": "x"}', key="same")
    assert again.status_code == 201
    assert again.json == {"id": "same", "name": "again"}


@pytest.mark.parametrize("key", ["", " ", "é", "x" * 201])
def test_a_creating_request_needs_a_key(applicant: FlaskClient, key: str) -> None:
    assert problem(send(applicant, '{"name": "x"}', key=key)) == (400, "idempotency_key_missing")


def test_a_change_names_the_version_that_was_seen(applicant: FlaskClient) -> None:
    assert applicant.get(f"{THINGS}/1").headers["ETag"] == '"7"'

    def change(**headers: str) -> TestResponse:
        token = {"X-CSRFToken": csrf_token(applicant)}
        return applicant.put(f"{THINGS}/1", json={"name": "x"}, headers=token | headers)

    assert change(**{"If-Match": '"7"'}).status_code == 200
    assert problem(change(**{"If-Match": '"6"'})) == (412, "stale")
    assert problem(change()) == (422, "invalid_input")
    assert problem(change(**{"If-Match": "*"})) == (422, "invalid_input")


def test_a_session_at_an_interface_needs_the_token_against_forgery(applicant: FlaskClient) -> None:
    answer = applicant.post(THINGS, json={"name": "x"}, headers={"Idempotency-Key": "k"})
    assert problem(answer) == (400, "forgery")


def test_refusals_of_an_interface_are_problems(client: FlaskClient) -> None:
    answer = client.post(THINGS, json={"name": "x"})
    assert problem(answer) == (401, "not_signed_in")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert problem(client.get("/api/v1/nothing")) == (404, "not_found")
    wrong = client.delete(THINGS)
    assert problem(wrong) == (405, "method_not_allowed")
    assert wrong.headers["Allow"] == "GET, HEAD, OPTIONS, POST"
    sign_in_as(client, "staff", "olga", ("officer",))
    token = {"X-CSRFToken": csrf_token(client)}
    assert problem(client.post(THINGS, json={"name": "x"}, headers=token)) == (403, "forbidden")


def test_a_query_is_checked_like_a_body(client: FlaskClient) -> None:
    assert client.get(f"{THINGS}?after=5").json == [{"id": "5", "name": "thing"}]
    assert problem(client.get(f"{THINGS}?after=-1")) == (422, "invalid_input")
    assert problem(client.get(f"{THINGS}?after=%00")) == (400, "unreadable")


def test_a_page_says_what_went_wrong_without_a_trace_in_both_languages(
    client: FlaskClient,
) -> None:
    for path, status, english, spanish in (
        ("/desk/broken", 500, "Something went wrong on our side", "Algo falló de nuestro lado"),
        ("/desk/down", 503, "not available", "no está disponible"),
        ("/no/such/page", 404, "Page not found", "Página no encontrada"),
    ):
        for language, other, text in (("en", "es", english), ("es", "en", spanish)):
            # The address counts, whatever the browser would prefer.
            answer = client.get(f"/{language}{path}", headers={"Accept-Language": other})
            page = answer.get_data(as_text=True)
            assert answer.status_code == status
            assert answer.content_type.startswith("text/html")
            assert text in page
            assert answer.headers["X-Request-ID"] in page
            assert "Traceback" not in page
            assert "Cantilever" not in page


def test_a_conflict_is_a_page_for_people(client: FlaskClient) -> None:
    sign_in_as(client, "staff", "olga", ("officer",))
    answer = client.post("/en/desk/claim", data={"csrf_token": csrf_token(client)})
    assert answer.status_code == 409
    assert "This can no longer be done" in answer.get_data(as_text=True)


def test_the_trace_of_a_bug_is_logged_without_its_text(
    client: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    client.get("/en/desk/broken", headers={"X-Request-ID": "one-request"})
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    bug = next(line for line in lines if line["event"] == "unexpected error")
    assert bug["request_id"] == "one-request"
    assert bug["error"] == ["builtins.RuntimeError"]
    assert bug["trace"][-1].endswith(" broken")
    assert "Cantilever" not in str(lines)


@pytest.mark.parametrize("offered", ["short", "bad id!", "x" * 65, "line\tbreak"])
def test_a_request_id_that_is_none_is_not_taken_over(client: FlaskClient, offered: str) -> None:
    answer = client.get("/en/person/welcome", headers={"X-Request-ID": offered})
    assert answer.headers["X-Request-ID"] != offered
    assert len(answer.headers["X-Request-ID"]) == 36
