"""Forget a display record that this site needs no longer."""

from dataclasses import dataclass
from uuid import UUID

from services.lane_gateway.use_cases.site_ports import CarrierTransactions, DisplayRecords
from shared.events import Cause


@dataclass(frozen=True, kw_only=True)
class DropDisplayRecord:
    """Forget a display record, unless a newer one is here."""

    carrier: CarrierTransactions
    records: DisplayRecords

    def __call__(self, credential_id: UUID, version: int, *, cause: Cause) -> None:
        """Drop the record, or raise ``AlreadyDone``."""
        with self.carrier(cause=cause) as work:
            self.records.drop(credential_id, version)
            work.commit()
