"""Erase a person: the data key goes, and with it all that it sealed."""

from dataclasses import dataclass
from uuid import UUID

from services.vetting.domain.case_states import ALLOWED, Status
from services.vetting.use_cases.ports import Transactions, UnitOfWork
from shared.clock import Clock
from shared.events import Cause, Outgoing

RECEIPT = "vetting.erasure_done.v1"


@dataclass(frozen=True, kw_only=True)
class ErasePerson:
    """Delete the data key and the blind indexes, and send a receipt."""

    transactions: Transactions
    clock: Clock

    def __call__(self, person_id: UUID, *, cause: Cause | None = None) -> int:
        """Return how many rows can no longer be read."""
        with self.transactions(cause) as work:
            now = self.clock()
            rows = self._count(work, person_id)
            person = work.persons.of(person_id)
            if person is not None:
                person.forget(now=now)
                work.persons.index_names(person)
            for case in work.cases.of(person_id):
                if Status.WITHDRAWN in ALLOWED[case.status]:
                    case.withdraw(now=now)
            work.erase(person_id)
            work.send(
                Outgoing(
                    type=RECEIPT,
                    subject=str(person_id),
                    body={
                        "person_id": str(person_id),
                        "rows": rows,
                        "at": now.isoformat().replace("+00:00", "Z"),
                    },
                )
            )
            work.commit()
        return rows

    def _count(self, work: UnitOfWork, person_id: UUID) -> int:
        cases = work.cases.of(person_id)
        kept = [
            [work.persons.of(person_id)] if work.persons.of(person_id) else [],
            cases,
            work.hits.of(person_id),
            work.clearances.of(person_id),
            *(work.holds.of_case(case.id) for case in cases),
            *(work.interviews.of_case(case.id) for case in cases),
        ]
        return sum(len(rows) for rows in kept)
