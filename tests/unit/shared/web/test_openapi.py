from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import OpenAPIV31SpecValidator

from shared.web.openapi import openapi


@pytest.fixture
def document(app: Flask) -> dict[str, Any]:
    return openapi(app)


def test_the_document_is_valid_and_served_to_everybody(
    document: dict[str, Any], client: FlaskClient
) -> None:
    OpenAPIV31SpecValidator(document).validate()
    assert document["openapi"] == "3.1.0"
    assert client.get("/api/openapi.json").json == document


def test_every_error_is_documented_where_it_can_happen(document: dict[str, Any]) -> None:
    create = document["paths"]["/api/v1/things"]["post"]
    assert set(create["responses"]) == {
        "201", "400", "401", "403", "409", "412", "413", "415", "422", "503",
    }  # fmt: skip
    read = document["paths"]["/api/v1/things/{thing_id}"]["get"]
    assert set(read["responses"]) >= {"400", "404", "503"}
    problem = document["components"]["responses"]["Problem422"]
    assert list(problem["content"]) == ["application/problem+json"]
    responses = document["components"]["responses"]
    assert list(responses["Problem401"]["headers"]) == ["WWW-Authenticate"]
    assert list(responses["Problem503"]["headers"]) == ["Retry-After"]


def test_a_bearer_that_proves_nobody_is_refused_where_everybody_may_call(
    document: dict[str, Any], client: FlaskClient
) -> None:
    operation = document["paths"]["/api/v1/things"]["get"]
    assert (operation["security"], "401" in operation["responses"]) == ([], True)
    answer = client.get("/api/v1/things", headers={"Authorization": "Bearer nonsense"})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"]


def test_headers_and_doors_of_each_operation_are_documented(document: dict[str, Any]) -> None:
    paths = document["paths"]
    create, change = paths["/api/v1/things"]["post"], paths["/api/v1/things/{thing_id}"]["put"]
    assert [item["name"] for item in create["parameters"]] == ["Idempotency-Key"]
    assert [item["name"] for item in change["parameters"]] == ["If-Match"]
    assert create["security"] == [{"session": []}]
    assert paths["/api/v1/things"]["get"]["security"] == []
    assert paths["/api/v1/things/sites/{site}"]["get"]["security"] == [{"site": []}]


def test_nothing_of_the_librarys_own_answers_is_left(document: dict[str, Any]) -> None:
    assert "Error" not in document["components"]["schemas"]
    assert "default" not in document["paths"]["/api/v1/things"]["post"]["responses"]
