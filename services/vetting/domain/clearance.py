"""Clearances: this person is not that listed one, as long as nothing compared changes."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.vetting.domain.events import PersonCleared
from services.vetting.domain.hit import Hit, Verdict
from shared.errors import Conflict
from shared.events import Aggregate


@dataclass(eq=False, kw_only=True)
class Clearance(Aggregate):
    """Keyed by person, list and entry, and by the digest of the fields compared on both sides."""

    id: UUID
    person_id: UUID
    list: str
    entry: str
    compared: str
    cleared_by: str
    cleared_at: datetime
    why: str | None = field(default=None, repr=False)
    why_sealed: bytes | None = field(default=None, repr=False)
    version: int = 0

    def covers(self, compared: str) -> bool:
        """Whether the same fields with the same values were compared then."""
        return self.compared == compared


def clear(hit: Hit, *, clearance_id: UUID) -> Clearance:
    """Return the clearance that a false match leaves behind."""
    if hit.verdict is not Verdict.FALSE_MATCH or hit.judged_by is None or hit.judged_at is None:
        raise Conflict("Only a false match clears a person")
    clearance = Clearance(
        id=clearance_id,
        person_id=hit.person_id,
        list=hit.list,
        entry=hit.entry,
        compared=hit.compared,
        cleared_by=hit.judged_by,
        cleared_at=hit.judged_at,
        why=hit.note,
    )
    clearance.record(
        PersonCleared(
            clearance_id=clearance_id,
            person_id=hit.person_id,
            list=hit.list,
            entry=hit.entry,
            by=hit.judged_by,
        )
    )
    return clearance
