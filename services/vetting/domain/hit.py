"""Hits: listed people who may be the person of a case, and what an officer makes of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.vetting.domain.case_states import moved
from services.vetting.domain.events import HitAdjudicated, HitFound
from services.vetting.domain.officer import Officer
from shared.errors import InvalidInput
from shared.events import Aggregate

LONGEST_NOTE = 2_000


class Verdict(StrEnum):
    """What is known of a hit."""

    OPEN = "open"
    TRUE_MATCH = "true_match"
    FALSE_MATCH = "false_match"
    INCONCLUSIVE = "inconclusive"


JUDGED = frozenset({Verdict.TRUE_MATCH, Verdict.FALSE_MATCH, Verdict.INCONCLUSIVE})
ALLOWED: Mapping[Verdict, frozenset[Verdict]] = {
    Verdict.OPEN: JUDGED,
    Verdict.TRUE_MATCH: JUDGED - {Verdict.TRUE_MATCH},
    Verdict.FALSE_MATCH: JUDGED - {Verdict.FALSE_MATCH},
    Verdict.INCONCLUSIVE: JUDGED - {Verdict.INCONCLUSIVE},
}
"""A verdict can be corrected until the case is decided; then its hits are frozen."""


@dataclass(eq=False, kw_only=True)
class Hit(Aggregate):
    """One listed person who may be meant, as screening saw it at the time."""

    id: UUID
    case_id: UUID
    person_id: UUID
    list: str
    entry: str
    list_version: int
    score: float
    strong: bool
    found_at: datetime
    compared: str
    """Digest of what was compared on both sides; a clearance is good for this and no other."""

    detail: dict[str, Any] | None = field(default=None, repr=False)
    """The listed person and the explanation of the score, sealed at rest."""

    verdict: Verdict = Verdict.OPEN
    judged_by: str | None = None
    judged_at: datetime | None = None
    note: str | None = field(default=None, repr=False)
    detail_sealed: bytes | None = field(default=None, repr=False)
    note_sealed: bytes | None = field(default=None, repr=False)
    version: int = 0

    def announce(self) -> None:
        """Record that the hit was found."""
        self.record(
            HitFound(
                hit_id=self.id,
                case_id=self.case_id,
                person_id=self.person_id,
                list=self.list,
                entry=self.entry,
                list_version=self.list_version,
                score=self.score,
                strong=self.strong,
                at=self.found_at,
            )
        )

    @property
    def is_finding(self) -> bool:
        """Whether the hit stands against the person."""
        return self.verdict in {Verdict.TRUE_MATCH, Verdict.INCONCLUSIVE}

    def adjudicate(self, verdict: Verdict, officer: Officer, note: str, *, now: datetime) -> None:
        """Say whether it is the same person; the note says what was compared."""
        officer.must_be_free_for(self.person_id)
        if not note.strip() or len(note) > LONGEST_NOTE:
            raise InvalidInput({"note": ["required"]}, "A verdict needs what was compared")
        self.verdict = moved(ALLOWED, self.verdict, verdict, thing="hit")
        self.judged_by, self.judged_at, self.note = officer.subject, now, note.strip()
        self.record(
            HitAdjudicated(
                hit_id=self.id,
                case_id=self.case_id,
                person_id=self.person_id,
                verdict=verdict,
                by=officer.subject,
                at=now,
            )
        )
