"""A passkey is dropped: here at once, on the roster when headquarters hears of it."""

from dataclasses import dataclass
from uuid import UUID

from services.lane_gateway.domain.passkey import Standing
from services.lane_gateway.use_cases import passkey_messages
from services.lane_gateway.use_cases.site_ports import DeskTransactions
from shared.clock import Clock
from shared.errors import Forbidden


@dataclass(frozen=True, kw_only=True)
class DropPasskey:
    """Drop one's own passkey, or as a supervisor anybody's; it never counts again."""

    desk: DeskTransactions
    clock: Clock

    def __call__(self, passkey_id: UUID, by: str, *, supervisor: bool) -> None:
        """Raise ``Forbidden`` for another officer's or ``NotFound``; a second time is harmless."""
        now = self.clock()
        with self.desk() as work:
            passkey = work.passkeys.get(passkey_id)
            if passkey.officer != by and not supervisor:
                raise Forbidden("This is another officer's passkey")
            if passkey.standing is Standing.DROPPED:
                return
            work.passkeys.drop(passkey, by=by, at=now)
            work.audited("passkey_dropped", str(passkey.id))
            work.send(passkey_messages.dropped(passkey, by=by, at=now))
            work.commit()
