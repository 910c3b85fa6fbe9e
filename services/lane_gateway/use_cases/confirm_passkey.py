"""A port supervisor confirms another officer's passkey."""

from dataclasses import dataclass
from uuid import UUID

from services.lane_gateway.domain.passkey import Standing
from services.lane_gateway.use_cases import passkey_messages
from services.lane_gateway.use_cases.site_ports import DeskTransactions
from shared.clock import Clock


@dataclass(frozen=True, kw_only=True)
class ConfirmPasskey:
    """Confirm it; it counts when headquarters has put it on the roster."""

    desk: DeskTransactions
    clock: Clock

    def __call__(self, passkey_id: UUID, by: str) -> None:
        """Raise ``OwnPasskey``, ``PasskeyGone`` or ``NotFound``; a second time changes nothing."""
        now = self.clock()
        with self.desk() as work:
            passkey = work.passkeys.get(passkey_id)
            passkey.check_confirmation(by)
            if passkey.standing is Standing.CONFIRMED:
                return
            work.passkeys.confirm(passkey, by=by, at=now)
            work.audited("passkey_confirmed", str(passkey.id))
            work.send(passkey_messages.confirmed(passkey, by=by, at=now))
            work.commit()
