"""The newest roster as the web reads it from the worker's file."""

import json
from pathlib import Path
from threading import Lock

from sqlalchemy import select

from services.lane_gateway.domain.roster import Roster
from services.lane_gateway.persistence.carrier_tables import roster
from services.lane_gateway.use_cases.receive_roster import ReadRoster
from shared.persistence.database_errors import named_errors
from shared.persistence.engines import sqlite_engine


class RosterFile:
    """Reads the roster; the signature is proved here again, whoever wrote the file."""

    def __init__(self, path: Path, read: ReadRoster) -> None:
        self._engine = sqlite_engine(path, read_only=True)
        self._read = read
        self._known: tuple[str, Roster] | None = None
        self._lock = Lock()

    def current(self) -> Roster | None:
        """Return the newest roster, ``None`` while there is none; or raise ``NotVerified``."""
        with named_errors(), self._engine.connect() as connection:
            statement: str | None = connection.scalar(select(roster.c.statement))
        if statement is None:
            return None
        with self._lock:
            if self._known is None or self._known[0] != statement:
                self._known = (statement, self._read(json.loads(statement)))
            return self._known[1]

    def close(self) -> None:
        """Close the file."""
        self._engine.dispose()
