"""What is wrong with an answer: held against the document, and against what all errors share."""

import json
import re
from collections.abc import Iterator
from typing import Any

from requests import codes
from schemathesis import Case, Response
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.jsonschema import make_validator
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CONFORMANCE = [
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
JSON = "application/json"
PROBLEM = "application/problem+json"
CODE = re.compile(r"[a-z]+(_[a-z]+)*")
KEPT_OUT = frozenset({codes.unauthorized, codes.forbidden, codes.not_found, codes.bad_request})
"""Answers to who may not call: 404 where the address is none, 400 where the token is missing."""
LONGEST_ADDRESS = 4_000
"""Characters of an address that reach a view of ours; the server itself refuses longer ones."""
TELLING = frozenset({codes.conflict, codes.precondition_failed})
"""Answers that say something about the thing, so that there is one."""


def faults_in(case: Case[Any], response: Response) -> Iterator[str]:
    """Name everything that is wrong with an answer."""
    too_long = len(response.request.url or "") > LONGEST_ADDRESS
    if too_long and response.status_code == codes.request_uri_too_large:
        return
    checks = list(CONFORMANCE)
    if response.status_code != codes.unavailable:
        checks.append(not_a_server_error)
    try:
        case.validate_response(response, checks=checks)
    except FailureGroup as group:
        for failure in group.exceptions:
            said = failure.message if isinstance(failure, Failure) else ""
            yield f"{failure.title if isinstance(failure, Failure) else failure}: {said}".strip()
    if response.status_code >= codes.bad_request:
        yield from faults_in_problem(response)
    elif response.status_code >= codes.multiple_choices:
        yield "a redirect"
    elif response.request.body and not _allows(case, response.request.body):
        yield "a body was taken that the document forbids"


def _allows(case: Case[Any], body: bytes | str) -> bool:
    """Tell whether the document allows a body as it was sent."""
    allowed = case.operation.get_body_for_media_type(JSON)
    validator = case.operation.schema.adapter.jsonschema_validator_cls
    return make_validator(allowed.validation_schema, validator).is_valid(json.loads(body))


def faults_in_problem(response: Response) -> Iterator[str]:
    """Name what an error lacks of RFC 9457 and of what is ours."""
    if response.headers.get("content-type", [""])[0] != PROBLEM:
        yield f"an error that is not {PROBLEM}"
        return
    body = response.json()
    if body["status"] != response.status_code:
        yield "a problem with another status inside"
    if not CODE.fullmatch(body["code"]) or not (body["title"] and body["request_id"]):
        yield "a problem that does not name itself"
    if response.status_code == codes.unprocessable and not body.get("errors"):
        yield "invalid input without the fields that are wrong"


def faults_of_access(response: Response, *, invited: bool, foreign: bool) -> Iterator[str]:
    """Name what the answer gives to somebody who may not have it."""
    if not invited and response.status_code not in KEPT_OUT:
        yield "an answer for somebody who may not call"
    if foreign and (response.status_code < codes.bad_request or response.status_code in TELLING):
        yield "an answer about somebody else's thing"
