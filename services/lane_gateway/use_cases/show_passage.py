"""Open the record of a passage with what is personal in it, for a purpose."""

from dataclasses import dataclass
from uuid import UUID

from services.lane_gateway.use_cases.reads import AccessLog, PassageRecord, Reads

EVENT = "passage_opened"


@dataclass(frozen=True, kw_only=True)
class ShowPassage:
    """Read one passage's plates, officers' words and cards."""

    reads: Reads
    access: AccessLog

    def __call__(self, passage_id: UUID, *, purpose: str) -> PassageRecord:
        """Return the record, opened, once the purpose is noted; or raise ``NotFound``."""
        record = self.reads.passage(passage_id, opened=True)
        self.access.note(EVENT, str(passage_id), purpose)
        return record
