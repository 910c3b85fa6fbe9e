"""The test people of demo and tests, as the two OpenID providers know them."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class TestPerson:
    """Somebody who can sign in; staff have a role, an applicant has none."""

    __test__ = False  # pytest takes every Test... for a test

    issuer: Literal["people", "staff"]
    username: str
    name: str
    role: str

    def claims(self) -> dict[str, object]:
        """Return what the provider says about this person."""
        groups = [self.role] if self.issuer == "staff" else []
        return {"sub": self.username, "name": self.name, "groups": groups}


def _staff(username: str, name: str, role: str) -> TestPerson:
    return TestPerson(issuer="staff", username=username, name=name, role=role)


def _applicant(username: str, name: str) -> TestPerson:
    return TestPerson(issuer="people", username=username, name=name, role="applicant")


PEOPLE = (
    _applicant("ana", "Ana Luz Robles Vega"),
    _applicant("benito", "Benito Salas Cruz"),
    _applicant("chen", "Chen Rivera Wu"),
    _staff("olga", "Olga Officer", "officer"),
    _staff("otto", "Otto Officer", "officer"),
    _staff("sara", "Sara Supervisor", "supervisor"),
    _staff("carla", "Carla Center", "center"),
    _staff("boris", "Boris Booth", "booth"),
    _staff("paula", "Paula Port", "port"),
    _staff("aldo", "Aldo Auditor", "auditor"),
    _staff("ada", "Ada Admin", "admin"),
)
