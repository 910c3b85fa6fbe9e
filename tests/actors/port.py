"""An administrator who looks how far the credential feed has come."""

import re
from dataclasses import dataclass

from tests.actors.browsing import LANGUAGES, Browser

APPLIED = re.compile(
    r"(\d+) (?:of|de) (\d+) (?:sites applied within|puertos la aplicaron en) ([\d.]+) s"
)
NEWEST = re.compile(r"(?:Newest change|Cambio más reciente)\s+(\d+) \(([^)]+)\)")
KINDS = {
    "card activated": "activated",
    "tarjeta activada": "activated",
    "membership put on hold": "held",
    "membresía en espera": "held",
    "hold lifted": "released",
    "retención levantada": "released",
}
"""What the page calls the changes that are waited for."""


@dataclass(frozen=True, kw_only=True)
class Spread:
    """How far the newest change of a card has come."""

    number: int
    kind: str
    applied: int
    sites: int
    seconds: float

    @property
    def everywhere(self) -> bool:
        """Whether all sites have it."""
        return self.applied == self.sites


class FeedWatcher:
    """Somebody at enrollment's page of sites."""

    def __init__(
        self, address: str, username: str = "ada", *, language: str = LANGUAGES[0]
    ) -> None:
        self.username = username
        self.browser = Browser(address, language)

    def sign_in(self) -> None:
        """Sign in with the roles that the staff's provider knows."""
        self.browser.sign_in("staff", self.username)

    def spread(self) -> Spread | None:
        """Return how far the newest change has come, once a site has reported it."""
        text = self.browser.open("/sites").one("main").text
        applied, newest = APPLIED.search(text), NEWEST.search(text)
        if applied is None or newest is None:
            return None
        return Spread(
            number=int(newest[1]),
            kind=KINDS.get(newest[2], newest[2]),
            applied=int(applied[1]),
            sites=int(applied[2]),
            seconds=float(applied[3]),
        )

    def close(self) -> None:
        """Leave."""
        self.browser.close()
