"""The desk's file as one lane's agent reads it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pysqlite3.dbapi2 as sqlite

from services.lane_gateway.domain.commands import Command, CommandKind, DeskLane
from services.lane_gateway.domain.lane_policy import Direction, LaneMode, LanePolicy, LaneType
from services.lane_gateway.persistence.site_seal import SiteSeal
from shared.errors import Unavailable

BUSY_TIMEOUT = 0.1  # seconds: the lane's scan cannot wait longer
REASON_PLACE = "commands.reason"
PLATE_PLACE = "commands.plate"
_TIME = "%Y-%m-%d %H:%M:%S.%f"  # as SQLAlchemy writes instants to SQLite
_LANE = (
    "SELECT mode, lane_type, direction, zone, counter_grants_automatic, signed_on "
    "FROM lanes WHERE lane = ?"
)
_COMMANDS = (
    "SELECT number, kind, officer, at, passage_id, counted, reason, plate, region, epc, seconds, "
    "passkey "
    "FROM commands WHERE lane = ? AND number > ? ORDER BY number"
)


class DeskReader:
    """How one lane is staffed and set, and what officers asked of it; read only."""

    def __init__(
        self,
        path: Path,
        *,
        lane: str,
        seal: SiteSeal,
        selection_ppm: int = 0,
        needs_chip: bool = False,
    ) -> None:
        self._path = path
        self._lane = lane
        self._seal = seal
        self._selection_ppm = selection_ppm
        self._needs_chip = needs_chip
        self._connection: Any = None

    def lane(self) -> DeskLane:
        """Return how the lane is staffed and set now; or raise ``Unavailable``."""
        rows = self._all(_LANE, (self._lane,))
        if not rows:
            raise Unavailable(f"The desk does not know lane {self._lane}")
        mode, lane_type, direction, zone, automatic, signed_on = rows[0]
        policy = LanePolicy(
            lane=self._lane,
            lane_type=LaneType(lane_type),
            direction=Direction(direction),
            zone=ZoneInfo(zone),
            selection_ppm=self._selection_ppm,
            needs_chip=self._needs_chip,
            counter_grants_automatic=bool(automatic),
        )
        return DeskLane(mode=LaneMode(mode), signed_on=signed_on, policy=policy)

    def commands_after(self, command_id: int) -> Sequence[Command]:
        """Return the lane's commands with a higher number, in their order."""
        return [self._command(row) for row in self._all(_COMMANDS, (self._lane, command_id))]

    def newest_command(self) -> int:
        """Return the highest command number there is, 0 without any."""
        rows = self._all("SELECT max(number) FROM commands WHERE lane = ?", (self._lane,))
        return int(rows[0][0] or 0)

    def close(self) -> None:
        """Let go of the file; safe to call twice."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _command(self, row: tuple[Any, ...]) -> Command:
        number, kind, officer, at, passage, counted, *more = row
        reason, plate, region, epc, seconds, passkey = more
        return Command(
            id=number,
            lane=self._lane,
            kind=CommandKind(kind),
            officer=officer,
            at=datetime.strptime(at, _TIME).replace(tzinfo=UTC),
            passage_id=UUID(passage) if passage else None,
            counted=counted,
            reason=self._seal.open(reason, REASON_PLACE) if reason else "",
            plate=self._seal.open(plate, PLATE_PLACE) if plate else "",
            region=region or "",
            epc=bytes.fromhex(epc) if epc else b"",
            seconds=seconds,
            passkey=passkey or "",
        )

    def _all(self, query: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
        try:
            if self._connection is None:
                address = f"file:{self._path}?mode=ro"
                self._connection = sqlite.connect(
                    address, uri=True, timeout=BUSY_TIMEOUT, isolation_level=None
                )
            return list(self._connection.execute(query, values).fetchall())
        except sqlite.Error as error:
            raise Unavailable("The desk's file cannot be read") from error
