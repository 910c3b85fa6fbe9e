"""The site's files for readers: opened read-only when first asked for, each read a short one.

A lane's file that is not there yet belongs to an agent that never ran: it reads as empty.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import Engine, Select

from services.lane_gateway.persistence.site_files import SiteFiles
from shared.persistence.database_errors import named_errors
from shared.persistence.engines import sqlite_engine

Rows = Sequence[Mapping[str, Any]]


class ReadOnlyFiles:
    """Runs one statement at a time on one of the files."""

    def __init__(self, files: SiteFiles) -> None:
        self._files = files
        self._engines: dict[Path, Engine] = {}
        self._lock = Lock()

    def desk(self, chosen: Select[Any]) -> Rows:
        """Read the web's own file."""
        return self._read(self._files.desk, chosen)

    def carrier(self, chosen: Select[Any]) -> Rows:
        """Read the worker's file; empty before its first start."""
        there = self._files.carrier.exists()
        return self._read(self._files.carrier, chosen) if there else []

    def lane(self, lane: str, chosen: Select[Any]) -> Rows:
        """Read the file of one lane."""
        path = self._files.lane(lane)
        return self._read(path, chosen) if path.exists() else []

    def close(self) -> None:
        """Close all files; safe to call twice."""
        with self._lock:
            for engine in self._engines.values():
                engine.dispose()
            self._engines.clear()

    def _read(self, path: Path, chosen: Select[Any]) -> Rows:
        with named_errors(), self._engine(path).connect() as connection:
            return [dict(row) for row in connection.execute(chosen).mappings()]

    def _engine(self, path: Path) -> Engine:
        with self._lock:
            if path not in self._engines:
                self._engines[path] = sqlite_engine(path, read_only=True)
            return self._engines[path]
