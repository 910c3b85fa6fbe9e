"""The erasure of a person: the data key goes, and whoever holds data of theirs is told."""

from dataclasses import dataclass
from uuid import UUID

from services.enrollment.domain.events import PersonErased
from shared.events import Aggregate


@dataclass(eq=False, kw_only=True)
class Erasure(Aggregate):
    """One person's erasure; its id is the person's."""

    id: UUID
    credential_ids: tuple[UUID, ...]
    sites: tuple[str, ...]

    def announce(self) -> None:
        """Tell the other services and every site that has a record."""
        self.record(
            PersonErased(person_id=self.id, credential_ids=self.credential_ids, sites=self.sites)
        )
