"""One card of a vehicle, as the antennas have heard it so far."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from services.lane_gateway.domain.admission import CardEvidence
from services.lane_gateway.domain.credentials import CardRecord
from services.lane_gateway.domain.evidence import ChipOutcome


@dataclass(kw_only=True, slots=True)
class CardInVehicle:
    """A card of this vehicle: every chip number read with it, and when it was last in the field.

    ``strength`` is the strongest read in dBm, ``None`` where the reader does not tell. A card that
    is ``elsewhere`` is heard here and belongs to a vehicle of another lane (R12).
    """

    epc: bytes = field(repr=False)
    tids: set[bytes] = field(default_factory=set, repr=False)
    by_officer: bool = False
    chip: ChipOutcome | None = None
    reads: int = 0
    first_read: datetime | None = None
    last_read: float = 0.0
    strength: float | None = None
    elsewhere: bool = False

    def hear(self, rssi: float | None) -> None:
        """Keep the strength of a read, where it is the strongest."""
        if rssi is not None and (self.strength is None or rssi > self.strength):
            self.strength = rssi

    def evidence(self, record: CardRecord | None) -> CardEvidence:
        """Return what this card proves; of several chip numbers the one that does not agree."""
        return CardEvidence(
            epc=self.epc,
            tid=self._worst_tid(record),
            record=record,
            chip=self.chip,
            by_officer=self.by_officer,
        )

    def _worst_tid(self, record: CardRecord | None) -> bytes | None:
        wrong = (
            tid
            for tid in self.tids
            if record is not None and hashlib.sha256(tid).digest() != record.tid_digest
        )
        return next(wrong, next(iter(self.tids), None))
