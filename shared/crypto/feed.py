"""The credential feed's proofs: a hash chain over its entries, signed heads, signed snapshots.

An entry is a JSON object whose values are texts, whole numbers, booleans, lists or null. Its hash
is SHA-256 over its canonical bytes, ``previous`` (the hash before it) and ``position`` among them,
so whoever knows one hash knows all that led to it. A head is an entry of its own number in the same
series; it is signed, and so vouches for everything before it. All here are pure functions: time
comes as ``now``, keys as arguments.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from shared.crypto.canonical import canonical
from shared.crypto.keyring import KeyRing
from shared.crypto.signing import PublicKeys, Signature, sign, verify
from shared.crypto.tampering import NotVerified, Tampered

KEY = "feed-signing"
HEAD = "head"
START = "0" * 64
"""The hash before the first entry."""

HEAD_WORDS = b"trustlane feed head 1\n"
SNAPSHOT_WORDS = b"trustlane feed snapshot 1\n"

Entry = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class FeedMark:
    """A place in the feed: the number of an entry and its hash."""

    number: int
    hash: str


BEGINNING = FeedMark(number=0, hash=START)


@dataclass(frozen=True, kw_only=True)
class Head:
    """A signed statement that the feed stood at ``before`` at a time."""

    position: int
    before: FeedMark
    at: datetime
    kid: str


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """What a snapshot file claims: up to which entry it holds the list, and its digest."""

    mark: FeedMark
    sha256: str
    at: datetime


class ChainBroken(Tampered):
    """An entry does not follow the one before it: a gap, a repeat or another history."""

    code = "feed_chain_broken"


def entry_bytes(entry: Entry) -> bytes:
    """Return the one form in which an entry is hashed and sent."""
    return canonical(dict(entry))


def entry_hash(entry: Entry) -> str:
    """Return the hash of an entry, all its fields included."""
    return hashlib.sha256(entry_bytes(entry)).hexdigest()


def link(mark: FeedMark, fields: Mapping[str, object]) -> dict[str, object]:
    """Return ``fields`` as the entry after ``mark``: with its ``position`` and ``previous``."""
    return {**fields, "position": mark.number + 1, "previous": mark.hash}


def follow(mark: FeedMark, entry: Entry) -> FeedMark:
    """Return the place after ``entry``; raise ``ChainBroken`` where it does not follow ``mark``."""
    if entry.get("position") != mark.number + 1:
        raise ChainBroken(f"Entry {entry.get('position')} came where {mark.number + 1} is due")
    if entry.get("previous") != mark.hash:
        raise ChainBroken(f"Entry {mark.number + 1} does not follow the one before it")
    return FeedMark(number=mark.number + 1, hash=entry_hash(entry))


def make_head(ring: KeyRing, mark: FeedMark, *, now: datetime) -> dict[str, object]:
    """Return the signed head that follows ``mark`` as the next entry of the log."""
    fields = link(mark, {"kind": HEAD, "at": _instant(now)})
    signature = sign(ring, KEY, HEAD_WORDS + canonical(fields))
    return {**fields, "kid": signature.kid, "signature": signature.hex}


def verify_head(public_keys: PublicKeys, entry: Entry) -> Head:
    """Return what a head states, or raise ``NotVerified``.

    The caller still compares it with the highest head seen: a lower one is an alarm, not a head.
    """
    try:
        signed = {key: entry[key] for key in ("kind", "at", "position", "previous")}
        signature = Signature(kid=entry["kid"], hex=entry["signature"])
        if len(entry) != len(signed) + 2 or signed["kind"] != HEAD:
            raise NotVerified("The entry is not a head")
        verify(public_keys, signature, HEAD_WORDS + canonical(signed))
        before = FeedMark(number=signed["position"] - 1, hash=signed["previous"])
        at = datetime.fromisoformat(signed["at"])
    except (KeyError, TypeError, ValueError) as error:
        raise NotVerified("The entry does not have the fields of a head") from error
    return Head(position=before.number + 1, before=before, at=at, kid=signature.kid)


def sign_snapshot(
    ring: KeyRing, mark: FeedMark, *, sha256: str, now: datetime
) -> dict[str, object]:
    """Return the statement that goes beside a snapshot file whose digest is ``sha256``."""
    fields: dict[str, object] = {
        "number": mark.number,
        "hash": mark.hash,
        "sha256": sha256,
        "at": _instant(now),
    }
    signature = sign(ring, KEY, SNAPSHOT_WORDS + canonical(fields))
    return {**fields, "kid": signature.kid, "signature": signature.hex}


def verify_snapshot(
    public_keys: PublicKeys, statement: Mapping[str, Any], *, sha256: str
) -> Snapshot:
    """Return what the statement says of the file whose digest is ``sha256``, or ``NotVerified``."""
    try:
        signed = {key: statement[key] for key in ("number", "hash", "sha256", "at")}
        signature = Signature(kid=statement["kid"], hex=statement["signature"])
        verify(public_keys, signature, SNAPSHOT_WORDS + canonical(signed))
        if signed["sha256"] != sha256:
            raise NotVerified("The snapshot file is not the one that was signed")
        mark = FeedMark(number=signed["number"], hash=signed["hash"])
        at = datetime.fromisoformat(signed["at"])
    except (KeyError, TypeError, ValueError) as error:
        raise NotVerified("The statement does not have the fields of a snapshot's") from error
    return Snapshot(mark=mark, sha256=sha256, at=at)


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal, read piece by piece."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _instant(now: datetime) -> str:
    return now.astimezone(UTC).isoformat(timespec="microseconds")
