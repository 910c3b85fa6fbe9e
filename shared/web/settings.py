"""What differs between two installations of a web application."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Literal
from urllib.parse import urlsplit

from shared.clock import Clock, utc_now
from shared.web.ended import EndedInMemory, EndedSessions
from shared.web.principal import Principal

IssuerName = Literal["people", "staff"]

INSTALLED_FRONT_END = Path(__file__).parents[2] / "node_modules" / "@uswds" / "uswds"


@dataclass(frozen=True, kw_only=True)
class Issuer:
    """An OpenID Connect provider, and who we are to it."""

    url: str
    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class WebSettings:
    """The settings of one web application; secrets do not show in its representation.

    ``base_url`` is the address people type, without a slash at the end. ``old_secret_keys`` still
    open sessions that an earlier key sealed. ``verify_client`` turns a bearer assertion into a
    principal, or raises ``NotSignedIn``. ``stop`` tells event streams that the process is leaving.
    ``vouched`` says at each request whether somebody whom the service itself signed in by a passkey
    may go on; without it nobody may.
    """

    service: str
    secret_key: bytes = field(repr=False)
    old_secret_keys: tuple[bytes, ...] = field(default=(), repr=False)
    production: bool
    base_url: str
    issuers: Mapping[IssuerName, Issuer]
    verify_client: Callable[[str], Principal] | None = None
    vouched: Callable[[Principal], bool] | None = None
    session_minutes: int = 30
    session_hours: int = 12
    max_body: int = 256 * 1024
    max_streams: int = 24
    clock: Clock = utc_now
    stop: Event = field(default_factory=Event, repr=False)
    ended_sessions: EndedSessions = field(default_factory=EndedInMemory, repr=False)
    front_end: Path = INSTALLED_FRONT_END

    @property
    def idle_limit(self) -> timedelta:
        """Return how long a session may rest."""
        return timedelta(minutes=self.session_minutes)

    @property
    def absolute_limit(self) -> timedelta:
        """Return how long a session may live, however busy it is."""
        return timedelta(hours=self.session_hours)

    @property
    def cookie(self) -> str:
        """Return the session cookie's name; cookies ignore ports, so it carries the service."""
        return f"trustlane_{self.service}"

    @property
    def host(self) -> str:
        """Return the host name of ``base_url``."""
        return urlsplit(self.base_url).hostname or "localhost"
