"""Whether a session that began with a passkey may go on."""

from dataclasses import dataclass

from services.lane_gateway.domain.passkey import Standing, digest_of
from services.lane_gateway.domain.roster import RosterTooOld
from services.lane_gateway.use_cases.passkey_ports import Rosters
from services.lane_gateway.use_cases.prove_passkey import roster_at
from services.lane_gateway.use_cases.site_ports import DeskTransactions
from shared.clock import Clock


@dataclass(frozen=True, kw_only=True)
class TrustPasskey:
    """Look at the roster and at the passkey each time; both may have changed since."""

    desk: DeskTransactions
    rosters: Rosters
    clock: Clock

    def __call__(self, digest: str, officer: str, roles: frozenset[str]) -> bool:
        """Tell whether the passkey with this digest still gives the officer these roles."""
        try:
            roster = roster_at(self.rosters, self.clock())
        except RosterTooOld:
            return False
        found = [each for each in roster.entries if digest_of(each) == digest]
        if not found or not roster.vouches(found[0], officer, roles):
            return False
        with self.desk() as work:
            passkey = work.passkeys.with_credential(found[0])
        return passkey is not None and passkey.standing is not Standing.DROPPED
