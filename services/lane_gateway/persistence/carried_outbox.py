"""The outbox of one of a site's files, read by the worker, which keeps elsewhere how far it is.

The file's own writer deletes rows a week after they were carried away; the worker never writes
to a file that is not its own.
"""

import time
from collections.abc import Sequence

from sqlalchemy import Engine, Table, select, update

from services.lane_gateway.persistence.carrier_tables import carried
from shared.clock import Clock
from shared.errors import Unavailable
from shared.messaging.relay import Pending
from shared.persistence.claims import insert_new
from shared.persistence.database_errors import named_errors

POLL = 0.05  # seconds: SQLite tells nobody of a commit, and a look costs a tenth of a millisecond


class CarriedOutbox:
    """One file's outgoing rows in their order."""

    def __init__(
        self, *, file: str, source: Engine, outbox: Table, carrier: Engine, clock: Clock
    ) -> None:
        self._file = file
        self._source = source
        self._outbox = outbox
        self._carrier = carrier
        self._clock = clock

    def lead(self) -> bool:
        """Tell that this relay leads: a site has exactly one worker."""
        return True

    def wait(self, timeout: float) -> None:
        """Rest until the next look."""
        time.sleep(min(POLL, timeout))

    def pending(self, limit: int) -> Sequence[Pending]:
        """Return the rows after the last one carried away."""
        out = self._outbox
        with named_errors():
            after = self._carried()
            with self._source.connect() as connection:
                chosen = select(out).where(out.c.number > after).order_by(out.c.number)
                rows = connection.execute(chosen.limit(limit)).all()
        names = Pending.__dataclass_fields__
        return [Pending(**{name: getattr(row, name) for name in names}) for row in rows]

    def confirmed(self, numbers: Sequence[int]) -> None:
        """Note how far the broker has confirmed."""
        with named_errors(), self._carrier.begin() as connection:
            values = {"number": max(numbers), "at": self._clock()}
            if not insert_new(connection, carried, file=self._file, **values):
                mine = carried.c.file == self._file
                connection.execute(update(carried).where(mine).values(values))

    def put_off(self, number: int) -> None:
        """Stop here: what follows must not overtake a row that headquarters does not take now."""
        raise Unavailable(f"Row {number} of {self._file} is not taken by any queue")

    def close(self) -> None:
        """Nothing to let go of; the engines belong to the worker."""

    def _carried(self) -> int:
        with self._carrier.connect() as connection:
            mine = select(carried.c.number).where(carried.c.file == self._file)
            return int(connection.scalar(mine) or 0)
