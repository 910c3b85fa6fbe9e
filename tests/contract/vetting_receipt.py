"""The receipt that vetting gives for an erasure, as its use case puts it."""

from datetime import datetime
from types import TracebackType
from typing import Any, Self, cast
from uuid import UUID

from services.vetting.use_cases.erase_person import ErasePerson
from shared.events import Cause, Outgoing

PERSON = UUID(int=4)


def receipt(*, now: datetime) -> Outgoing:
    """Erase somebody of whom nothing is known; return what is sent."""
    work = Work()
    ErasePerson(transactions=cast("Any", work.begin), clock=lambda: now)(PERSON)
    return work.sent[0]


class Nothing:
    """A collection without anything about anybody."""

    def of(self, _person_id: UUID) -> Any:
        return ()


class Nobody:
    """A collection without anybody."""

    def of(self, _person_id: UUID) -> None:
        return None


class Work:
    """A transaction that keeps what is sent."""

    def __init__(self) -> None:
        self.sent: list[Outgoing] = []
        self.persons = Nobody()
        self.cases = self.hits = self.clearances = self.holds = self.interviews = Nothing()

    def begin(self, cause: Cause | None = None) -> Self:
        del cause
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        pass

    def erase(self, person_id: UUID) -> bool:
        del person_id
        return False

    def send(self, message: Outgoing) -> None:
        self.sent.append(message)

    def commit(self, *, result: str | None = None) -> None:
        pass
