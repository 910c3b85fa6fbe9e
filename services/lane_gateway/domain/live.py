"""What a lane looks like at this moment: the picture that the booth's page shows.

Everything here is plain JSON once ``live_json`` has written it. ``plate`` is personal data: it goes
to the web of the same host by datagram and is sealed wherever it is stored.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Json = Mapping[str, object]


@dataclass(frozen=True, kw_only=True, slots=True)
class LiveCard:
    """One card in a vehicle, as the officer sees it; name and picture are joined by the web."""

    credential_id: UUID | None
    epc: str = field(repr=False)
    reasons: tuple[str, ...]
    in_grace: bool
    age_band: str | None
    by_officer: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class LivePassage:
    """One vehicle in or before the lane."""

    passage_id: UUID
    state: str
    verdict: str | None
    reasons: tuple[str, ...]
    cards: tuple[LiveCard, ...]
    cards_counted: int
    counted: int | None
    plate: str | None = field(repr=False)
    region: str | None
    plate_confidence: float | None
    plate_by_officer: bool
    authorisation: str | None
    decided_at: datetime | None
    vehicle_proved: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class LiveList:
    """The credential list behind the verdicts; ``age_s`` is ``None`` where it is unknown."""

    number: int
    age_s: float | None
    standing: str


@dataclass(frozen=True, kw_only=True, slots=True)
class LiveOverride:
    """The opening by hand in force; ``officer`` is ``None`` for the key switch at the lane.

    ``left_s`` are whole seconds until it ends by itself.
    """

    officer: str | None
    left_s: int


@dataclass(frozen=True, kw_only=True, slots=True)
class LiveState:
    """The whole lane.

    ``scans`` counts full scans of the inputs since the agent started, ``run`` names that start: a
    page counts as live only while ``scans`` moves. ``word`` is the booth word to show (``clear``,
    ``refer``, ``redirect``, ``stop``, ``waiting``). ``front`` is the vehicle at the arm,
    ``approaching`` those behind it, ``passing`` the one under the arm.
    """

    lane: str
    run: UUID
    scans: int
    at: datetime
    word: str
    mode: str
    wanted_mode: str
    health: str
    gate: str
    faults: tuple[str, ...]
    lamp: str
    sign: str
    signed_on: str | None
    reader_live: bool
    camera_live: bool
    inputs_live: bool
    record_ok: bool
    counter: int | None
    card_list: LiveList
    front: LivePassage | None
    passing: LivePassage | None
    approaching: tuple[LivePassage, ...]
    last_command: int
    last_command_refused: str | None
    override: LiveOverride | None = None


def live_json(state: LiveState) -> Json:
    """Return the state as JSON values: ids and times as text."""
    return _fields_of(state)


def _fields_of(value: "DataclassInstance") -> dict[str, object]:
    return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}


def _plain(value: object) -> object:
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    return _fields_of(value) if is_dataclass(value) and not isinstance(value, type) else value
