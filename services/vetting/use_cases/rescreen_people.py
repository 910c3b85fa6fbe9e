"""Compare members and open cases with what a list brought, in batches that can be resumed."""

from dataclasses import dataclass

from services.vetting.use_cases.ports import Rescreen, Transactions, UnitOfWork
from services.vetting.use_cases.vetting_members import MemberVetting
from shared.clock import Clock
from shared.ids import NewId

BATCH = 50
"""People per transaction: an officer who saves at the same moment waits for one batch at most."""


@dataclass(frozen=True, kw_only=True)
class StartRescreen:
    """Have everybody compared with every list."""

    transactions: Transactions
    clock: Clock
    new_id: NewId

    def __call__(self) -> None:
        """Note the run; the worker, or ``ContinueRescreen``, does it."""
        with self.transactions() as work:
            work.rescreens.start(
                Rescreen(
                    id=self.new_id(),
                    list=None,
                    number=None,
                    reason="on_demand",
                    started_at=self.clock(),
                )
            )
            work.commit()


@dataclass(frozen=True, kw_only=True)
class ContinueRescreen:
    """Do the next batch of the oldest unfinished run."""

    transactions: Transactions
    vetting: MemberVetting
    clock: Clock

    def __call__(self) -> Rescreen | None:
        """Return the run with its new progress, or ``None`` when nothing is to be done."""
        with self.transactions() as work:
            run = work.rescreens.next_open()
            if run is None:
                return None
            self._batch(work, run)
            work.rescreens.save(run)
            work.commit()
        return run

    def _batch(self, work: UnitOfWork, run: Rescreen) -> None:
        only = None
        if run.list is not None and run.number is not None:
            only = work.watchlists.to_screen(run.list, run.number)
        people = work.persons.to_screen(run.last_person, limit=BATCH)
        for person in people:
            effect = self.vetting(work, person, only=only)
            run.hits += effect.hits
            run.holds += effect.holds
            run.last_person = person.id
        run.screened += len(people)
        if len(people) < BATCH:
            run.finished_at = self.clock()
