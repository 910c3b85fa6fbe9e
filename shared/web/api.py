"""JSON interfaces: how bodies are read, and the OpenAPI document of what is there."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

import flask_smorest
from flask import Request
from marshmallow import RAISE, Schema, ValidationError
from webargs.core import is_json, missing
from webargs.flaskparser import FlaskParser

from shared.errors import InvalidInput, Unreadable, WrongMediaType
from shared.web.field_errors import flat, speak
from shared.web.language import gettext as _
from shared.web.typed import storable

EXACT = 2.0**53  # below it, a float holds every whole number exactly


class BodyParser(FlaskParser):
    """Reads bodies and queries, and refuses them with errors of our tree."""

    DEFAULT_UNKNOWN_BY_LOCATION = {  # noqa: RUF012 - the library's name and form
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "query": RAISE,
        "querystring": RAISE,
    }

    def load_json(self, req: Request, schema: Schema) -> Any:
        """Return the body as Python values, or say what keeps it from being read."""
        speak(schema)
        if not is_json(req.mimetype):
            if not req.get_data(cache=True) and not req.mimetype:
                return missing
            raise WrongMediaType("The body must be application/json")
        return checked(parsed(req.get_data(cache=True)))

    def load_querystring(self, req: Request, schema: Schema) -> Any:
        """Return the query."""
        return super().load_querystring(req, speak(schema))

    def load_form(self, req: Request, schema: Schema) -> Any:
        """Return the fields of a multipart body."""
        return super().load_form(req, speak(schema))

    def handle_error(
        self,
        error: ValidationError,
        req: Request,
        schema: Schema,
        *,
        error_status_code: int | None,
        error_headers: Mapping[str, str] | None,
    ) -> NoReturn:
        """Name the fields that are wrong."""
        del req, schema, error_status_code, error_headers
        messages = error.messages
        if isinstance(messages, dict):
            by_place = [inner for inner in messages.values() if isinstance(inner, dict)]
            fields = {name: texts for inner in by_place for name, texts in flat(inner).items()}
            raise InvalidInput(fields or flat(messages)) from error
        raise InvalidInput(flat(messages)) from error


class ApiBlueprint(flask_smorest.Blueprint):  # type: ignore[misc]  # flask_smorest is untyped
    """A part of a service's JSON interface."""

    ARGUMENTS_PARSER = BodyParser()


class Api(flask_smorest.Api):  # type: ignore[misc]  # flask_smorest is untyped
    """flask-smorest without its error answers: ours cover pages and interfaces alike."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        pass


def parsed(body: bytes) -> Any:
    """Return what the JSON text ``body`` says, or raise ``Unreadable``."""
    try:
        return json.loads(body, parse_constant=_refuse_constant, parse_float=_number)
    except (ValueError, RecursionError) as error:
        raise Unreadable("The body is not JSON") from error


def checked(value: Any) -> Any:
    """Return ``value`` if a database can hold its texts, or raise ``InvalidInput``."""
    wrong = {
        path or "_schema": [_("This has characters that cannot be stored.")]
        for path, text in _texts(value, "")
        if not storable(text)
    }
    if wrong:
        raise InvalidInput(wrong)
    return value


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            name = f"{path}.{key}".lstrip(".") if storable(key) else path
            yield name, key
            yield from _texts(inner, name)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _texts(inner, f"{path}.{number}".lstrip("."))


def _number(text: str) -> float | int:
    """Read ``7.0`` as the whole number that JSON Schema takes it for."""
    number = float(text)
    return int(number) if number.is_integer() and abs(number) < EXACT else number


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
