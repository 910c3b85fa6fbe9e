"""A new version of a list against the one before: what changed, and whether it may be taken.

A list that shrinks by more than a fifth, in entries, names or birth dates, was probably cut on its
way; only a supervisor can accept it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.vetting.domain.watchlist.entry import Entry, digest_of
from shared.errors import Conflict

MOST_SHRINKAGE = 0.2


class ListShrank(Conflict):
    """The list is smaller than the one before by more than a fifth; a supervisor decides."""

    code = "watchlist_shrank"

    def __init__(self, what: str, before: int, after: int) -> None:
        super().__init__(f"The list fell from {before} to {after} {what}")
        self.what, self.before, self.after = what, before, after


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How much a version holds."""

    entries: int
    names: int
    birth_dates: int

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> "Counts":
        """Count a list."""
        return cls(
            entries=len(entries),
            names=sum(len(entry.names) for entry in entries),
            birth_dates=sum(len(entry.birth_dates) for entry in entries),
        )


@dataclass(frozen=True, kw_only=True)
class Diff:
    """The numbers of the entries that came, changed and went."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]

    @property
    def to_screen(self) -> tuple[str, ...]:
        """The entries that members have to be compared with."""
        return (*self.added, *self.changed)


def check_size(before: Counts, after: Counts) -> None:
    """Raise ``ListShrank`` if any count fell by more than a fifth."""
    for what in ("entries", "names", "birth_dates"):
        was, now = getattr(before, what), getattr(after, what)
        if now < was * (1 - MOST_SHRINKAGE):
            raise ListShrank(what.replace("_", " "), was, now)


def difference(before: Mapping[str, str], after: Sequence[Entry]) -> Diff:
    """Compare with the digests of the version before, keyed by entry."""
    digests = {entry.id: content_digest(entry) for entry in after}
    return Diff(
        added=tuple(number for number in digests if number not in before),
        changed=tuple(n for n, digest in digests.items() if before.get(n, digest) != digest),
        removed=tuple(number for number in before if number not in digests),
    )


def content_digest(entry: Entry) -> str:
    """Return the digest of everything that the entry holds."""
    return digest_of(entry.to_json())
