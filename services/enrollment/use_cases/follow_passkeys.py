"""Keep the roster of each site: which passkeys of which officers it may take without us."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.enrollment.domain.roster import SIGN_AGAIN_AFTER, Passkey
from services.enrollment.use_cases.ports import Transactions
from shared.clock import Clock
from shared.events import Cause


@dataclass(frozen=True, kw_only=True)
class FollowPasskeys:
    """What sites report of passkeys; each change goes back to the site, signed."""

    transactions: Transactions
    clock: Clock

    def added(self, passkey: Passkey, *, cause: Cause | None = None) -> None:
        """Keep a passkey that nobody has confirmed yet; ``NotFound`` for a site that is none."""
        with self.transactions(cause) as work:
            work.sites.get(passkey.site)
            work.rosters.add(passkey)
            work.commit()

    def confirmed(
        self, site: str, passkey_id: UUID, *, by: str, at: datetime, cause: Cause | None = None
    ) -> None:
        """Let the passkey count; raise ``OwnConfirmation`` or ``NotFound``."""
        with self.transactions(cause) as work:
            passkey = work.rosters.get(site, passkey_id)
            passkey.check_confirmation(by)
            work.rosters.confirm(passkey, by=by, at=at)
            work.rosters.sign(site, now=self.clock())
            work.commit()

    def dropped(
        self, site: str, passkey_id: UUID, *, by: str, at: datetime, cause: Cause | None = None
    ) -> None:
        """Let the passkey count no longer; or raise ``NotFound``."""
        with self.transactions(cause) as work:
            work.rosters.drop(work.rosters.get(site, passkey_id), by=by, at=at)
            work.rosters.sign(site, now=self.clock())
            work.commit()


@dataclass(frozen=True, kw_only=True)
class SignRosters:
    """Sign each roster anew, so that a site whose line is cut has days before it lapses."""

    transactions: Transactions
    clock: Clock

    def __call__(self) -> int:
        """Return how many were due."""
        now = self.clock()
        with self.transactions() as work:
            due = work.rosters.signed_before(now - SIGN_AGAIN_AFTER)
            for site in due:
                work.rosters.sign(site, now=now)
            work.commit()
        return len(due)
