"""Secondary inspection has a result for every person in a vehicle."""

from dataclasses import dataclass
from uuid import UUID

from services.lane_gateway.domain.visit import PersonResult
from services.lane_gateway.use_cases.site_ports import DeskTransactions
from shared.clock import Clock
from shared.errors import Stale
from shared.events import Cause


@dataclass(frozen=True, kw_only=True)
class RecordInspection:
    """Record what was found, person by person."""

    desk: DeskTransactions
    clock: Clock

    def __call__(
        self,
        visit_id: UUID,
        results: tuple[PersonResult, ...],
        officer: str,
        *,
        version: int | None = None,
        cause: Cause | None = None,
    ) -> None:
        """Record it; raise ``InvalidInput`` naming who lacks a result, ``Stale`` or ``Conflict``.

        ``version`` is that of the visit which the officer saw.
        """
        with self.desk(cause=cause) as work:
            visit = work.visits.get(visit_id)
            if version is not None and version != visit.version:
                raise Stale("Somebody else changed this visit meanwhile")
            visit.inspect(results, officer, now=self.clock())
            work.commit()
