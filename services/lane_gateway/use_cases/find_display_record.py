"""Find what an officer may see of a card holder: here, or else at headquarters."""

from dataclasses import dataclass
from uuid import UUID

from services.lane_gateway.use_cases.reads import DisplayRecord, HolderRecords, RecordsElsewhere
from shared.errors import NotFound


@dataclass(frozen=True, kw_only=True)
class FindDisplayRecord:
    """Look for a display record; showing it to somebody is ``ShowDisplayRecord``."""

    records: HolderRecords
    headquarters: RecordsElsewhere

    def __call__(self, credential_id: UUID, *, ask: bool) -> DisplayRecord | None:
        """Return the record, or ``None`` where nobody asked has one.

        ``ask`` goes to headquarters if there is none here, and may take 400 ms; raise
        ``Unavailable`` where that is not answered, and ``Tampered`` for a record that was changed.
        """
        found = self.records.open(credential_id)
        if found is not None or not ask:
            return found
        try:
            answer = self.headquarters.display_record(credential_id)
        except NotFound:
            return None
        version, sealed = int(str(answer["version"])), str(answer["record"])
        return self.records.open_sealed(credential_id, version, sealed)
