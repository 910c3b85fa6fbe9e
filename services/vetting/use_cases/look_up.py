"""Look people up by name, with the purpose on record."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.vetting.domain.case import Case
from services.vetting.domain.membership import Membership
from services.vetting.domain.person import pairs_of
from services.vetting.domain.screening.normal import normal_name
from services.vetting.use_cases.officers import Staff
from services.vetting.use_cases.ports import Transactions
from shared.audit.words import AuditLine
from shared.errors import InvalidInput

MOST = 20


@dataclass(frozen=True, kw_only=True)
class FoundPerson:
    """One person with memberships and cases."""

    person_id: UUID
    name: str
    birth_date: str
    memberships: Sequence[Membership]
    cases: Sequence[Case]


@dataclass(frozen=True, kw_only=True)
class LookUp:
    """Find people by any two parts of their names; nobody finds themself or a relative."""

    transactions: Transactions

    def __call__(self, name: str, *, staff: Staff, purpose: str) -> Sequence[FoundPerson]:
        """Return who is found; raise ``InvalidInput`` for fewer than two parts."""
        pairs = list(pairs_of(normal_name(name).parts))
        if not pairs:
            raise InvalidInput({"name": ["too_short"]}, "Two parts of the name are needed")
        with self.transactions() as work:
            ties = staff.within(work).ties
            people = [p for p in work.persons.named(pairs, limit=MOST) if p.id not in ties]
            work.note(AuditLine(event="looked_up", subject="name", purpose=purpose))
            for person in people:
                line = AuditLine(event="found_by_name", subject=str(person.id), purpose=purpose)
                work.note(line)
            found = [
                FoundPerson(
                    person_id=person.id,
                    name=person.name,
                    birth_date=(person.dossier or {}).get("birth", {}).get("date", ""),
                    memberships=work.memberships.of(person.id),
                    cases=work.cases.of(person.id),
                )
                for person in people
            ]
            work.commit()
        return found
