"""Staff as the domain's officers."""

from dataclasses import dataclass

from services.vetting.domain.officer import Officer
from services.vetting.use_cases.ports import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class Staff:
    """Somebody of the staff issuer, as the edge knows them."""

    subject: str
    supervisor: bool = False

    def within(self, work: UnitOfWork) -> Officer:
        """Return the officer with the ties declared so far."""
        return Officer(
            subject=self.subject,
            ties=work.ties.of_officer(self.subject),
            supervisor=self.supervisor,
        )
