"""A collection of aggregates within one transaction."""

from collections.abc import Iterable, Sequence
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import Select
from sqlalchemy.orm import Session

from shared.crypto.sealing import Sealer
from shared.errors import NotFound
from shared.events import Aggregate
from shared.persistence.sealed_columns import SealedColumn

A = TypeVar("A", bound=Aggregate)


class Transaction(Protocol):
    """What a repository needs of the unit of work that it belongs to."""

    @property
    def session(self) -> Session:
        """The database session."""

    @property
    def sealer(self) -> Sealer:
        """What opens and seals columns within this transaction."""

    def watch(self, aggregate: Aggregate, sealed: Sequence[SealedColumn]) -> bool:
        """Save the aggregate's events and sealed columns at the commit; false if known already."""


class Repository(Generic[A]):
    """Adds and finds aggregates of one kind; services derive one per aggregate with its finders."""

    def __init__(
        self, transaction: Transaction, kind: type[A], sealed: Sequence[SealedColumn] = ()
    ) -> None:
        self._transaction = transaction
        self._session = transaction.session
        self._kind = kind
        self._sealed = sealed

    def add(self, aggregate: A) -> None:
        """Add a new aggregate."""
        self._transaction.watch(aggregate, self._sealed)
        self._session.add(aggregate)

    def get(self, aggregate_id: UUID) -> A:
        """Return the aggregate with this id, or raise ``NotFound``."""
        found = self._session.get(self._kind, aggregate_id)
        if found is None:
            raise NotFound(f"No {self._kind.__name__.lower()} {aggregate_id}")
        return self._opened(found)

    def find(self, statement: Select[A]) -> A | None:
        """Return the one aggregate that ``statement`` selects, if there is one."""
        found = self._session.scalars(statement).one_or_none()
        return None if found is None else self._opened(found)

    def find_all(self, statement: Select[A]) -> Sequence[A]:
        """Return all aggregates that ``statement`` selects."""
        found: Iterable[A] = self._session.scalars(statement).all()
        return [self._opened(each) for each in found]

    def _opened(self, aggregate: A) -> A:
        if self._transaction.watch(aggregate, self._sealed):
            for column in self._sealed:
                column.open(aggregate, self._transaction.sealer)
        return aggregate
