"""Screening: which listed people may be the person in front of us, how surely, and why."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from services.vetting.domain.screening.evidence import COUNTRY_DIFFERS, DOCUMENT_AGREES
from services.vetting.domain.screening.explanation import Evidence, explain
from services.vetting.domain.screening.index import Index
from services.vetting.domain.screening.normal import Name, normal_name
from services.vetting.domain.screening.pairing import pair
from services.vetting.domain.screening.query import Subject
from services.vetting.domain.screening.rewriting import readings
from services.vetting.domain.watchlist.entry import Entry

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]

MIDDLE, SLOPE = 12.0, 4.0
"""Points at which the score is one half, and how many points double the odds."""

LEAST_POINTS = 2.0
"""Below this nothing is reported: the score would be under a sixth."""

MOST_MATCHES = 20
ALERT_SCORE = 0.5
STRONG_NAME = 8.0
"""What the name alone must be worth before an agreeing date or document makes a hit strong."""


class Status(StrEnum):
    """Whether a person could be screened at all."""

    SCREENED = "screened"
    TOO_LITTLE = "too_little"


@dataclass(frozen=True, kw_only=True)
class Source:
    """One list in one version."""

    list: str
    version: int
    entries: Sequence[Entry]


@dataclass(frozen=True, kw_only=True)
class Match:
    """A listed person who may be meant."""

    list: str
    version: int
    entry: Entry
    points: float
    score: float
    strong: bool
    """Whether a full birth date or a document number agrees beside the name."""

    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, kw_only=True)
class Screening:
    """The outcome for one person, the best match first."""

    status: Status
    matches: tuple[Match, ...]
    truncated: bool = False

    @property
    def alerts(self) -> tuple[Match, ...]:
        """The matches that an officer must look at."""
        return tuple(match for match in self.matches if match.score >= ALERT_SCORE)


def score_of(points: float) -> float:
    """Return points as a score between 0 and 1."""
    return float(1 / (1 + 2 ** ((MIDDLE - points) / SLOPE)))


def points_at(score: float) -> float:
    """Return the points that give a score."""
    return MIDDLE - SLOPE * math.log2(1 / score - 1)


class Screener:
    """Compares people with everybody on some lists."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = [
            source for source in sources for e in source.entries if e.kind == "individual"
        ]
        self.index = Index([entry for source in sources for entry in source.entries])

    def screen(
        self, subject: Subject, *, only: Collection[tuple[str, str]] | None = None
    ) -> Screening:
        """Compare with all entries, or with those of ``only`` (pairs of list and entry)."""
        names = [normal_name(name) for name in subject.names]
        best = self._best_by_entry(names, subject)
        wanted = (entry for entry in best if only is None or self._key(entry) in only)
        ranked = sorted(wanted, key=lambda entry: (-best[entry].points, entry))
        return Screening(
            status=Status.SCREENED if is_enough(names, subject) else Status.TOO_LITTLE,
            matches=tuple(
                self._match(subject, entry, best[entry]) for entry in ranked[:MOST_MATCHES]
            ),
            truncated=len(ranked) > MOST_MATCHES
            and score_of(best[ranked[MOST_MATCHES]].points) >= ALERT_SCORE,
        )

    def _best_by_entry(self, names: Sequence[Name], subject: Subject) -> dict[int, "_Found"]:
        best: dict[int, _Found] = {}
        other = self.index.other_evidence(subject)
        for name in names:
            for parts in readings(name.parts, self.index.vocabulary):
                for found in self._compare(parts, other):
                    if found.entry not in best or found.points > best[found.entry].points:
                        best[found.entry] = found
        return best

    def _compare(self, parts: Sequence[str], other: Floats) -> list["_Found"]:
        if not parts or not len(self.index):
            return []
        index = self.index
        expansions = [index.vocabulary.expand(part) for part in parts]
        possible, carried = index.most_possible(parts, expansions)
        same_document = other[index.entry_of] >= DOCUMENT_AGREES + COUNTRY_DIFFERS - 10
        enough = possible + other[index.entry_of] >= LEAST_POINTS
        rows = np.flatnonzero((carried | same_document) & enough).astype(np.int32)
        if not len(rows):
            return []
        pairing = pair(index, parts, expansions, rows)
        points = pairing.points + other[index.entry_of[rows]]
        return [
            _Found(
                entry=int(index.entry_of[rows[at]]),
                record=int(rows[at]),
                parts=tuple(parts),
                points=float(points[at]),
                name_points=float(pairing.points[at]),
                partner=pairing.partner[at],
                worth=pairing.worth[at],
            )
            for at in _best_rows(points, index.entry_of[rows])
        ]

    def _match(self, subject: Subject, entry: int, found: "_Found") -> Match:
        source = self._sources[entry]
        evidence, agrees = explain(self.index, subject, entry, found)
        return Match(
            list=source.list,
            version=source.version,
            entry=self.index.entries[entry],
            points=round(found.points, 2),
            score=round(score_of(found.points), 6),
            strong=agrees
            and found.name_points >= STRONG_NAME
            and score_of(found.points) >= ALERT_SCORE,
            evidence=evidence,
        )

    def _key(self, entry: int) -> tuple[str, str]:
        return self._sources[entry].list, self.index.entries[entry].id


@dataclass(frozen=True, kw_only=True)
class _Found:
    entry: int
    record: int
    parts: tuple[str, ...]
    points: float
    name_points: float
    partner: Ints
    worth: Floats


def _best_rows(points: Floats, entries: Ints) -> list[int]:
    """Return the best row of each entry, if it is worth reporting."""
    enough = np.flatnonzero(points >= LEAST_POINTS)
    order = enough[np.lexsort((-points[enough], entries[enough]))]
    first = np.ones(len(order), dtype=np.bool_)
    first[1:] = entries[order][1:] != entries[order][:-1]
    kept = order[first]
    best = kept[np.argsort(-points[kept], kind="stable")]
    return [int(at) for at in best[: 3 * MOST_MATCHES]]


def is_enough(names: Sequence[Name], subject: Subject) -> bool:
    """Whether there is enough to screen: two parts of a name, or one and a full birth date."""
    dated = subject.birth_date is not None and subject.birth_date.is_full
    for name in names:
        words = sum(len(part) > 1 for part in name.parts)
        if not name.unread and (words > 1 or (words == 1 and dated)):
            return True
    return False
