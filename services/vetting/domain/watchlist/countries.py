"""Countries as lists and forms write them, brought to ISO 3166 alpha-2."""

import unicodedata
from functools import cache

from services.vetting.domain.watchlist.country_names import TABLE


def country_code(text: str) -> str | None:
    """Return the alpha-2 code for a code or an English or Spanish name, else ``None``."""
    return _codes().get(_folded(text))


def country_in(place: str) -> str | None:
    """Return the country that a place such as ``Culiacan, Sinaloa, Mexico`` ends with."""
    parts = [part.strip() for part in place.split(",")]
    for start in range(len(parts)):
        found = country_code(", ".join(parts[start:]))
        if found:
            return found
    return None


@cache
def _codes() -> dict[str, str]:
    codes: dict[str, str] = {}
    for line in TABLE.splitlines():
        alpha2, alpha3, names = line[:2], line[3:6], line[7:].split("|")
        for name in (alpha2, alpha3, *names):
            codes.setdefault(_folded(name), alpha2)
    return codes


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    kept = "".join(c if c.isalnum() else " " for c in decomposed if not unicodedata.combining(c))
    return " ".join(kept.casefold().split())
