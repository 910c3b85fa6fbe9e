"""Keeps a package's Spanish catalog in step with its texts.

``python -m shared.web.texts services/enrollment/web`` reads the texts of templates and code, keeps
what is translated, adds what is new (empty, to be translated) and drops what nobody says any more.
"""

import re
import sys
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from shared.web.language import CATALOG

KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy": None,
    "ngettext": (1, 2),
}
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
WORD = re.compile(r"[^\W\d_]{2,}")
SPOKEN = frozenset({"alt", "aria-label", "placeholder", "title"})
NAMES = frozenset({"Trustlane"})
"""Words that are the same in every language."""

HEADER = rb"""msgid ""
msgstr ""
"Language: es\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

"""
"""No dates and no names of people: a catalog changes only when a text does."""


def extracted(package: Path) -> Catalog:
    """Return every text that the code and the templates below ``package`` say."""
    catalog = Catalog(locale="es")
    for path in sorted(_sources(package)):
        method = "jinja2.ext:babel_extract" if path.suffix == ".html" else "python"
        options = {"newstyle_gettext": "true", "trimmed": "true", "encoding": "utf-8"}
        for _line, message, _comments, context in extract_from_file(
            method, path, KEYWORDS, options=options
        ):
            place = (path.relative_to(package).as_posix(), 0)
            catalog.add(message, locations=[place], context=context)
    return catalog


def read_catalog(package: Path) -> Catalog:
    """Return the Spanish catalog of ``package``, empty where there is none yet."""
    path = package / CATALOG
    if not path.is_file():
        return Catalog(locale="es")
    with path.open("rb") as file:
        return read_po(file, locale="es")


def faults(package: Path) -> list[str]:
    """Return what is wrong with the catalog of ``package``: missing, fuzzy or unused texts."""
    wanted, there = extracted(package), read_catalog(package)
    found = [
        f"missing: {message.id!r}" for message in wanted if message.id and message.id not in there
    ]
    for message in there:
        if not message.id:
            continue
        if message.id not in wanted:
            found.append(f"unused: {message.id!r}")
        if message.fuzzy:
            found.append(f"fuzzy: {message.id!r}")
        if not _complete(message.string):
            found.append(f"not translated: {message.id!r}")
        found += [f"{error}: {message.id!r}" for error in message.check(there)]
    return found + [f"marked unused: {name!r}" for name in there.obsolete]


def bare_texts(package: Path) -> list[str]:
    """Return texts of templates that stand there as they are, in one language alone."""
    found = []
    for path in sorted(package.rglob("*.html")):
        reader = _BareTexts()
        reader.feed(JINJA.sub(" ", path.read_text()))
        reader.close()
        place = path.relative_to(package).as_posix()
        found += [f"{place}: {text}" for text in reader.found if text not in NAMES]
    return found


class _BareTexts(HTMLParser):
    """Collects words between tags and in attributes that are read out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self._look(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del tag
        for name, value in attrs:
            if name in SPOKEN:
                self._look(value or "")

    def _look(self, text: str) -> None:
        words = " ".join(text.split())
        if WORD.search(words):
            self.found.append(words)


def refresh(package: Path) -> int:
    """Bring the catalog into step and return how many texts wait for their Spanish."""
    wanted, there = extracted(package), read_catalog(package)
    for message in wanted:
        known = there.get(message.id) if message.id else None
        if known is not None:
            message.string = known.string
    path = package / CATALOG
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(HEADER)
        write_po(file, wanted, width=100, omit_header=True, sort_output=True, no_location=True)
    return sum(bool(message.id) and not _complete(message.string) for message in wanted)


def main(arguments: Sequence[str]) -> int:
    """Refresh the catalogs of the packages named, and say what is left to translate."""
    if not arguments:
        sys.stderr.write("usage: python -m shared.web.texts PACKAGE...\n")
        return 2
    for name in arguments:
        waiting = refresh(Path(name))
        sys.stdout.write(f"{name}: {waiting} texts wait for their Spanish\n")
    return 0


def _sources(package: Path) -> Iterator[Path]:
    yield from package.rglob("*.py")
    yield from package.rglob("*.html")


def _complete(string: str | Sequence[str] | None) -> bool:
    return all(string) if string else False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
