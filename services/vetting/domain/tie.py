"""Ties: files that an officer must not work on, because they are their own or a relative's."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.vetting.domain.events import TieDeclared
from shared.events import Aggregate


@dataclass(eq=False, kw_only=True)
class Tie(Aggregate):
    """One declaration."""

    id: UUID
    officer: str
    person_id: UUID
    case_id: UUID
    declared_at: datetime
    version: int = 0

    def declare(self) -> None:
        """Note the declaration."""
        self.record(
            TieDeclared(
                officer=self.officer,
                case_id=self.case_id,
                person_id=self.person_id,
                at=self.declared_at,
            )
        )
