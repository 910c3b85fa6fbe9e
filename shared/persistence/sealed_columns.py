"""Attributes of an aggregate that rest sealed in the database and are plain only in memory."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shared.crypto.sealing import Erased, Place, Sealer


@dataclass(frozen=True, kw_only=True)
class SealedColumn:
    """One sealed attribute.

    ``attribute`` is the plain one, which is not mapped; ``column`` is the mapped one that holds
    the ciphertext in ``table``. ``owner`` tells whose data key seals it. After an erasure the
    attribute is ``None``.
    """

    table: str
    attribute: str
    column: str
    owner: Callable[[Any], UUID]
    dump: Callable[[Any], bytes]
    load: Callable[[bytes], Any]

    def open(self, aggregate: Any, sealer: Sealer) -> None:
        """Set the plain attribute from the ciphertext."""
        sealed = getattr(aggregate, self.column)
        plain: bytes | None = None
        if sealed is not None:
            try:
                plain = sealer.open(self.owner(aggregate), sealed, self._place(aggregate))
            except Erased:
                plain = None
        setattr(aggregate, self.attribute, None if plain is None else self.load(plain))
        aggregate.__dict__[self._snapshot] = plain

    def seal(self, aggregate: Any, sealer: Sealer) -> None:
        """Set the ciphertext from the plain attribute, if that has changed since it was opened."""
        value = getattr(aggregate, self.attribute)
        plain = None if value is None else self.dump(value)
        if plain == aggregate.__dict__.get(self._snapshot):
            return
        sealed = None
        if plain is not None:
            sealed = sealer.seal(self.owner(aggregate), plain, self._place(aggregate))
        setattr(aggregate, self.column, sealed)
        aggregate.__dict__[self._snapshot] = plain

    @property
    def _snapshot(self) -> str:
        return f"_opened_{self.attribute}"

    def _place(self, aggregate: Any) -> Place:
        return Place(self.table, self.column, str(aggregate.id))


def dump_json(value: object) -> bytes:
    """Return plain values as canonical JSON."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def load_json(plain: bytes) -> Any:
    """Return what ``dump_json`` was given."""
    return json.loads(plain)
