"""Remove a person's display records from this site, with a receipt."""

from dataclasses import dataclass
from uuid import UUID

from services.lane_gateway.use_cases.site_ports import CarrierTransactions, DisplayRecords
from shared.clock import Clock
from shared.events import Cause, Outgoing


@dataclass(frozen=True, kw_only=True)
class ErasePerson:
    """Erase what this site holds of a person and tell headquarters."""

    site: str
    carrier: CarrierTransactions
    records: DisplayRecords
    clock: Clock

    def __call__(self, person_id: UUID, credential_ids: list[UUID], *, cause: Cause) -> None:
        """Erase, or raise ``AlreadyDone``; the receipt counts the rows."""
        with self.carrier(cause=cause) as work:
            rows = self.records.erase(credential_ids)
            body = {
                "person_id": str(person_id),
                "rows": rows,
                "at": self.clock().isoformat().replace("+00:00", "Z"),
                "site": self.site,
            }
            work.send(
                Outgoing(
                    type="lane_gateway.erasure_done.v1", subject=f"erasure-{person_id}", body=body
                )
            )
            work.commit()
