"""Sign where every audit chain of the site stands, and tell headquarters.

The worker reads the others' files and writes only to its own, so all of a site's checkpoints are
kept in the worker's file.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Connection, Engine, select

from shared.audit.checkpoint import sign_place
from shared.audit.tables import AuditTables
from shared.clock import Clock
from shared.crypto.keyring import KeyRing
from shared.events import Outgoing
from shared.persistence.database_errors import named_errors
from shared.process.checkpoints import announcement

Chain = tuple[str, Engine, AuditTables]


class Work(Protocol):
    """One transaction on the worker's file."""

    def connection(self) -> Connection:
        """Return its connection."""

    def send(self, message: Outgoing) -> None:
        """Tell headquarters something."""

    def commit(self) -> None:
        """Save it."""


class Begin(Protocol):
    """Opens transactions on the worker's file."""

    def __call__(self) -> AbstractContextManager[Work]:
        """Begin one."""


@dataclass(frozen=True, kw_only=True)
class SignSiteCheckpoints:
    """Signs every chain of which there is news."""

    begin: Begin
    chains: Sequence[Chain]
    own: AuditTables
    ring: KeyRing
    clock: Clock

    def __call__(self) -> int:
        """Return how many checkpoints were signed."""
        places = [(name, _place(engine, tables)) for name, engine, tables in self.chains]
        signed = 0
        with self.begin() as work:
            for name, place in places:
                checkpoint = sign_place(
                    work.connection(),
                    self.own.checkpoints,
                    self.ring,
                    name,
                    place=place,
                    at=self.clock(),
                )
                if checkpoint is not None:
                    work.send(announcement(checkpoint))
                    signed += 1
            work.commit()
        return signed


def _place(engine: Engine, tables: AuditTables) -> tuple[int, str]:
    tail = tables.tail.c
    with named_errors(), engine.connect() as connection:
        row = connection.execute(select(tail.number, tail.hash)).one_or_none()
    return (0, "") if row is None else (row.number, row.hash)
