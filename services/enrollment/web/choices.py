"""What lists offer, in the reader's language."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cache
from typing import TypeVar

from babel import Locale

from services.enrollment.domain.center import CENTERS, PORTS
from services.enrollment.web.regions import FIRST_COUNTRIES, REGIONS
from shared.web.language import LANGUAGES, Text, current_language

Kind = TypeVar("Kind", bound=StrEnum)
Pairs = Sequence[tuple[str, str | Text]]


def countries() -> Pairs:
    """Return all countries: our neighbours first, the others by name."""
    return _countries(current_language())


def country(code: str) -> str:
    """Return a country's name."""
    return dict(_countries(current_language())).get(code, code)


@cache
def country_codes() -> frozenset[str]:
    """Return the codes of all countries."""
    return frozenset(code for code, _ in _countries("en"))


def regions() -> Pairs:
    """Return the states and provinces of North America by name."""
    return sorted(REGIONS.items(), key=lambda pair: pair[1])


def region(code: str) -> str:
    """Return a state's or province's name."""
    return REGIONS.get(code, code)


def centers() -> Pairs:
    """Return the enrollment centers."""
    return [(center.id, center.name) for center in CENTERS.values()]


def ports() -> Pairs:
    """Return the ports of entry that members cross at."""
    return list(PORTS.items())


def center_name(center_id: str) -> str:
    """Return an enrollment center's name."""
    found = CENTERS.get(center_id)
    return center_id if found is None else found.name


def port_names(site_ids: Sequence[str]) -> str:
    """Return the names of ports of entry, divided by commas."""
    return ", ".join(PORTS.get(site_id, site_id) for site_id in site_ids)


def languages() -> Pairs:
    """Return the languages that we write in."""
    return list(LANGUAGES.items())


def of(texts: Mapping[Kind, Text]) -> Sequence[tuple[str, Text]]:
    """Return the values of a table of texts as choices."""
    return [(str(kind), text) for kind, text in texts.items()]


@cache
def _countries(language: str) -> Sequence[tuple[str, str]]:
    names = Locale.parse(language).territories
    known = {code: name for code, name in names.items() if len(code) == 2 and code.isalpha()}  # noqa: PLR2004 - ISO 3166-1 alpha-2
    for no_country in ("EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"):
        known.pop(no_country, None)
    first = [(code, known.pop(code)) for code in FIRST_COUNTRIES]
    return [*first, *sorted(known.items(), key=lambda pair: pair[1])]
