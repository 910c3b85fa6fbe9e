"""An officer proves who they are by a passkey; nobody outside this host is asked."""

from dataclasses import dataclass, field
from datetime import datetime

from services.lane_gateway.domain.passkey import Passkey, Standing
from services.lane_gateway.domain.roster import (
    PasskeyCopied,
    PasskeyUnconfirmed,
    PasskeyUnknown,
    Roster,
    RosterEntry,
    RosterTooOld,
    count_on,
)
from services.lane_gateway.use_cases import passkey_messages
from services.lane_gateway.use_cases.passkey_ports import Assertion, PasskeyCheck, Rosters
from services.lane_gateway.use_cases.site_ports import DeskTransaction, DeskTransactions
from shared.clock import Clock
from shared.ids import NewId

COPIED = "passkey_copied"


@dataclass(frozen=True, kw_only=True)
class Proven:
    """Who proved it: the roster's word, and the name that the site keeps."""

    officer: str
    authority: str
    roles: frozenset[str]
    credential_id: str
    digest: str
    name: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class ProvePasskey:
    """Check roster, passkey, signature and counter, and note the use."""

    desk: DeskTransactions
    rosters: Rosters
    check: PasskeyCheck
    clock: Clock
    new_id: NewId

    def __call__(self, assertion: Assertion, *, purpose: str) -> Proven:
        """Return who it is; raise the kind of ``PasskeyRefused`` that says what is wrong.

        ``purpose`` goes into the audit. A counter that went back is an alarm, committed.
        """
        now = self.clock()
        roster = roster_at(self.rosters, now)
        with self.desk() as work:
            passkey, entry = self._find(work, roster, assertion)
            told = self.check.count_of(assertion, public_key=entry.public_key)
            try:
                count = count_on(passkey.sign_count, told)
            except PasskeyCopied:
                self._alarm(work, passkey, now)
                raise
            work.passkeys.used(passkey, sign_count=count, at=now)
            work.audited(f"passkey_{purpose}", str(passkey.id))
            work.commit()
        return Proven(
            officer=entry.officer,
            authority=entry.authority,
            roles=entry.roles,
            credential_id=passkey.credential_id,
            digest=passkey.digest,
            name=passkey.name,
        )

    def _find(
        self, work: DeskTransaction, roster: Roster, assertion: Assertion
    ) -> tuple[Passkey, RosterEntry]:
        """Return the passkey as site and roster know it; both must."""
        claimed = self.check.credential_of(assertion)
        passkey, entry = work.passkeys.with_credential(claimed), roster.entries.get(claimed)
        if passkey is None or passkey.standing is Standing.DROPPED:
            raise PasskeyUnknown("Nobody at this site has this passkey")
        if entry is None or entry.officer != passkey.officer:
            raise PasskeyUnconfirmed("This passkey is not on the roster")
        return passkey, entry

    def _alarm(self, work: DeskTransaction, passkey: Passkey, now: datetime) -> None:
        alarm = passkey_messages.alarm(self.new_id(), COPIED, at=now)
        work.send(alarm)
        work.audited("passkey_copied", str(passkey.id))
        work.commit()


def roster_at(rosters: Rosters, now: datetime) -> Roster:
    """Return the roster that holds now, or raise ``RosterTooOld``."""
    roster = rosters.current()
    if roster is None:
        raise RosterTooOld("This site has no roster yet")
    roster.check(now)
    return roster
