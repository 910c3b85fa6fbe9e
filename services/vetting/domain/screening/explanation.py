"""A score taken apart: which part matched which, and what each piece of evidence gave or took."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from services.vetting.domain.screening.evidence import (
    DATE_POINTS,
    DOCUMENT_AGREES,
    SHORTEST_NUMBER,
    DateAgreement,
)
from services.vetting.domain.screening.evidence import ORDER as DATE_ORDER
from services.vetting.domain.screening.index import NOWHERE, Index
from services.vetting.domain.screening.normal import normal_number
from services.vetting.domain.screening.query import Subject
from services.vetting.domain.screening.vocabulary import ORDER, Agreement

FULL_DATE = (DateAgreement.SAME, DateAgreement.SAME_NEW_YEAR)


class Comparison(Protocol):
    """The pairing that is to be explained."""

    @property
    def record(self) -> int:
        """The record compared with."""

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts of the given name."""

    @property
    def name_points(self) -> float:
        """What the name gave altogether."""

    @property
    def partner(self) -> NDArray[np.int32]:
        """For each given part its partner's position, or ``NOWHERE``."""

    @property
    def worth(self) -> NDArray[np.float32]:
        """For each given part what the pair is worth."""


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """One line of the explanation.

    ``kind`` is ``name``, ``left_over``, ``weak_name``, ``birth_date``, ``country`` or ``document``;
    ``how`` says in which way the two values agree or not; ``points`` are bits, signed.
    """

    kind: str
    how: str
    points: float
    given: str = field(default="", repr=False)
    listed: str = field(default="", repr=False)

    def to_json(self) -> dict[str, object]:
        """Return the line in plain values."""
        return asdict(self)


def explain(
    index: Index, subject: Subject, entry: int, found: Comparison
) -> tuple[tuple[Evidence, ...], bool]:
    """Return the lines, and whether a full birth date or a document number agrees."""
    dates = list(_birth_date(index, subject, entry))
    documents = list(_documents(index, subject, entry))
    lines = [*_name(index, found), *dates, *_countries(index, subject, entry), *documents]
    full_date = any(line.how in FULL_DATE for line in dates)
    return tuple(lines), full_date or bool(documents)


def _name(index: Index, found: Comparison) -> Iterator[Evidence]:
    listed = _listed_parts(index, found.record)
    for position, part in enumerate(found.parts):
        partner = int(found.partner[position])
        if partner != NOWHERE:
            how = _agreement(index, part, listed[partner])
            points = round(float(found.worth[position]), 1)
            yield Evidence(kind="name", how=how, points=points, given=part, listed=listed[partner])
    yield from _left_over(found, listed)
    if index.weak[found.record]:
        yield Evidence(kind="weak_name", how="weak_alias", points=0, listed=" ".join(listed))


def _left_over(found: Comparison, listed: list[str]) -> Iterator[Evidence]:
    paired = {int(at) for at in found.partner if at != NOWHERE}
    given = [p for p, at in zip(found.parts, found.partner, strict=True) if at == NOWHERE]
    theirs = [part for at, part in enumerate(listed) if at not in paired]
    if given or theirs:
        yield Evidence(
            kind="left_over",
            how="contradicts" if given and theirs else "absent",
            points=round(found.name_points - float(found.worth.sum()), 1),
            given=" ".join(given),
            listed=" ".join(theirs),
        )


def _agreement(index: Index, part: str, listed: str) -> Agreement:
    if len(part) == 1 or len(listed) == 1:
        return Agreement.INITIAL if part != listed else Agreement.EXACT
    expansion = index.vocabulary.expand(part)
    at = int(np.flatnonzero(expansion.ids == index.vocabulary.ids[listed])[0])
    return ORDER[int(expansion.agreement[at])]


def _listed_parts(index: Index, record: int) -> list[str]:
    return [index.vocabulary.parts[at] for at in index.parts[record] if at != NOWHERE]


def _birth_date(index: Index, subject: Subject, entry: int) -> Iterator[Evidence]:
    agreements = [DATE_ORDER[at] for at in index.date_agreements(subject, entry)]
    listed = index.entries[entry].birth_dates
    given = str(subject.birth_date) if subject.birth_date else ""
    if not agreements:
        known = ", ".join(map(str, listed))
        how = DateAgreement.UNKNOWN
        yield Evidence(kind="birth_date", how=how, points=0, given=given, listed=known)
        return
    how, date = max(zip(agreements, listed, strict=True), key=lambda pair: DATE_POINTS[pair[0]])
    points = DATE_POINTS[how]
    yield Evidence(kind="birth_date", how=how, points=points, given=given, listed=str(date))


def _countries(index: Index, subject: Subject, entry: int) -> Iterator[Evidence]:
    points = float(index.country_points(subject)[entry])
    if points:
        yield Evidence(
            kind="country",
            how="agrees" if points > 0 else "differs",
            points=points,
            given=" ".join(sorted(subject.countries)),
            listed=" ".join(index.entries[entry].countries),
        )


def _documents(index: Index, subject: Subject, entry: int) -> Iterator[Evidence]:
    given = {normal_number(number): number for number in subject.documents}
    for document in index.entries[entry].documents:
        number = normal_number(document.number)
        if len(number) >= SHORTEST_NUMBER and number in given:
            yield Evidence(
                kind="document",
                how="same_number",
                points=DOCUMENT_AGREES,
                given=given[number],
                listed=document.number,
            )
            return
