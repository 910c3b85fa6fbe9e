"""Officers: who acts on a case, and whose files are closed to them."""

from dataclasses import dataclass
from uuid import UUID

from shared.errors import Forbidden


class OwnFile(Forbidden):
    """The file is the officer's own or that of a declared relative."""

    code = "own_file"


class SupervisorNeeded(Forbidden):
    """Only a supervisor may do this."""

    code = "supervisor_needed"


@dataclass(frozen=True, kw_only=True)
class Officer:
    """An officer by the staff issuer's subject, with the people they are tied to."""

    subject: str
    ties: frozenset[UUID] = frozenset()
    """The officer as an applicant, and declared relatives."""

    supervisor: bool = False

    def must_be_free_for(self, person_id: UUID) -> None:
        """Raise ``OwnFile`` if the person is this officer or a declared relative."""
        if person_id in self.ties:
            raise OwnFile("Officers do not work on their own file or a relative's")

    def must_supervise(self) -> None:
        """Raise ``SupervisorNeeded`` unless this is a supervisor."""
        if not self.supervisor:
            raise SupervisorNeeded("Only a supervisor may do this")
