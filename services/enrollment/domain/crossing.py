"""What happened in lanes, as sites report it: passages, inspections, alarms."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Passage:
    """One vehicle's way through a lane; ``times`` maps read, shown, decided, gate to instants."""

    id: UUID
    site: str
    lane: str
    credential_ids: tuple[UUID, ...]
    verdict: str
    reasons: tuple[str, ...]
    authorisation: str
    officer: str
    counted: int | None
    times: Mapping[str, datetime]
    list_number: int | None
    list_age_s: float | None


@dataclass(frozen=True, kw_only=True)
class InspectionResult:
    """What an inspection found for one person; ``note`` is sealed to vetting."""

    credential_id: UUID
    result: str
    type: str
    note: str = field(repr=False)
    officer: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """Something that a site wants a person to look at."""

    id: UUID
    site: str
    code: str
    lane: str
    at: datetime
    officer: str
