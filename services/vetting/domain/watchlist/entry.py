"""One entry of a watchlist, in the one shape that every format is read into."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any

from services.vetting.domain.watchlist.birth_date import BirthDate, parse_iso


class EntryKind(StrEnum):
    """What an entry is about; people are screened against individuals only."""

    INDIVIDUAL = "individual"
    ENTITY = "entity"
    VESSEL = "vessel"
    AIRCRAFT = "aircraft"


class NameKind(StrEnum):
    """How much a listed name is worth."""

    PRIMARY = "primary"
    ALIAS = "alias"
    WEAK = "weak"
    """A nickname or a broad alias, which the list itself calls weak."""


@dataclass(frozen=True, kw_only=True)
class ListedName:
    """A name of the entry, in the order in which a person would say it."""

    text: str
    kind: NameKind = NameKind.PRIMARY


@dataclass(frozen=True, kw_only=True)
class ListedDocument:
    """A document that the list ties to the entry."""

    kind: str
    number: str
    country: str | None = None


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One person or thing on a list."""

    id: str
    names: tuple[ListedName, ...]
    kind: EntryKind = EntryKind.INDIVIDUAL
    birth_dates: tuple[BirthDate, ...] = ()
    birth_places: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    """ISO alpha-2 codes of nationality, citizenship and birthplace, sorted."""

    documents: tuple[ListedDocument, ...] = ()
    program: str = ""
    remarks: str = ""

    @property
    def name(self) -> str:
        """The name that the entry goes by."""
        return self.names[0].text

    def to_json(self) -> dict[str, object]:
        """Return the entry in plain values."""
        return {**asdict(self), "birth_dates": [str(d) for d in self.birth_dates]}

    @property
    def compared_digest(self) -> str:
        """A digest of the fields that screening compares; clearances lapse when it changes."""
        compared = self.to_json()
        for ignored in ("program", "remarks", "birth_places"):
            del compared[ignored]
        return digest_of(compared)


def entry_from_json(content: Mapping[str, Any]) -> Entry:
    """Read back what ``Entry.to_json`` gave."""
    return Entry(
        id=content["id"],
        names=tuple(ListedName(text=n["text"], kind=NameKind(n["kind"])) for n in content["names"]),
        kind=EntryKind(content["kind"]),
        birth_dates=tuple(parse_iso(text) for text in content["birth_dates"]),
        birth_places=tuple(content["birth_places"]),
        countries=tuple(content["countries"]),
        documents=tuple(ListedDocument(**document) for document in content["documents"]),
        program=content["program"],
        remarks=content["remarks"],
    )


def digest_of(content: object) -> str:
    """Return the SHA-256 of plain values, independent of the order of keys."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()
