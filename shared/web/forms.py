"""A form on a page: what was typed, what is wrong with it, what a schema makes of it."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any, cast
from uuid import UUID, uuid4

from flask import Response, make_response, render_template, request
from marshmallow import Schema, ValidationError

from shared.context import current_context
from shared.errors import InvalidInput
from shared.events import RequestCause
from shared.web.field_errors import flat, speak
from shared.web.kept import AGAIN
from shared.web.kit import current_kit
from shared.web.language import Text
from shared.web.language import gettext as _
from shared.web.sealed import derived_key
from shared.web.typed import (
    Values,
    field_at,
    html_name,
    is_date,
    known_names,
    payload,
    rows,
    spread,
    storable,
    texts_of,
)

CONTROLS = frozenset({"csrf_token", "once", "version", "action", AGAIN})
"""Names in a form that are ours and not the schema's."""


class Form:
    """One form of one request.

    ``initial`` fills it until something was typed; ``version`` is the version of the thing that it
    changes. ``data`` is what the schema loaded, once ``sent()`` said yes. ``errors`` maps names of
    inputs to texts, ``""`` to those about the form as a whole.
    """

    def __init__(
        self,
        schema: type[Schema] | Schema,
        initial: Mapping[str, object] | None = None,
        *,
        version: int | None = None,
    ) -> None:
        self.schema = speak(schema if isinstance(schema, Schema) else schema())
        self.data: dict[str, Any] = {}
        self.errors: dict[str, list[str]] = {}
        self._files: dict[str, bytes | None] = {}
        self.brought_back = AGAIN in request.form
        typed = request.method == "POST"
        self.values: Values = _typed() if typed else spread(initial or {})
        self.version = _whole_number(request.form.get("version")) if typed else version
        self.once = _identifier(request.form.get("once") if typed else None)

    def __repr__(self) -> str:
        return f"<Form {type(self.schema).__name__}>"

    def sent(self) -> bool:
        """Tell whether the form was sent and is valid; ``data`` then holds what was loaded.

        A form that comes back after a new sign-in is shown first, as it was typed.
        """
        if request.method != "POST" or self.brought_back:
            return False
        for name, text in texts_of(self.values):
            if not storable(text):
                self.reject_field(name, _("This has characters that cannot be stored."))
        if not self.errors:
            self._load()
        return not self.errors

    def reject(self, error: InvalidInput) -> None:
        """Show the errors that the use case found, at their fields."""
        for path, texts in error.fields.items():
            for text in texts:
                self.reject_field(html_name(path, self.values), str(text))

    def reject_field(self, name: str, text: str) -> None:
        """Show ``text`` at the input ``name`` (``""``: above the form)."""
        self.errors.setdefault(name, []).append(text)

    @property
    def action(self) -> str | None:
        """Return the value of the button ``action`` that was pressed."""
        return request.form.get("action") if request.method == "POST" else None

    @property
    def cause(self) -> RequestCause:
        """Return what makes this form count once, however often it is sent."""
        return RequestCause(
            actor=current_context().actor,
            key=str(self.once),
            fingerprint=fingerprint(
                request.path,
                *(part for pair in sorted(texts_of(self.values)) for part in pair),
            ),
        )

    def value(self, name: str) -> str:
        """Return what stands in the input ``name``."""
        return self.values[name][-1] if self.values.get(name) else ""

    def chosen(self, name: str, value: object) -> bool:
        """Tell whether ``value`` is among the choices made at ``name``."""
        return str(value) in self.values.get(name, ())

    def rows(self, name: str, *, least: int = 0) -> list[int]:
        """Return the numbers of the rows of the list ``name``, at least ``least`` of them."""
        found = rows(self.values, name)
        following = range((found[-1] if found else -1) + 1, 1000)
        return found + list(following)[: max(0, least - len(found))]

    def add_row(self, name: str) -> None:
        """Show one more, empty row of the list ``name``."""
        self.values[f"{name}-{max(rows(self.values, name), default=-1) + 1}-"] = [""]

    def remove_row(self, name: str, row: int) -> None:
        """Forget what was typed in one row of the list ``name``."""
        for key in [key for key in self.values if key.startswith(f"{name}-{row}-")]:
            del self.values[key]

    def file(self, name: str) -> bytes | None:
        """Return the content of the file chosen at ``name``."""
        if name not in self._files:
            chosen = request.files.get(name)
            self._files[name] = (chosen.read() or None) if chosen is not None else None
        return self._files[name]

    def label(self, name: str) -> str:
        """Return what the field of ``name`` is called."""
        return str(self._told(name, "label") or name)

    def hint(self, name: str) -> str:
        """Return the explanation beside the field of ``name``."""
        return str(self._told(name, "hint") or "")

    def choices(self, name: str) -> Sequence[tuple[str, str | Text]]:
        """Return the choices offered at ``name``, as pairs of value and label."""
        offered = self._told(name, "choices")
        pairs = offered() if callable(offered) else offered
        return cast("Sequence[tuple[str, str | Text]]", pairs or ())

    def required(self, name: str) -> bool:
        """Tell whether ``name`` must be answered."""
        field = field_at(self.schema, name)
        return field is not None and field.required

    def anchor(self, name: str) -> str:
        """Return the id of the input that a link to ``name`` leads to."""
        field = field_at(self.schema, name)
        return f"{name}-month" if is_date(field) else name

    def errors_at(self, name: str) -> list[str]:
        """Return what is wrong at the input ``name``."""
        return self.errors.get(name, [])

    def _told(self, name: str, what: str) -> Any:
        field = field_at(self.schema, name)
        return field.metadata.get(what) if field is not None else None

    def _load(self) -> None:
        wanted = payload(self.schema, self.values) | _strange(self.schema, self.values)
        wanted.update({name: self.file(name) for name in request.files if self.file(name)})
        try:
            self.data = cast("dict[str, Any]", self.schema.load(wanted))
        except ValidationError as error:
            self.reject(InvalidInput(flat(error.messages)))


def render_form(template: str, form: Form, **values: object) -> Response:
    """Show the page with its form: 422 where something is wrong with what was typed."""
    page = render_template(template, form=form, **values)
    return make_response(page, 422 if form.errors else 200)


def load_query(schema: type[Schema] | Schema) -> dict[str, Any]:
    """Return what the query of a page says, or raise ``InvalidInput``."""
    own = speak(schema if isinstance(schema, Schema) else schema())
    values = {name: texts for name, texts in request.args.lists() if any(texts)}
    try:
        return cast("dict[str, Any]", own.load(payload(own, values) | _strange(own, values)))
    except ValidationError as error:
        raise InvalidInput(flat(error.messages)) from error


def fingerprint(*parts: str) -> str:
    """Return a digest of ``parts`` that nobody can guess values from."""
    key = derived_key(current_kit().settings.secret_key, "request fingerprint")
    digest = hmac.new(key, digestmod=hashlib.sha256)
    for part in parts:
        data = part.encode(errors="surrogatepass")
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


def _typed() -> Values:
    return {name: list(texts) for name, texts in request.form.lists() if name not in CONTROLS}


def _strange(schema: Schema, values: Values) -> dict[str, str]:
    """Return what ``schema`` does not know, for it to say so."""
    names = values.keys() - known_names(schema, values)
    return {name: values[name][-1] for name in names if any(values[name])}


def _whole_number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 10 else None  # noqa: PLR2004 - digits of a 32-bit number


def _identifier(text: str | None) -> UUID:
    try:
        return UUID(text) if text else uuid4()
    except ValueError:
        return uuid4()
