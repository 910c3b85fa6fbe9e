"""What was called how often, what it answered, and what was wrong with it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tests.e2e.api.callers import ROLES, Caller

MOST_FAULTS = 40
"""One broken rule can break every call; the first few say it."""


class Key(NamedTuple):
    """One operation called by one role, and the status that came."""

    service: str
    operation: str
    role: str
    status: int


@dataclass
class Tally:
    """The calls of one run."""

    counted: Counter[Key] = field(default_factory=Counter)
    signed_in: Counter[tuple[str, str]] = field(default_factory=Counter)
    foreign: Counter[tuple[str, int]] = field(default_factory=Counter)
    """Answers to who asked about somebody else's things, by role."""
    faults: dict[str, str] = field(default_factory=dict)
    """For each kind of fault its first occurrence."""

    def note(self, caller: Caller, operation: str, status: int, *, foreign: bool = False) -> None:
        """Count a call."""
        self.counted[Key(caller.service, operation, caller.role, status)] += 1
        self.foreign[caller.role, status] += foreign
        self.signed_in[caller.service, caller.role] += caller.signed_in

    def blame(self, kind: str, occurrence: str) -> None:
        """Keep the first occurrence of a kind of fault."""
        self.faults.setdefault(kind, occurrence)

    def faults_of(self, service: str, role: str) -> list[str]:
        """Return what was wrong with answers to a role."""
        found = [text for kind, text in self.faults.items() if kind.startswith(f"{service} {role}")]
        return found[:MOST_FAULTS]

    def statuses(self, service: str, role: str) -> set[int]:
        """Return everything that was answered to a role."""
        return {key.status for key in self.counted if (key.service, key.role) == (service, role)}

    def lacking(self, service: str, operations: Iterable[str]) -> dict[str, list[str]]:
        """Return the operations that never answered 2xx, or never 4xx, with what is missing."""
        found: dict[str, list[str]] = {}
        for operation in operations:
            seen = {
                key.status // 100
                for key in self.counted
                if (key.service, key.operation) == (service, operation)
            }
            if missing := [f"{hundred}xx" for hundred in (2, 4) if hundred not in seen]:
                found[operation] = missing
        return found

    def table(self) -> Iterator[str]:
        """Write calls per operation and role, with the answers by hundreds."""
        heads = "".join(f"{role[:10]:>11}" for role in ROLES)
        yield f"{'operation':<66}{heads}   2xx   4xx   5xx"
        for service, operation in sorted({key[:2] for key in self.counted}):
            rows = [(key, n) for key, n in self.counted.items() if key[:2] == (service, operation)]
            cells = "".join(f"{_sum(rows, role=role):>11}" for role in ROLES)
            answers = "".join(f"{_sum(rows, hundred=each):>6}" for each in (2, 4, 5))
            yield f"{service[:10]} {operation.replace('/api/v1', ''):<55}{cells}{answers}"
        yield f"{self.counted.total()} calls"


def _sum(rows: Sequence[tuple[Key, int]], *, role: str = "", hundred: int = 0) -> int:
    return sum(
        number
        for key, number in rows
        if role in {"", key.role} and hundred in {0, key.status // 100}
    )
