"""Screening a person within a transaction: what is new, and what it leads to."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from threading import Lock
from uuid import UUID

from services.vetting.domain.case import Case
from services.vetting.domain.case_states import Status
from services.vetting.domain.hit import Hit
from services.vetting.domain.person import Person
from services.vetting.domain.screening.matcher import Match, Screener, Screening
from services.vetting.domain.screening.matcher import Status as Screened
from services.vetting.domain.screening.query import Subject
from services.vetting.use_cases.ports import UnitOfWork
from shared.clock import Clock
from shared.ids import NewId

EntryKeys = Collection[tuple[str, str]]


@dataclass
class Screeners:
    """Gives the screener of the current lists, built once for each set of versions."""

    _versions: dict[str, int] | None = field(default=None, init=False)
    _screener: Screener = field(init=False, default_factory=lambda: Screener([]))
    _lock: Lock = field(default_factory=Lock, init=False)

    def __call__(self, work: UnitOfWork) -> Screener:
        """Return the screener for what ``work`` sees."""
        versions = dict(work.watchlists.versions())
        with self._lock:
            if versions != self._versions:
                self._screener = Screener(work.watchlists.current())
                self._versions = versions
            return self._screener


@dataclass(frozen=True, kw_only=True)
class NewMatch:
    """A match that no clearance covers, with the digest of what was compared."""

    match: Match
    compared: str


@dataclass(frozen=True, kw_only=True)
class Found:
    """What screening one person brought."""

    list_version: str
    too_little: bool
    no_list: bool
    new: Sequence[NewMatch]

    @property
    def strong(self) -> bool:
        """Whether a full birth date or document number agrees beside a name."""
        return any(each.match.strong for each in self.new)


@dataclass(frozen=True, kw_only=True)
class PeopleScreening:
    """Compares a person with the lists and turns matches into hits."""

    clock: Clock
    new_id: NewId
    screeners: Screeners

    def find(self, work: UnitOfWork, person: Person, *, only: EntryKeys | None = None) -> Found:
        """Screen the person; matches that were cleared and have not changed are left out."""
        screener = self.screeners(work)
        versions = work.watchlists.versions()
        subject = person.subject()
        screening = screener.screen(subject, only=only)
        cleared = (
            {(c.list, c.entry, c.compared) for c in work.clearances.of(person.id)}
            if screening.alerts
            else set()
        )
        new = [
            each
            for each in self._compared(work, person.id, subject, screening)
            if (each.match.list, each.match.entry.id, each.compared) not in cleared
        ]
        list_version = ", ".join(f"{name} {number}" for name, number in sorted(versions.items()))
        person.screened(list_version, len(new), now=self.clock())
        return Found(
            list_version=list_version,
            too_little=screening.status is Screened.TOO_LITTLE,
            no_list=not versions,
            new=new,
        )

    def attach(self, work: UnitOfWork, case: Case, new: Sequence[NewMatch]) -> int:
        """Add hits for the matches that the case does not have yet; return how many."""
        known = {(hit.list, hit.entry, hit.compared) for hit in work.hits.of_case(case.id)}
        fresh = [e for e in new if (e.match.list, e.match.entry.id, e.compared) not in known]
        for each in fresh:
            hit = self._hit(case, each)
            case.add_hit(hit, now=self.clock())
            work.hits.add(hit)
            hit.announce()
        return len(fresh)

    def unknown(self, work: UnitOfWork, person_id: UUID, new: Sequence[NewMatch]) -> list[NewMatch]:
        """Leave out what a case has already, unless that case was withdrawn undecided."""
        if not new:
            return []
        dropped = {c.id for c in work.cases.of(person_id) if c.status is Status.WITHDRAWN}
        known = {
            (hit.list, hit.entry, hit.compared)
            for hit in work.hits.of(person_id)
            if hit.case_id not in dropped
        }
        return [e for e in new if (e.match.list, e.match.entry.id, e.compared) not in known]

    def _compared(
        self, work: UnitOfWork, person_id: UUID, subject: Subject, screening: Screening
    ) -> Sequence[NewMatch]:
        return [
            NewMatch(match=match, compared=_digest(work, person_id, subject, match))
            for match in screening.alerts
        ]

    def _hit(self, case: Case, new: NewMatch) -> Hit:
        match = new.match
        return Hit(
            id=self.new_id(),
            case_id=case.id,
            person_id=case.person_id,
            list=match.list,
            entry=match.entry.id,
            list_version=match.version,
            score=match.score,
            strong=match.strong,
            found_at=self.clock(),
            compared=new.compared,
            detail={
                "entry": match.entry.to_json(),
                "evidence": [line.to_json() for line in match.evidence],
                "points": match.points,
            },
        )


def _digest(work: UnitOfWork, person_id: UUID, subject: Subject, match: Match) -> str:
    """Return a digest of the compared fields of both sides, keyed by the person's data key."""
    ours = [
        sorted(subject.names),
        str(subject.birth_date or ""),
        sorted(subject.countries),
        sorted(subject.documents),
    ]
    text = json.dumps([ours, match.entry.compared_digest], ensure_ascii=False)
    return work.digest(person_id, text.encode())
