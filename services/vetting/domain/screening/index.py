"""Listed people laid out so that one name is compared with all of them at once.

A record is one name of one entry. Every part of the given name is looked up against the whole
vocabulary and every record that carries any part it may mean is compared, so that nobody is lost to
a shortcut; what cannot reach the least score of interest is left out by an upper bound.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.vetting.domain.screening.evidence import (
    COUNTRY_AGREES,
    COUNTRY_DIFFERS,
    DOCUMENT_AGREES,
    SHORTEST_NUMBER,
    DateColumns,
    compare_dates,
    points_of,
)
from services.vetting.domain.screening.normal import normal_name, normal_number
from services.vetting.domain.screening.query import Subject
from services.vetting.domain.screening.vocabulary import INITIAL_WORTH, Expansion, Vocabulary
from services.vetting.domain.watchlist.entry import Entry, EntryKind, NameKind

Ints = NDArray[np.int32]
Floats = NDArray[np.float32]

PARTS_KEPT = 10
"""Parts of a listed name that are compared; longer ones do not occur on the lists in use."""

NOWHERE = -1


@dataclass(frozen=True, kw_only=True)
class Postings:
    """For each part of the vocabulary the records that carry it."""

    starts: Ints
    records: Ints

    def of(self, parts: Ints) -> tuple[Ints, Ints]:
        """Return the records of each part, and how many each part has, in the order given."""
        starts, ends = self.starts[parts], self.starts[parts + 1]
        counts = (ends - starts).astype(np.int32)
        if not len(parts):
            return np.empty(0, dtype=np.int32), counts
        offsets = np.repeat(ends - np.cumsum(counts), counts)
        return self.records[np.arange(counts.sum(), dtype=np.int32) + offsets], counts


class Index:
    """All individuals of some lists."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = [entry for entry in entries if entry.kind is EntryKind.INDIVIDUAL]
        names = [
            (number, listed, normal_name(listed.text).parts[:PARTS_KEPT])
            for number, entry in enumerate(self.entries)
            for listed in entry.names
        ]
        names = [name for name in names if name[2]]
        self.names = [listed for _, listed, _ in names]
        self.entry_of: Ints = np.array([number for number, _, _ in names], dtype=np.int32)
        self.weak = np.array([n.kind is NameKind.WEAK for n in self.names], dtype=np.bool_)
        self.vocabulary = Vocabulary(_carriers(names), len(self.entries))
        self.parts = self._part_matrix([parts for _, _, parts in names])
        self.lengths = (self.parts != NOWHERE).sum(axis=1).astype(np.int32)
        self.initials = np.array([ord(part[0]) for part in self.vocabulary.parts] + [0], np.int32)
        self.postings = _postings(self.parts, len(self.vocabulary))
        self._index_dates()
        self._index_countries()
        self._documents: dict[str, list[int]] = {}
        for number, entry in enumerate(self.entries):
            for document in entry.documents:
                self._documents.setdefault(normal_number(document.number), []).append(number)

    def __len__(self) -> int:
        return len(self.entry_of)

    def most_possible(
        self, parts: Sequence[str], expansions: Sequence[Expansion]
    ) -> tuple[Floats, NDArray[np.bool_]]:
        """Return for each record the most a name can be worth, and whether it shares a word."""
        initials = sum(len(part) == 1 for part in parts)
        total: Floats = np.zeros(len(self), dtype=np.float32)
        for expansion in expansions:
            records, counts = self.postings.of(expansion.ids)
            best: Floats = np.zeros(len(self), dtype=np.float32)
            # ids come with their worth ascending and the last write stays: the best one
            best[records] = np.repeat(expansion.worth, counts)
            total += best
        return total + np.float32(initials * INITIAL_WORTH), total > 0

    def other_evidence(self, subject: Subject) -> Floats:
        """Return for each entry what date, countries and documents give or take."""
        points = self._date_points(subject)
        for number in self._with_documents(subject):
            points[number] += DOCUMENT_AGREES
        return points + self.country_points(subject)

    def date_agreements(self, subject: Subject, entry: int) -> NDArray[np.int8]:
        """Return how the given birth date agrees with each of the entry's."""
        first, last = self._date_starts[entry], self._date_starts[entry + 1]
        if subject.birth_date is None or first == last:
            return np.empty(0, dtype=np.int8)
        listed = DateColumns.of(list(self.entries[entry].birth_dates))
        return compare_dates(subject.birth_date, listed)

    def country_points(self, subject: Subject) -> Floats:
        """Return for each entry what the countries give or take."""
        if not subject.countries:
            return np.zeros(len(self.entries), dtype=np.float32)
        agrees = np.zeros(len(self.entries), dtype=np.bool_)
        for country in subject.countries & self._countries.keys():
            agrees |= self._countries[country]
        points = np.where(agrees, COUNTRY_AGREES, COUNTRY_DIFFERS)
        return np.where(self._any_country, points, 0.0).astype(np.float32)

    def _index_dates(self) -> None:
        counts = [len(entry.birth_dates) for entry in self.entries]
        self._date_starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
        self._dates = DateColumns.of([d for entry in self.entries for d in entry.birth_dates])
        self._dated = np.flatnonzero(np.array(counts))

    def _index_countries(self) -> None:
        self._any_country = np.array([bool(e.countries) for e in self.entries], dtype=np.bool_)
        self._countries: dict[str, NDArray[np.bool_]] = {}
        for number, entry in enumerate(self.entries):
            for country in entry.countries:
                nobody = np.zeros(len(self.entries), dtype=np.bool_)
                self._countries.setdefault(country, nobody)[number] = True

    def _date_points(self, subject: Subject) -> Floats:
        points: Floats = np.zeros(len(self.entries), dtype=np.float32)
        if subject.birth_date is not None and len(self._dated):
            each = points_of(compare_dates(subject.birth_date, self._dates))
            points[self._dated] = np.maximum.reduceat(each, self._date_starts[self._dated])
        return points

    def _with_documents(self, subject: Subject) -> set[int]:
        numbers = {normal_number(document) for document in subject.documents}
        return {
            entry
            for number in numbers
            if len(number) >= SHORTEST_NUMBER
            for entry in self._documents.get(number, ())
        }

    def _part_matrix(self, names: Sequence[Sequence[str]]) -> Ints:
        matrix = np.full((len(names), PARTS_KEPT), NOWHERE, dtype=np.int32)
        for row, parts in enumerate(names):
            matrix[row, : len(parts)] = [self.vocabulary.ids[part] for part in parts]
        return matrix


def _carriers(names: Sequence[tuple[int, object, Sequence[str]]]) -> Counter[str]:
    carried = {(number, part) for number, _, parts in names for part in parts}
    return Counter(part for _, part in carried)


def _postings(parts: Ints, size: int) -> Postings:
    rows, columns = np.nonzero(parts != NOWHERE)
    ids = parts[rows, columns]
    order = np.argsort(ids, kind="stable")
    starts = np.zeros(size + 1, dtype=np.int32)
    np.cumsum(np.bincount(ids, minlength=size), out=starts[1:])
    return Postings(starts=starts, records=rows[order].astype(np.int32))
