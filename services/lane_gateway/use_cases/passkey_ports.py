"""What passkeys need of the outside world: their rows, the roster, and who checks answers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.lane_gateway.domain.passkey import Passkey
from services.lane_gateway.domain.roster import Roster


class Passkeys(Protocol):
    """Officers' passkeys, in a transaction of the desk."""

    def add(self, passkey: Passkey) -> None:
        """Keep a new passkey."""

    def get(self, passkey_id: UUID) -> Passkey:
        """Return a passkey, or raise ``NotFound``."""

    def with_credential(self, credential_id: str) -> Passkey | None:
        """Return the passkey with this credential id, if it was added here."""

    def every(self, officer: str | None = None) -> Sequence[Passkey]:
        """Return all passkeys, or those of one officer, the newest first."""

    def confirm(self, passkey: Passkey, *, by: str, at: datetime) -> None:
        """Note who confirmed it."""

    def drop(self, passkey: Passkey, *, by: str, at: datetime) -> None:
        """Note who dropped it."""

    def used(self, passkey: Passkey, *, sign_count: int, at: datetime) -> None:
        """Note its use, and how far it has counted."""


class Rosters(Protocol):
    """The roster of this site, as the web sees it."""

    def current(self) -> Roster | None:
        """Return the newest roster, proved; ``None`` while there is none."""


@dataclass(frozen=True, kw_only=True)
class NewPasskey:
    """What a browser brought of a new passkey, proved to be made for our challenge."""

    credential_id: str
    public_key: str
    sign_count: int


@dataclass(frozen=True, kw_only=True)
class Assertion:
    """A passkey's answer as it came, and what was asked."""

    answer: str = field(repr=False)
    challenge: bytes = field(repr=False)


class PasskeyCheck(Protocol):
    """Checks browsers' answers against our address; raises ``PasskeyRefused``."""

    def new(self, assertion: Assertion) -> NewPasskey:
        """Return the passkey that was made."""

    def credential_of(self, assertion: Assertion) -> str:
        """Return which passkey claims to have answered; nothing is proved yet."""

    def count_of(self, assertion: Assertion, *, public_key: str) -> int:
        """Return the passkey's counter, once its signature, origin and user are proved."""
