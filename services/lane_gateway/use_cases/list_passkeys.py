"""What passkeys there are at the site, and how long the roster holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.lane_gateway.domain.passkey import Passkey, Standing
from services.lane_gateway.use_cases.passkey_ports import Rosters
from services.lane_gateway.use_cases.site_ports import DeskTransactions


@dataclass(frozen=True, kw_only=True)
class KnownPasskey:
    """A passkey, and whether the roster names it."""

    passkey: Passkey
    on_roster: bool


@dataclass(frozen=True, kw_only=True)
class PasskeyList:
    """Passkeys that were not dropped; ``valid_until`` is the roster's, ``None`` without one."""

    passkeys: Sequence[KnownPasskey]
    valid_until: datetime | None


@dataclass(frozen=True, kw_only=True)
class ListPasskeys:
    """List them for their officer, or all of them for a supervisor."""

    desk: DeskTransactions
    rosters: Rosters

    def __call__(self, officer: str | None = None) -> PasskeyList:
        """Return those of one officer, or of all."""
        roster = self.rosters.current()
        named = roster.entries if roster is not None else {}
        with self.desk() as work:
            every = work.passkeys.every(officer)
        return PasskeyList(
            passkeys=[
                KnownPasskey(passkey=passkey, on_roster=passkey.credential_id in named)
                for passkey in every
                if passkey.standing is not Standing.DROPPED
            ],
            valid_until=roster.valid_until if roster is not None else None,
        )
