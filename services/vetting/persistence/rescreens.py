"""Runs of re-screening in the database."""

from dataclasses import asdict

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from services.vetting.persistence.tables import rescreens
from services.vetting.use_cases.ports import Rescreen


class SqlRescreens:
    """Runs of re-screening; a row that is locked is being worked on."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def start(self, rescreen: Rescreen) -> None:
        """Note a new run."""
        self._session.execute(insert(rescreens).values(asdict(rescreen)))

    def next_open(self) -> Rescreen | None:
        """Take the oldest unfinished run, unless another worker has it."""
        row = self._session.execute(
            select(rescreens)
            .where(rescreens.c.finished_at.is_(None))
            .order_by(rescreens.c.started_at, rescreens.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).one_or_none()
        return None if row is None else Rescreen(**row._mapping)  # noqa: SLF001 - its public name

    def save(self, rescreen: Rescreen) -> None:
        """Note how far a run has come."""
        values = asdict(rescreen)
        self._session.execute(
            update(rescreens).where(rescreens.c.id == values.pop("id")).values(values)
        )
