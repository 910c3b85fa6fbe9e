"""Keep vetting's copy of a membership, and screen who becomes a member or changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from services.vetting.domain.membership import VETTED, Membership, Status
from services.vetting.use_cases.open_case import take_dossier
from services.vetting.use_cases.ports import Transactions, UnitOfWork
from services.vetting.use_cases.vetting_members import MemberVetting
from shared.clock import Clock
from shared.events import Cause


@dataclass(frozen=True, kw_only=True)
class MembershipWord:
    """What enrollment says of a membership; the dossier comes when data are new."""

    membership_id: UUID
    person_id: UUID
    program: str
    status: Status
    valid_from: date
    valid_until: date
    dossier: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class RecordMembership:
    """Take over what enrollment says."""

    transactions: Transactions
    vetting: MemberVetting
    clock: Clock

    def __call__(self, word: MembershipWord, *, cause: Cause | None = None) -> None:
        """Keep it; new data are compared with every list at once."""
        with self.transactions(cause) as work:
            self._keep(work, word)
            if word.dossier is not None:
                person = take_dossier(work, word.person_id, word.dossier, now=self.clock())
                if word.status in VETTED:
                    self.vetting(work, person)
            work.commit()

    def _keep(self, work: UnitOfWork, word: MembershipWord) -> None:
        membership = work.memberships.find_one(word.membership_id)
        if membership is not None:
            membership.update(word.status, word.valid_from, word.valid_until)
            return
        membership = Membership(
            id=word.membership_id,
            person_id=word.person_id,
            program=word.program,
            status=word.status,
            valid_from=word.valid_from,
            valid_until=word.valid_until,
        )
        work.memberships.add(membership)
        membership.announce()
