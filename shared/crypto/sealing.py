"""Sealed columns: a value readable only with its owner's data key, and only in its own place.

A sealed value is one string of bytes, bound to its table, column and row:

    version 1 | id of the data key 8 | nonce 12 | ciphertext and tag

Deleting the wrapped data key erases the owner: every copy of every value becomes noise, in backups
too. What is sealed later for the same owner has another data key, which does not open the old.
"""

import hmac
import os
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.crypto.data_keys import DataKey, new_data_key, rewrap, unwrap, wrap
from shared.crypto.derived import joined, subkey
from shared.crypto.keyring import KeyRing
from shared.crypto.tampering import Tampered
from shared.errors import NotFound

__all__ = ["Erased", "Place", "Sealer", "Tampered", "WrappedKeys", "rewrap"]

VERSION = b"\x01"
ID_BYTES = 8
NONCE_BYTES = 12
TAG_BYTES = 16
HEAD_BYTES = 1 + ID_BYTES


class Erased(NotFound):
    """The owner's data key is gone, and with it everything that was sealed under it."""

    code = "erased"


class Place(NamedTuple):
    """Where a sealed value belongs; it opens nowhere else."""

    table: str
    column: str
    row: str


class WrappedKeys(Protocol):
    """The table of wrapped data keys, within one transaction."""

    def get(self, owner: UUID) -> bytes | None:
        """Return the owner's wrapped key, or ``None``."""

    def put(self, owner: UUID, wrapped: bytes) -> None:
        """Keep the owner's wrapped key."""

    def delete(self, owner: UUID) -> bool:
        """Forget the owner's wrapped key; tell whether there was one."""


@dataclass(frozen=True)
class _Opened:
    """An unwrapped data key, made into the two keys that are used."""

    id: bytes
    cipher: AESGCM = field(repr=False)
    digest: bytes = field(repr=False)


@dataclass(frozen=True)
class Sealer:
    """Seals and opens values of one transaction; unwrapped keys live in this object alone."""

    ring: KeyRing
    keys: WrappedKeys
    _opened: dict[UUID, _Opened] = field(default_factory=dict, init=False, repr=False)
    _erased: set[UUID] = field(default_factory=set, init=False, repr=False)
    sealed_for: set[UUID] = field(default_factory=set, init=False, repr=False)
    """The owners of what was sealed so far."""

    def seal(self, owner: UUID, plain: bytes, place: Place) -> bytes:
        """Return ``plain`` sealed for ``place``; the owner's data key is made at first use."""
        key = self._key_to_write(owner)
        self.sealed_for.add(owner)
        head = VERSION + key.id
        nonce = os.urandom(NONCE_BYTES)
        return head + nonce + key.cipher.encrypt(nonce, plain, _bound(head, place))

    def open(self, owner: UUID, sealed: bytes, place: Place) -> bytes:
        """Return what was sealed; raise ``Erased``, or ``Tampered`` when changed or moved."""
        if len(sealed) < HEAD_BYTES + NONCE_BYTES + TAG_BYTES or sealed[:1] != VERSION:
            raise Tampered(f"The value in {place.table}.{place.column} is not of the sealed form")
        key = self._key_to_read(owner)
        head, rest = sealed[:HEAD_BYTES], sealed[HEAD_BYTES:]
        if head[1:] != key.id:
            raise Erased(f"The value in {place.table}.{place.column} belongs to an erased key")
        try:
            bound = _bound(head, place)
            return key.cipher.decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], bound)
        except InvalidTag:
            text = f"The value in {place.table}.{place.column} was changed or moved"
            raise Tampered(text) from None

    def digest(self, owner: UUID, data: bytes) -> str:
        """Return HMAC-SHA-256 of ``data`` in hexadecimal, under a key of the owner's own.

        Who does not hold the owner's data key cannot try out what the data might have been.
        """
        return hmac.digest(self._key_to_write(owner).digest, data, "sha256").hex()

    def erase(self, owner: UUID) -> bool:
        """Forget the owner's data key for good; tell whether there was one."""
        self._opened.pop(owner, None)
        self._erased.add(owner)
        return self.keys.delete(owner)

    def _key_to_write(self, owner: UUID) -> _Opened:
        try:
            return self._key_to_read(owner)
        except Erased:
            if owner in self._erased:
                raise
        fresh = new_data_key()
        self.keys.put(owner, wrap(self.ring, owner, fresh))
        return self._remember(owner, fresh)

    def _key_to_read(self, owner: UUID) -> _Opened:
        known = self._opened.get(owner)
        if known is not None:
            return known
        wrapped = None if owner in self._erased else self.keys.get(owner)
        if wrapped is None:
            raise Erased(f"There is no data key for {owner}")
        return self._remember(owner, unwrap(self.ring, owner, wrapped))

    def _remember(self, owner: UUID, key: DataKey) -> _Opened:
        opened = _Opened(
            id=key.id,
            cipher=AESGCM(subkey(key.secret, "trustlane sealed column v1")),
            digest=subkey(key.secret, "trustlane digest v1"),
        )
        self._opened[owner] = opened
        return opened


def _bound(head: bytes, place: Place) -> bytes:
    """Return the associated data: what the ciphertext must be found together with."""
    return joined(head, *(part.encode() for part in place))
