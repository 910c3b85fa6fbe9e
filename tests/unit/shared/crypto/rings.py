"""Key rings and a table of wrapped keys for the tests of this folder."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from shared.crypto.key_kinds import KINDS
from shared.crypto.keyring import FolderKeyRing


def ring_with(folder: Path, *names: str) -> FolderKeyRing:
    ring = FolderKeyRing(folder / "keys")
    ring.ensure(names or KINDS)
    return ring


def rotate(ring: FolderKeyRing, name: str) -> str:
    return ring.activate(name, ring.new(name).kid).kid


@dataclass
class WrappedInMemory:
    rows: dict[UUID, bytes] = field(default_factory=dict)

    def get(self, owner: UUID) -> bytes | None:
        return self.rows.get(owner)

    def put(self, owner: UUID, wrapped: bytes) -> None:
        self.rows[owner] = wrapped

    def delete(self, owner: UUID) -> bool:
        return self.rows.pop(owner, None) is not None

    def every(self) -> Iterator[tuple[UUID, bytes]]:
        yield from list(self.rows.items())

    def replace(self, owner: UUID, old: bytes, new: bytes) -> bool:
        if self.rows.get(owner) != old:
            return False
        self.rows[owner] = new
        return True
