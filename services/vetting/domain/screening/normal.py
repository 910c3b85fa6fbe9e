"""Names brought to one form: plain Latin letters in parts, without accents and particles."""

import re
import unicodedata
from dataclasses import dataclass

from services.vetting.domain.screening.scripts import TABLE

LONGEST_NAME = 400
"""Characters looked at; no real name is longer, and time must not grow with junk."""

MOST_PARTS = 12
"""Parts compared; the longest name on the lists in use has nine."""

_PARTICLES = """
al el ul bin ben ibn bint de del dela la las los da das dos di du van von der den y e
dr mr mrs ms sr jr ii iii iv haji hajji hadji sheikh shaykh sheik mullah maulawi maulavi
"""
PARTICLES = frozenset(_PARTICLES.split())
"""Parts that say nothing about who is meant; they are left out unless nothing else is there."""

_ARTICLE = re.compile(r"\b(?:al|el|ul|ad|as|ar|at|az|an|ash|ath|adh)-", re.IGNORECASE)
_SILENT = re.compile("[\u0027\u0060\u00b4\u2018\u2019\u02bb\u02bc\u02be\u02bf\u0301]")
_LETTERS = re.compile("[a-z]+")


@dataclass(frozen=True, kw_only=True)
class Name:
    """A name ready to be compared."""

    parts: tuple[str, ...]
    unread: bool
    """Whether most of the letters are of a script that cannot be read here."""


def normal_name(text: str) -> Name:
    """Return the parts of a name in their order, in plain Latin letters."""
    shortened = _ARTICLE.sub(" ", _SILENT.sub("", text[:LONGEST_NAME]))
    folded = folded_text(shortened)
    parts = _LETTERS.findall(folded)
    known = sum(map(len, parts))
    letters = sum(c.isalpha() for c in folded)
    kept = [part for part in parts if part not in PARTICLES] or parts
    return Name(parts=tuple(kept[:MOST_PARTS]), unread=2 * known <= letters)


def folded_text(text: str) -> str:
    """Return lower-case text without accents, with Cyrillic and Greek in Latin letters."""
    composed = unicodedata.normalize("NFKC", text).casefold().translate(TABLE)
    decomposed = unicodedata.normalize("NFKD", composed).translate(TABLE)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def normal_number(text: str) -> str:
    """Return a document number without spaces, points and hyphens, in capitals."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).upper() if c.isalnum())
