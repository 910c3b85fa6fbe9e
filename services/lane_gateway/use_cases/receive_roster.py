"""Keep the newest roster of this site, as headquarters signed it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from services.lane_gateway.domain.roster import Roster
from services.lane_gateway.use_cases.site_ports import CarrierTransactions
from shared.events import Cause

ReadRoster = Callable[[Mapping[str, Any]], Roster]
"""Proves a statement by a pinned key, or raises ``NotVerified``."""


@dataclass(frozen=True, kw_only=True)
class ReceiveRoster:
    """Keep a roster; of several the highest number wins."""

    carrier: CarrierTransactions
    read: ReadRoster

    def __call__(self, statement: Mapping[str, Any], *, cause: Cause | None = None) -> None:
        """Keep it, or raise ``NotVerified``, ``RosterTurnedBack`` or ``AlreadyDone``."""
        roster = self.read(statement)
        with self.carrier(cause=cause) as work:
            work.keep_roster(roster.number, statement)
            work.commit()
