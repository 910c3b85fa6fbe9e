"""Keep what an officer sees of a card holder, as headquarters sealed it to this site."""

from dataclasses import dataclass
from uuid import UUID

from services.lane_gateway.use_cases.site_ports import CarrierTransactions, DisplayRecords
from shared.events import Cause


@dataclass(frozen=True, kw_only=True)
class ReceiveDisplayRecord:
    """Keep a display record; of several versions the highest wins."""

    carrier: CarrierTransactions
    records: DisplayRecords

    def __call__(self, credential_id: UUID, version: int, sealed: str, *, cause: Cause) -> None:
        """Keep the record, or raise ``AlreadyDone``."""
        with self.carrier(cause=cause) as work:
            # Another file than the inbox, so first: a repeat after a crash changes nothing.
            self.records.keep(credential_id, version, sealed)
            work.commit()
