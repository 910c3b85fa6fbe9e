"""Begin a generation of the credential list: from the signed snapshot, or empty at the beginning.

The file is fetched finished and at a limited rate, checked against its signed statement, and only
then named, so that lanes change over between two passages. An old file is never written over: a
connection that is open would go on reading the old list without any error.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from structlog import get_logger

from shared.crypto.feed import file_sha256, verify_snapshot
from shared.crypto.signing import PublicKeys
from shared.errors import NotFound

log = get_logger(__name__)

RATE = 50_000_000  # bytes a second: far below what would hold up the lanes' own commits


class SnapshotSource(Protocol):
    """Where snapshots come from."""

    def snapshot_statement(self) -> Mapping[str, Any]:
        """Return the signed statement; raise ``NotFound`` while there is none."""

    def fetch_snapshot(self, sha256: str, target: Path, *, bytes_per_second: int) -> None:
        """Write the snapshot file to ``target``."""


@dataclass(frozen=True, kw_only=True)
class Generations:
    """Makes new generations of a site's list."""

    source: SnapshotSource
    path_of: Callable[[int], Path]
    create_empty: Callable[[Path], None]
    name: Callable[[int], None]
    keys: Callable[[], PublicKeys]

    def begin(self, generation: int) -> Path:
        """Make the file of ``generation``, name it as the current one and return its path.

        Raise ``Unavailable`` if headquarters does not answer and ``NotVerified`` for a file that
        is not the one that was signed.
        """
        path = self.path_of(generation)
        path.unlink(missing_ok=True)  # a try that did not end; nobody was told of it
        try:
            statement = self.source.snapshot_statement()
        except NotFound:
            self.create_empty(path)
        else:
            self._take(statement, path)
        self.name(generation)
        log.info("generation_begun", generation=generation)
        return path

    def _take(self, statement: Mapping[str, Any], path: Path) -> None:
        fresh = path.with_suffix(".part")
        self.source.fetch_snapshot(str(statement.get("sha256")), fresh, bytes_per_second=RATE)
        verify_snapshot(self.keys(), statement, sha256=file_sha256(fresh))
        fresh.rename(path)
