"""The OpenAPI document of a service: what flask-smorest gathers, and what the kit adds to all.

The kit knows which errors an operation can answer, who may call it and which headers it reads.
"""

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from flask import Blueprint, Flask, Response, current_app, jsonify
from flask_smorest.spec.plugins import FlaskPlugin

from shared.web.access import Access, access_of, public
from shared.web.kit import EXTENSION, Kit

IDEMPOTENT = "trustlane_idempotent"
VERSIONED = "trustlane_versioned"
"""Marks that the decorators of those names leave on a view."""

METHODS = ("get", "post", "put", "patch", "delete")
WRITING = frozenset({"post", "put", "patch", "delete"})

PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457 problem details; match on `code`, never on a text.",
    "required": ["type", "title", "status", "code", "detail", "request_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "request_id": {"type": "string"},
        "errors": {
            "type": "object",
            "description": "What is wrong, by dotted path of the field",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
    },
}

FOREIGN_SCHEMAS = ("Error", "PaginationMetadata")
"""What flask-smorest describes of its own answers, which nobody gets from us."""

PHRASES = {
    "400": "The request cannot be read",
    "401": "Nobody is signed in, or the bearer proves nobody",
    "403": "The caller may not do this",
    "404": "There is no such thing",
    "409": "The state of the thing forbids it, or the Idempotency-Key was used before",
    "412": "Somebody else changed the thing meanwhile",
    "413": "The body is too large",
    "415": "The body's media type is not read here",
    "422": "Fields are wrong; `errors` names them",
    "503": "Something this depends on did not answer",
}

HEADERS: Mapping[str, Mapping[str, str]] = {
    "401": {"WWW-Authenticate": "How a caller can prove who it is"},
    "503": {"Retry-After": "Seconds after which to try again"},
}
"""What comes beside the bodies of these errors."""

documents = Blueprint("openapi", __name__)


@documents.get("/api/openapi.json")
@public
def document() -> Response:
    """Give the OpenAPI document."""
    return jsonify(openapi(current_app))


def openapi(app: Flask) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of ``app``."""
    kit: Kit = app.extensions[EXTENSION]
    api: Any = app.extensions["flask-smorest"]["apis"][""]["ext_obj"]
    content: dict[str, Any] = deepcopy(api.spec.to_dict())
    components = content.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM_SCHEMA
    components["responses"] = {f"Problem{status}": _problem(status) for status in PHRASES}
    components["securitySchemes"] = {
        "session": {"type": "apiKey", "in": "cookie", "name": kit.settings.cookie},
        "site": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
    }
    for path, method, operation, endpoint in _operations(app, content):
        _complete(app, operation, path=path, method=method, endpoint=endpoint)
    for name in FOREIGN_SCHEMAS:
        components["schemas"].pop(name, None)
    written: dict[str, Any] = json.loads(json.dumps(content, sort_keys=True, default=str))
    return written


def _operations(
    app: Flask, content: dict[str, Any]
) -> Iterator[tuple[str, str, dict[str, Any], str]]:
    plugin = FlaskPlugin()
    endpoints = {
        (plugin.flaskpath2openapi(rule.rule), method.lower()): rule.endpoint
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
    }
    for path, item in content.get("paths", {}).items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method], endpoints[path, method]


def _complete(
    app: Flask, operation: dict[str, Any], *, path: str, method: str, endpoint: str
) -> None:
    access = access_of(app, endpoint, method.upper()) or Access()
    view = app.view_functions[endpoint]
    view = getattr(getattr(view, "view_class", None), method, view)
    parameters = operation.setdefault("parameters", [])
    if getattr(view, IDEMPOTENT, False):
        parameters.append(
            _header("Idempotency-Key", {"type": "string", "pattern": "^[!-~]{1,200}$"})
        )
    if getattr(view, VERSIONED, False):
        parameters.append(_header("If-Match", {"type": "string", "pattern": '^"[0-9]{1,9}"$'}))
    responses = operation.setdefault("responses", {})
    responses.pop("default", None)
    for status in _statuses(operation, access, path=path, method=method):
        responses[status] = {"$ref": f"#/components/responses/Problem{status}"}
    operation["security"] = _security(access)
    if access.roles:
        operation["x-roles"] = sorted(access.roles)


def _statuses(
    operation: dict[str, Any], access: Access, *, path: str, method: str
) -> Iterator[str]:
    yield from ("400", "401", "503")
    if not access.everybody:
        yield "403"
    if "{" in path:
        yield "404"
    if method in WRITING:
        yield from ("409", "412", "413")
    if "requestBody" in operation:
        yield "415"
    if "requestBody" in operation or operation["parameters"]:
        yield "422"


def _security(access: Access) -> list[dict[str, list[str]]]:
    if access.everybody:
        return []
    doors: list[dict[str, list[str]]] = []
    if access.people or access.for_staff:
        doors.append({"session": []})
    if access.sites:
        doors.append({"site": []})
    return doors


def _problem(status: str) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    problem: dict[str, Any] = {"description": PHRASES[status], "content": content}
    if status in HEADERS:
        problem["headers"] = {
            name: {"description": text, "schema": {"type": "string"}}
            for name, text in HEADERS[status].items()
        }
    return problem


def _header(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"in": "header", "name": name, "required": True, "schema": schema}
