"""Who calls: each role with a real session, a site with its own key, and nobody."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from uuid import uuid4

import requests

from deploy.local.layout import SITE, Layout
from deploy.local.people import PEOPLE
from shared.clock import utc_now
from shared.crypto.client_assertion import make_assertion
from shared.crypto.keyring import FolderKeyRing
from tests.actors.browsing import Browser, Unexpected

APPLICANT, SITE_CLIENT, NOBODY = "applicant", "site", "nobody"
STAFF: Mapping[str, str] = {
    each.role: each.username for each in reversed(PEOPLE) if each.issuer == "staff"
}
"""For each role of the staff issuer, the first test person who has it."""
ROLES = (NOBODY, SITE_CLIENT, *sorted(STAFF), APPLICANT)
"""Who changes most comes last: applicants lose their cards."""

TIMEOUT = 30.0


@dataclass(kw_only=True)
class Caller:
    """Somebody at one service; ``name`` is the user name, or the site's id."""

    role: str
    name: str
    service: str
    address: str
    session: requests.Session = field(repr=False)
    token: str = field(default="", repr=False)
    ring: FolderKeyRing | None = field(default=None, repr=False)
    has_door: bool = True

    @property
    def signed_in(self) -> bool:
        """Whether this service can know who calls."""
        return self.has_door and self.role != NOBODY

    def headers(self) -> dict[str, str]:
        """Return what one call has to show: an assertion is good for one call alone."""
        shown = {"X-CSRFToken": self.token} if self.token else {}
        if self.ring is not None:
            bearer = make_assertion(
                self.ring,
                client=f"site:{self.name}",
                audience=self.address,
                jti=uuid4(),
                now=utc_now(),
            )
            shown["Authorization"] = f"Bearer {bearer}"
        return shown

    def look(self, path: str) -> requests.Response:
        """Read something on the side, to know what can be asked for."""
        url = f"{self.address}/api/v1{path}"
        return self.session.get(url, headers=self.headers(), timeout=TIMEOUT)


class Callers:
    """Everybody at every service, each signed in when first needed."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._known: dict[tuple[str, str, str], Caller] = {}

    def of(self, service: str, role: str, name: str = "") -> Caller:
        """Return the caller of a role at a service; ``name`` chooses one of several people."""
        name = name or {APPLICANT: "ana", SITE_CLIENT: SITE, NOBODY: "-"}.get(role) or STAFF[role]
        if (service, role, name) not in self._known:
            self._known[service, role, name] = self._make(service, role, name)
        return self._known[service, role, name]

    def close(self) -> None:
        """Let go of all connections."""
        for caller in self._known.values():
            caller.session.close()

    def _make(self, service: str, role: str, name: str) -> Caller:
        address = self._layout.url(service)
        if role in STAFF:
            return _signed_in(service, role, name, address)
        if role == APPLICANT and service == "enrollment":
            return _signed_in(service, role, name, address)
        session = requests.Session()
        ring = self._ring if role == SITE_CLIENT else None
        if role == APPLICANT:
            session = self._stranger(service, address, name)
        return Caller(
            role=role,
            name=name,
            service=service,
            address=address,
            session=session,
            ring=ring,
            has_door=service == "enrollment",
        )

    def _stranger(self, service: str, address: str, name: str) -> requests.Session:
        """Show a session of enrollment where applicants have no door at all."""
        door = requests.get(f"{address}/en/sign-in/people", timeout=TIMEOUT)
        assert door.status_code == requests.codes.not_found
        own = self.of("enrollment", APPLICANT, name).session.cookies["trustlane_enrollment"]
        session = requests.Session()
        session.cookies.set(f"trustlane_{service}", own)
        return session

    @cached_property
    def _ring(self) -> FolderKeyRing:
        return FolderKeyRing(self._layout.keys("lane_gateway"))


def _signed_in(service: str, role: str, name: str, address: str) -> Caller:
    browser = Browser(address)
    with suppress(Unexpected):  # some roles have nothing to see here, and are told so
        browser.sign_in("people" if role == APPLICANT else "staff", name)
    assert browser.token, f"{name} was not signed in at {service}"
    return Caller(
        role=role,
        name=name,
        service=service,
        address=address,
        session=browser.session,
        token=browser.token,
    )
