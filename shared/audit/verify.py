"""Verification of an audit chain against itself and against what others witnessed.

One pass over the entries in order of their numbers: every hash is computed anew, every entry must
follow the one before it, the tail must be the last entry, and every checkpoint, our own and the
witnesses', must name the hash that stands there. A chain that was rewritten as a whole is right in
itself; only a witness tells. Entries may be added while the pass runs.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import Connection, RowMapping, select

from shared.audit.chain import GENESIS, TAIL_ID, entry_hash
from shared.audit.checkpoint import Checkpoint, own_checkpoints, verify_checkpoint
from shared.audit.findings import Finding, FindingKind, Findings, Report
from shared.audit.tables import AuditTables
from shared.crypto.signing import PublicKeys
from shared.crypto.tampering import NotVerified

__all__ = ["Finding", "FindingKind", "Report", "verify_chain"]

BATCH = 1_000
"""Entries fetched at a time: a chain of years does not fit into memory."""


class _Tail(NamedTuple):
    number: int
    hash: str


NO_TAIL = _Tail(0, GENESIS)


def verify_chain(
    connection: Connection,
    tables: AuditTables,
    *,
    public_keys: PublicKeys,
    witnesses: Sequence[Checkpoint] = (),
) -> Report:
    """Return what was found; ``witnesses`` are the checkpoints of this chain that others keep.

    ``public_keys`` are those of ``audit-signing`` by ``kid``, retired ones too.
    """
    findings = Findings()
    claims = _Claims(findings)
    claims.take(own_checkpoints(connection, tables), public_keys, "our own")
    claims.take(witnesses, public_keys, "a witness's")
    walk = _Walk(connection, tables, findings, _tail(connection, tables))
    for row in _entries(connection, tables):
        walk.step(row)
        claims.hold_against(row)
    walk.end(_tail(connection, tables))
    claims.end(walk.last.number)
    return Report(
        entries=walk.count,
        witnessed=claims.witnessed,
        findings=findings.kept,
        more=findings.more,
    )


@dataclass
class _Walk:
    """The chain held against itself, one entry after the other."""

    connection: Connection
    tables: AuditTables
    findings: Findings
    tail: _Tail
    last: _Tail = NO_TAIL
    count: int = 0

    def step(self, row: RowMapping) -> None:
        number = row["number"]
        if number != self.last.number + 1:
            text = f"the entries from here to {number - 1} are missing"
            self.findings.add(FindingKind.DELETED, self.last.number + 1, text)
        self._compare(row, follows=number == self.last.number + 1)
        if number == self.tail.number and row["hash"] != self.tail.hash:
            self.findings.add(FindingKind.CHANGED, number, "the tail names another hash")
        self.last = _Tail(number, row["hash"])
        self.count += 1

    def end(self, tail: _Tail) -> None:
        """Hold the tails, read before and after the pass, against the last entry."""
        if self.tail.number > self.last.number:
            text = f"the tail is entry {self.tail.number}, the last one here {self.last.number}"
            self.findings.add(FindingKind.CUT_OFF, self.last.number + 1, text)
        if tail.number < self.last.number:
            text = f"the tail names entry {tail.number} as the last"
            self.findings.add(FindingKind.CHANGED, self.last.number, text)

    def _compare(self, row: RowMapping, *, follows: bool) -> None:
        number = row["number"]
        fits = entry_hash(row) == row["hash"]
        linked = row["previous"] == self.last.hash or not follows
        if fits and linked:
            return
        if not linked and self._stands_elsewhere(row["previous"]):
            text = "it follows another entry than the one before it"
            self.findings.add(FindingKind.REORDERED, number, text)
        elif not fits:
            self.findings.add(FindingKind.CHANGED, number, "its hash does not fit its content")
        else:
            text = "the entry after it remembers another hash"
            self.findings.add(FindingKind.CHANGED, number - 1, text)

    def _stands_elsewhere(self, wanted: str) -> bool:
        entries = self.tables.entries.c
        query = select(entries.number).where(entries.hash == wanted)
        return wanted == GENESIS or self.connection.execute(query).first() is not None


@dataclass
class _Claims:
    """The trusted checkpoints, each to be held against the entry that it names."""

    findings: Findings
    waiting: dict[int, list[tuple[str, Checkpoint]]] = field(default_factory=dict)
    witnessed: int = 0

    def take(self, checkpoints: Sequence[Checkpoint], public_keys: PublicKeys, whose: str) -> None:
        """Take in the checkpoints that a trusted key signed; report the others."""
        for checkpoint in checkpoints:
            try:
                verify_checkpoint(public_keys, checkpoint)
            except NotVerified as error:
                text = f"{whose} checkpoint is not to be trusted: {error}"
                self.findings.add(FindingKind.UNTRUSTED, checkpoint.number, text)
            else:
                self.waiting.setdefault(checkpoint.number, []).append((whose, checkpoint))

    def hold_against(self, row: RowMapping) -> None:
        """Compare the checkpoints of an entry with the hash that stands there."""
        for whose, checkpoint in self.waiting.pop(row["number"], ()):
            if checkpoint.hash == row["hash"]:
                self.witnessed = row["number"]
                continue
            text = f"{whose} checkpoint of {checkpoint.at.isoformat()} names another hash"
            self.findings.add(FindingKind.REWRITTEN, row["number"], text)

    def end(self, last: int) -> None:
        """Report the checkpoints of entries that should stand behind the last one."""
        for number, claims in sorted(self.waiting.items()):
            if number > last:
                whose, checkpoint = claims[0]
                text = f"{whose} checkpoint of {checkpoint.at.isoformat()} saw it; it is gone"
                self.findings.add(FindingKind.CUT_OFF, number, text)


def _tail(connection: Connection, tables: AuditTables) -> _Tail:
    tail = tables.tail.c
    query = select(tail.number, tail.hash).where(tail.id == TAIL_ID)
    row = connection.execute(query).one_or_none()
    return NO_TAIL if row is None else _Tail(row.number, row.hash)


def _entries(connection: Connection, tables: AuditTables) -> Iterator[RowMapping]:
    """Yield the entries in order, in batches that begin after the last one seen."""
    number = 0
    while True:
        entries = tables.entries
        query = select(entries).where(entries.c.number > number)
        batch = connection.execute(query.order_by(entries.c.number).limit(BATCH)).mappings().all()
        yield from batch
        if not batch:
            return
        number = batch[-1]["number"]
