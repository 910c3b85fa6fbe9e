"""An officer sees a card holder's name and picture; the audit says who saw whom, and what for."""

from dataclasses import dataclass
from uuid import UUID

from services.lane_gateway.use_cases.reads import AccessLog

LANE_PASSAGE = "lane_passage"
"""The purpose of the officer who handles the vehicle: part of the work, so nobody is asked."""

EVENT = "display_record_shown"


@dataclass(frozen=True, kw_only=True)
class ShowDisplayRecord:
    """Note that a record is shown, once for each passage, holder and officer."""

    access: AccessLog

    def __call__(
        self, credential_id: UUID, *, passage_id: UUID, purpose: str = LANE_PASSAGE
    ) -> None:
        """Note it, before anything of the record is shown."""
        once = f"{EVENT} {purpose} {passage_id} {credential_id}"
        self.access.note(EVENT, str(credential_id), purpose, once=once)
