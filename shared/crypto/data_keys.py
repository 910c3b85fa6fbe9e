"""Data keys under the key-encryption key: one for each person or company.

A wrapped data key is one string of bytes, whose head is authenticated with it:

    version 1 | kid of the kek 8 | id of the data key 8 | owner 16 | nonce 12 | sealed key 48

The owner in the head keeps a wrapped key from being handed to another owner's row.
"""

import os
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.crypto.key_kinds import KID_BYTES, SYMMETRIC_BYTES
from shared.crypto.keyring import KeyRing
from shared.crypto.tampering import Tampered

VERSION = b"\x01"
ID_BYTES = 8
NONCE_BYTES = 12
TAG_BYTES = 16
HEAD_BYTES = 1 + KID_BYTES + ID_BYTES + 16
WRAPPED_BYTES = HEAD_BYTES + NONCE_BYTES + SYMMETRIC_BYTES + TAG_BYTES
KEK = "kek"


@dataclass(frozen=True, kw_only=True)
class DataKey:
    """The key that one owner's values are sealed under."""

    id: bytes
    secret: bytes = field(repr=False)


class _Head(NamedTuple):
    kid: str
    id: bytes
    owner: UUID


def new_data_key() -> DataKey:
    """Return a fresh data key."""
    return DataKey(id=os.urandom(ID_BYTES), secret=os.urandom(SYMMETRIC_BYTES))


def wrap(ring: KeyRing, owner: UUID, key: DataKey) -> bytes:
    """Return the data key sealed under the active key-encryption key."""
    kek = ring.active(KEK)
    head = VERSION + bytes.fromhex(kek.kid) + key.id + owner.bytes
    nonce = os.urandom(NONCE_BYTES)
    return head + nonce + AESGCM(kek.secret).encrypt(nonce, key.secret, head)


def unwrap(ring: KeyRing, owner: UUID, wrapped: bytes) -> DataKey:
    """Return the data key; raise ``Tampered``, or ``KeyMissing`` when its kek is gone."""
    head = _head(wrapped)
    if head.owner != owner:
        raise Tampered("The data key was wrapped for somebody else")
    return DataKey(id=head.id, secret=_secret(ring, head, wrapped))


def rewrap(ring: KeyRing, wrapped: bytes) -> bytes | None:
    """Return the data key wrapped under the active kek, or ``None`` where it is already.

    What is sealed under the data key stays as it is, so that a rotation touches one row an owner.
    """
    head = _head(wrapped)
    if head.kid == ring.active(KEK).kid:
        return None
    return wrap(ring, head.owner, DataKey(id=head.id, secret=_secret(ring, head, wrapped)))


def kid_of_wrapped(wrapped: bytes) -> str:
    """Return which key-encryption key a data key is wrapped under."""
    return _head(wrapped).kid


def _head(wrapped: bytes) -> _Head:
    if len(wrapped) != WRAPPED_BYTES or wrapped[:1] != VERSION:
        raise Tampered("A wrapped data key is not of the expected form")
    kid, rest = wrapped[1 : 1 + KID_BYTES], wrapped[1 + KID_BYTES : HEAD_BYTES]
    return _Head(kid.hex(), rest[:ID_BYTES], UUID(bytes=rest[ID_BYTES:]))


def _secret(ring: KeyRing, head: _Head, wrapped: bytes) -> bytes:
    nonce, sealed = wrapped[HEAD_BYTES:][:NONCE_BYTES], wrapped[HEAD_BYTES + NONCE_BYTES :]
    try:
        kek = AESGCM(ring.find(KEK, head.kid).secret)
        return kek.decrypt(nonce, sealed, wrapped[:HEAD_BYTES])
    except InvalidTag:
        raise Tampered("A wrapped data key was changed") from None
