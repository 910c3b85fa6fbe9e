"""Checkpoints: signed statements of where a chain stood, kept by others as witnesses.

Who rewrites a whole chain can make every hash fit again, but not the statement that another
service keeps. A checkpoint says which entry of which chain had which hash at what time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import Connection, RowMapping, Table, insert, select

from shared.audit.chain import TAIL_ID, instant
from shared.audit.tables import AuditTables
from shared.crypto.canonical import canonical
from shared.crypto.keyring import KeyRing
from shared.crypto.signing import PublicKeys, Signature, sign, verify
from shared.errors import Unreadable

KEY = "audit-signing"
WORDS = b"trustlane audit checkpoint 1\n"

Witnessing = Literal["kept", "known", "contradicts"]


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """At ``at``, entry ``number`` of ``chain`` was the last and had ``hash``; signed by ``kid``."""

    chain: str
    number: int
    hash: str
    at: datetime
    kid: str
    signature: str

    def body(self) -> dict[str, object]:
        """Return the fields as ``<service>.checkpoint_signed.v1`` and witness files carry them."""
        return {
            "chain": self.chain,
            "entry_number": self.number,
            "hash": self.hash,
            "at": instant(self.at),
            "kid": self.kid,
            "signature": self.signature,
        }


def read_checkpoint(body: Mapping[str, Any]) -> Checkpoint:
    """Return the checkpoint that a message's body or a line of a witness file holds."""
    try:
        return Checkpoint(
            chain=str(body["chain"]),
            number=int(body["entry_number"]),
            hash=str(body["hash"]),
            at=datetime.fromisoformat(body["at"]).astimezone(UTC),
            kid=str(body["kid"]),
            signature=str(body["signature"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Unreadable("This is not a checkpoint") from error


def sign_checkpoint(
    connection: Connection, tables: AuditTables, ring: KeyRing, chain: str, *, at: datetime
) -> Checkpoint | None:
    """Sign where the chain stands, keep and return it; ``None`` while nothing new was entered.

    The tail is read without a lock: a checkpoint may be some entries behind, never ahead.
    """
    tail = tables.tail.c
    row = connection.execute(select(tail.number, tail.hash).where(tail.id == TAIL_ID)).one_or_none()
    if row is None:
        return None
    return sign_place(
        connection, tables.checkpoints, ring, chain, place=(row.number, row.hash), at=at
    )


def sign_place(
    connection: Connection,
    own: Table,
    ring: KeyRing,
    chain: str,
    *,
    place: tuple[int, str],
    at: datetime,
) -> Checkpoint | None:
    """Sign that ``chain`` stands at ``place`` (number, hash) and keep it in the table ``own``.

    For a chain whose file somebody else writes; ``None`` if that place or a later one is signed.
    """
    number, digest = place
    latest = select(own.c.number).where(own.c.chain == chain, own.c.number >= number).limit(1)
    if number == 0 or connection.execute(latest).first() is not None:
        return None
    at = at.astimezone(UTC)
    signature = sign(ring, KEY, _signed_bytes(chain, number, digest, at))
    checkpoint = Checkpoint(
        chain=chain,
        number=number,
        hash=digest,
        at=at,
        kid=signature.kid,
        signature=signature.hex,
    )
    connection.execute(insert(own).values(_row(checkpoint)))
    return checkpoint


def verify_checkpoint(public_keys: PublicKeys, checkpoint: Checkpoint) -> None:
    """Return if a trusted key signed the checkpoint, or raise ``NotVerified``."""
    signed = _signed_bytes(checkpoint.chain, checkpoint.number, checkpoint.hash, checkpoint.at)
    verify(public_keys, Signature(kid=checkpoint.kid, hex=checkpoint.signature), signed)


def record_witness(
    connection: Connection,
    tables: AuditTables,
    checkpoint: Checkpoint,
    *,
    public_keys: PublicKeys,
    received_at: datetime,
) -> Witnessing:
    """Keep another service's checkpoint; raise ``NotVerified`` if its key is not trusted.

    ``contradicts`` means that the same entry was signed with another hash before: both are kept,
    for together they prove that the chain was rewritten, and somebody has to look.
    """
    verify_checkpoint(public_keys, checkpoint)
    kept = tables.witnesses
    same = (kept.c.chain == checkpoint.chain) & (kept.c.number == checkpoint.number)
    hashes = set(connection.execute(select(kept.c.hash).where(same)).scalars())
    if checkpoint.hash in hashes:
        return "known"
    row = {**_row(checkpoint), "received_at": received_at.astimezone(UTC)}
    connection.execute(insert(kept).values(row))
    return "contradicts" if hashes else "kept"


def witnesses_of(
    connection: Connection, tables: AuditTables, chain: str, *, limit: int = 10_000
) -> Sequence[Checkpoint]:
    """Return what this service keeps of another's ``chain``, the newest first."""
    kept = tables.witnesses
    query = select(kept).where(kept.c.chain == chain).order_by(kept.c.number.desc()).limit(limit)
    return [_checkpoint(row) for row in connection.execute(query).mappings()]


def own_checkpoints(
    connection: Connection, tables: AuditTables, chain: str | None = None
) -> Sequence[Checkpoint]:
    """Return this database's own checkpoints, the oldest first."""
    own = tables.checkpoints
    query = select(own).order_by(own.c.number)
    if chain is not None:
        query = query.where(own.c.chain == chain)
    return [_checkpoint(row) for row in connection.execute(query).mappings()]


def _signed_bytes(chain: str, number: int, digest: str, at: datetime) -> bytes:
    fields = {"chain": chain, "number": number, "hash": digest, "at": instant(at)}
    return WORDS + canonical(fields)


def _row(checkpoint: Checkpoint) -> dict[str, object]:
    return {
        "chain": checkpoint.chain,
        "number": checkpoint.number,
        "hash": checkpoint.hash,
        "at": checkpoint.at,
        "kid": checkpoint.kid,
        "signature": checkpoint.signature,
    }


def _checkpoint(row: RowMapping) -> Checkpoint:
    at: datetime = row["at"]
    return Checkpoint(
        chain=row["chain"],
        number=row["number"],
        hash=row["hash"],
        at=at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC),
        kid=row["kid"],
        signature=row["signature"],
    )
