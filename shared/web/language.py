"""English and Spanish: which one a request speaks, and how texts are put into it.

A text in code is written in English inside ``gettext`` (said now) or ``lazy`` (said when it is
shown). ``Text`` is a ``str``, so that libraries which format their messages take it, too.
"""

from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import flask_babel
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, g, has_request_context, request
from markupsafe import escape
from werkzeug.routing import BaseConverter

LANGUAGES = {"en": "English", "es": "Español"}
DEFAULT = "en"
CATALOG = Path("translations") / "es" / "LC_MESSAGES" / "messages.po"


class LanguageConverter(BaseConverter):
    """Matches the language at the beginning of a page's address."""

    regex = "|".join(LANGUAGES)


class Text(str):
    """A text of the program, kept in English and shown in the language of the request."""

    __slots__ = ()

    def __str__(self) -> str:
        return gettext(self)

    def __format__(self, spec: str) -> str:
        return format(gettext(self), spec)

    def __html__(self) -> str:
        return escape(gettext(self))

    def format(self, *args: object, **values: object) -> str:
        """Fill in ``values`` after the translation."""
        return gettext(self).format(*args, **values)


def lazy(message: str) -> Text:
    """Mark ``message`` for translation at the time it is shown."""
    return Text(message)


def gettext(message: str, **values: object) -> str:
    """Say ``message`` in the language of the request; outside one, in English."""
    plain = message if type(message) is str else str.__str__(message)
    if has_request_context():
        return str(flask_babel.gettext(plain, **values))
    return plain % values if values else plain


def ngettext(singular: str, plural: str, number: int, **values: object) -> str:
    """Say one of two messages, as ``number`` (also ``%(num)s``) demands."""
    if has_request_context():
        return str(flask_babel.ngettext(singular, plural, number, **values))
    return (singular if number == 1 else plural) % {"num": number, **values}


def current_language() -> str:
    """Return the language of the address or, where it has none, what the browser prefers.

    An address that leads nowhere has one as well, if it begins like ours.
    """
    if not has_request_context():
        return DEFAULT
    chosen = g.get("language")
    if chosen:
        return str(chosen)
    first = request.path.split("/", 2)[1]
    return first if first in LANGUAGES else preferred_language()


def preferred_language() -> str:
    """Return the language that the browser asks for, as far as we speak it."""
    return request.accept_languages.best_match(list(LANGUAGES), DEFAULT) or DEFAULT


class MergedCatalogs(flask_babel.Domain):  # type: ignore[misc]  # flask_babel is untyped
    """The Spanish texts of several packages as one, read from their sources."""

    def __init__(self, catalogs: Sequence[Path]) -> None:
        super().__init__()
        self._spanish = read_catalogs(catalogs)
        self._english = NullTranslations()

    def get_translations(self) -> Any:
        """Return the texts in the language of the request."""
        return self._spanish if current_language() == "es" else self._english


def read_catalogs(paths: Iterable[Path]) -> Translations:
    """Merge the catalogs at ``paths``; a later one wins."""
    merged = Catalog(locale="es")
    for path in paths:
        with path.open("rb") as file:
            for message in read_po(file, locale="es"):
                if message.id and message.string:
                    merged[message.id] = message
    compiled = BytesIO()
    write_mo(compiled, merged)
    compiled.seek(0)
    return Translations(compiled)


def install_languages(app: Flask, catalogs: Sequence[Path]) -> None:
    """Give ``app`` its texts, and addresses that begin with a language."""
    babel = flask_babel.Babel(app, locale_selector=current_language)
    babel.domain_instance = MergedCatalogs(catalogs)
    app.url_map.converters["language"] = LanguageConverter

    @app.url_value_preprocessor
    def take_language(_endpoint: str | None, values: dict[str, object] | None) -> None:
        if values is not None and "language" in values:
            g.language = values.pop("language")

    @app.url_defaults
    def keep_language(endpoint: str, values: dict[str, object]) -> None:
        if app.url_map.is_endpoint_expecting(endpoint, "language"):
            values.setdefault("language", current_language())
