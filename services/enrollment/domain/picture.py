"""The member's picture, as the booth officer compares it with the person."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from shared.events import Aggregate, Event


@dataclass(frozen=True, kw_only=True)
class PictureTaken(Event):
    """An officer put a picture on file."""

    person_id: UUID


@dataclass(eq=False, kw_only=True)
class Picture(Aggregate):
    """The newest picture of a person, re-encoded as JPEG; its id is the person's."""

    id: UUID
    jpeg: bytes = field(repr=False)
    taken_at: datetime
    taken_by: str
    version: int = 0

    @classmethod
    def take(cls, *, person_id: UUID, jpeg: bytes, taken_by: str, now: datetime) -> "Picture":
        """Put the first picture of a person on file."""
        picture = cls(id=person_id, jpeg=jpeg, taken_at=now, taken_by=taken_by)
        picture.record(PictureTaken(person_id=person_id))
        return picture

    def retake(self, *, jpeg: bytes, taken_by: str, now: datetime) -> None:
        """Put a newer picture in place of the one before."""
        self.jpeg, self.taken_by, self.taken_at = jpeg, taken_by, now
        self.record(PictureTaken(person_id=self.id))
