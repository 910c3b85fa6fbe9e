"""The person's file: the newest dossier that enrollment sent, and what screening looks at."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations
from typing import Any
from uuid import UUID

from services.vetting.domain.events import DossierReceived, PersonErased, PersonScreened
from services.vetting.domain.screening.normal import normal_name
from services.vetting.domain.screening.query import Subject
from services.vetting.domain.watchlist.birth_date import BirthDate, parse_iso
from shared.events import Aggregate

Dossier = dict[str, Any]


@dataclass(eq=False, kw_only=True)
class Person(Aggregate):
    """An applicant or member."""

    id: UUID
    dossier: Dossier | None = field(default=None, repr=False)
    dossier_sealed: bytes | None = field(default=None, repr=False)
    updated_at: datetime
    screened_at: datetime | None = None
    version: int = 0

    @property
    def person_id(self) -> UUID:
        """The person whom the row is about: the audit keys digests by it."""
        return self.id

    @property
    def name(self) -> str:
        """The full name, or nothing after an erasure."""
        return full_name(self.dossier["names"]) if self.dossier else ""

    def update(self, dossier: Mapping[str, Any], *, now: datetime) -> None:
        """Take a newer dossier."""
        self.dossier, self.updated_at = dict(dossier), now
        self.record(DossierReceived(person_id=self.id, at=now))

    def screened(self, list_version: str, hits: int, *, now: datetime) -> None:
        """Note that the person was compared with the lists."""
        self.screened_at = now
        self.record(PersonScreened(person_id=self.id, list_version=list_version, hits=hits, at=now))

    def forget(self, *, now: datetime) -> None:
        """Drop what is known of the person; the data key goes with it."""
        self.dossier, self.updated_at = None, now
        self.record(PersonErased(person_id=self.id, at=now))

    def name_pairs(self) -> frozenset[str]:
        """Return every two parts of every name, for look-ups with any two of them."""
        return frozenset(
            pair for name in self.subject().names for pair in pairs_of(normal_name(name).parts)
        )

    def subject(self) -> Subject:
        """Return what screening looks at."""
        return subject_of(self.dossier or {})


def pairs_of(parts: Sequence[str]) -> Iterator[str]:
    """Yield every two different parts, in alphabetical order."""
    for first, second in combinations(sorted(set(parts)), 2):
        yield f"{first} {second}"


def subject_of(dossier: Mapping[str, Any]) -> Subject:
    """Pick names, birth date, countries and document numbers from a dossier."""
    names = dossier.get("names", {})
    birth = dossier.get("birth", {})
    countries = {birth.get("country", ""), *dossier.get("citizenships", ())} - {""}
    return Subject(
        names=tuple(dict.fromkeys(name for name in _names(names) if name)),
        birth_date=_date(birth.get("date")),
        countries=frozenset(countries),
        documents=tuple(document["number"] for document in dossier.get("documents", ())),
    )


def full_name(parts: Mapping[str, Any]) -> str:
    """Return a name in the order in which it is said."""
    order = ("given", "middle", "paternal_surname", "maternal_surname", "suffix")
    return " ".join(text for part in order if (text := parts.get(part, "")))


def _names(names: Mapping[str, Any]) -> Iterator[str]:
    yield full_name(names)
    for other in names.get("others", ()):
        yield full_name(other)


def _date(text: str | None) -> BirthDate | None:
    with suppress(ValueError):
        return parse_iso(text) if text else None
    return None
