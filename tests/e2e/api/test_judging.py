"""The eyes are open: a document that says something else than the service is noticed."""

from collections.abc import Callable
from typing import Any

import pytest
import requests
from schemathesis import Response

from tests.e2e.api.callers import TIMEOUT, Caller
from tests.e2e.api.conversation import Conversation
from tests.e2e.api.documents import understand
from tests.e2e.api.judging import faults_in, faults_of_access
from tests.e2e.api.tally import Tally
from tests.e2e.api.walk import Walk

HOLDS = "GET /holds"
Written = dict[str, Any]


def forget_success(operation: Written) -> None:
    del operation["responses"]["200"]


def give_a_table(operation: Written) -> None:
    operation["responses"]["200"]["content"] = {"text/csv": {"schema": {"type": "string"}}}


def ask_for_another_shape(operation: Written) -> None:
    content = operation["responses"]["200"]["content"]["application/json"]
    content["schema"] = {"const": "weather"}


def ask_for_a_header(operation: Written) -> None:
    header = {"required": True, "schema": {"type": "string"}}
    operation["responses"]["200"]["headers"] = {"Weather": header}


def invite_others(operation: Written) -> None:
    operation["x-roles"] = ["port"]


@pytest.fixture(scope="package")
def officer(walk: Walk) -> Caller:
    return walk.ground.callers.of("vetting", "officer")


@pytest.mark.parametrize(
    ("plant", "said"),
    [
        (forget_success, "Undocumented status code"),
        (give_a_table, "Undocumented Content-Type"),
        (ask_for_another_shape, "weather"),
        (ask_for_a_header, "Weather"),
        (invite_others, "an answer for somebody who may not call"),
    ],
)
def test_another_document_is_noticed(
    officer: Caller, plant: Callable[[Written], None], said: str
) -> None:
    talk = conversation(officer, lambda written: plant(written["paths"]["/api/v1/holds"]["get"]))

    talk.do(officer, HOLDS)

    (fault,) = talk.tally.faults.values()
    assert said in fault


def test_a_body_that_the_document_forbids_is_noticed(walk: Walk) -> None:
    def forbid(written: Written) -> None:
        written["components"]["schemas"]["ModeIn"]["properties"]["mode"]["enum"] = ["closed"]

    port = walk.ground.callers.of("lane_gateway", "port")
    talk = conversation(port, forbid)

    Walk(talk=talk, ground=walk.ground, job=walk.job).change(
        port, "PUT /lanes/{lane}/mode", {"mode": "attended"}, lane="l2"
    )

    (fault,) = talk.tally.faults.values()
    assert "a body was taken that the document forbids" in fault


def conversation(caller: Caller, plant: Callable[[Written], None]) -> Conversation:
    """Talk to a service as if its document were another one."""
    written = requests.get(f"{caller.address}/api/openapi.json", timeout=TIMEOUT).json()
    plant(written)
    document = understand(caller.service, caller.address, written)
    return Conversation(documents={caller.service: document}, tally=Tally())


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (500, b"{}", "Server error"),
        (404, b"<html>", "an error that is not application/problem+json"),
        (302, b"", "a redirect"),
    ],
)
def test_a_wrong_answer_is_noticed(walk: Walk, status: int, body: bytes, said: str) -> None:
    case = walk.talk.documents["vetting"].operations[HOLDS].Case()

    assert any(said in fault for fault in faults_in(case, answer(status, body)))


def test_an_answer_about_anothers_thing_is_noticed() -> None:
    assert list(faults_of_access(answer(412), invited=True, foreign=True))
    assert list(faults_of_access(answer(200), invited=True, foreign=True))
    assert not list(faults_of_access(answer(404), invited=True, foreign=True))


def answer(status: int, content: bytes = b"") -> Response:
    return Response(
        status_code=status,
        headers={"content-type": ["text/html"]},
        content=content,
        request=requests.Request("GET", "http://localhost/api/v1/holds").prepare(),
        elapsed=0.1,
        verify=True,
    )
