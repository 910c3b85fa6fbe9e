"""The signed roster of a site, and whom it lets in by passkey."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shared.errors import Conflict, Forbidden

CLOCK_MAY_BE_BEHIND = timedelta(minutes=5)
"""A roster from further in the future says that this host's clock is wrong: nothing is certain."""


class PasskeyRefused(Forbidden):
    """What the browser brought does not prove that this passkey signed what we asked."""

    code = "passkey_refused"


class RosterTooOld(PasskeyRefused):
    """There is no roster here, or its time is over; only the provider can sign anybody in."""

    code = "roster_too_old"


class PasskeyUnknown(PasskeyRefused):
    """Nobody at this site has this passkey, or it was dropped."""

    code = "passkey_unknown"


class PasskeyUnconfirmed(PasskeyRefused):
    """No supervisor has confirmed it, or headquarters has not put it on the roster yet."""

    code = "passkey_unconfirmed"


class PasskeyCopied(PasskeyRefused):
    """The passkey's own counter went back: two devices use it."""

    code = "passkey_copied"


class RosterTurnedBack(Conflict):
    """A roster came whose number is lower than that of one seen before."""

    code = "roster_turned_back"


@dataclass(frozen=True, kw_only=True, slots=True)
class RosterEntry:
    """One passkey that counts, and whose it is; ``public_key`` is COSE in base64url."""

    passkey_id: UUID
    credential_id: str
    public_key: str
    officer: str
    authority: str
    roles: frozenset[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Roster:
    """A verified roster; ``entries`` by credential id."""

    number: int
    issued_at: datetime
    valid_until: datetime
    entries: Mapping[str, RosterEntry]

    def check(self, now: datetime) -> None:
        """Raise ``RosterTooOld`` where it does not hold at ``now``."""
        if not self.issued_at - CLOCK_MAY_BE_BEHIND <= now < self.valid_until:
            raise RosterTooOld("The roster of this site does not hold now")

    def vouches(self, credential_id: str, officer: str, roles: frozenset[str]) -> bool:
        """Tell whether this passkey is the officer's, with at least these roles."""
        entry = self.entries.get(credential_id)
        return entry is not None and entry.officer == officer and roles <= entry.roles


def count_on(known: int, told: int) -> int:
    """Return the passkey's new counter, or raise ``PasskeyCopied`` where it did not rise.

    Web Authentication 6.1.1: zero from a passkey that has never counted says nothing.
    """
    if told == known == 0:
        return 0
    if told <= known:
        raise PasskeyCopied("The passkey's counter went back")
    return told
