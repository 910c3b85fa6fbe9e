"""What a verification of an audit chain may find."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

MOST_FINDINGS = 100
"""Findings kept in full; a chain of millions that is wrong throughout must still fit in memory."""


class FindingKind(StrEnum):
    """How a chain can be broken."""

    CHANGED = "changed"
    DELETED = "deleted"
    REORDERED = "reordered"
    CUT_OFF = "cut_off"
    REWRITTEN = "rewritten"
    UNTRUSTED = "untrusted"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One break: what kind, at which entry, and what was seen there."""

    kind: FindingKind
    number: int
    text: str


@dataclass(frozen=True, kw_only=True)
class Report:
    """The outcome of one verification.

    ``witnessed`` is the highest entry that a trusted checkpoint, ours or a witness's, vouches for.
    ``more`` counts the findings beyond the first hundred.
    """

    entries: int
    witnessed: int
    findings: Sequence[Finding]
    more: int = 0

    @property
    def verified(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    def lines(self) -> Sequence[str]:
        """Return the report in lines for a terminal."""
        found = [f"{item.kind.value} at entry {item.number}: {item.text}" for item in self.findings]
        if self.more:
            found.append(f"and {self.more} more findings")
        word = "verified" if self.verified else "NOT VERIFIED"
        return [*found, f"{self.entries} entries, witnessed up to {self.witnessed}: {word}"]


@dataclass
class Findings:
    """Collects findings up to a limit, and counts the rest."""

    kept: list[Finding] = field(default_factory=list)
    more: int = 0

    def add(self, kind: FindingKind, number: int, text: str) -> None:
        """Remember one finding."""
        if len(self.kept) < MOST_FINDINGS:
            self.kept.append(Finding(kind=kind, number=number, text=text))
        else:
            self.more += 1
