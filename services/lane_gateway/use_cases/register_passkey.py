"""An officer adds a passkey; it counts once somebody else has confirmed it."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.lane_gateway.domain.passkey import MOST_PASSKEYS, SITE_ROLES, Passkey, Standing
from services.lane_gateway.use_cases import passkey_messages
from services.lane_gateway.use_cases.passkey_ports import Assertion, PasskeyCheck
from services.lane_gateway.use_cases.site_ports import DeskTransactions
from shared.clock import Clock
from shared.errors import Conflict, Forbidden
from shared.ids import NewId


class PasskeyKnown(Conflict):
    """This passkey was added here before."""

    code = "passkey_known"


class TooManyPasskeys(Conflict):
    """The officer has as many passkeys as one may have."""

    code = "too_many_passkeys"


@dataclass(frozen=True, kw_only=True)
class Owner:
    """The officer whom the provider has signed in just now."""

    officer: str
    name: str
    authority: str
    roles: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class RegisterPasskey:
    """Keep a new passkey, and tell headquarters of it."""

    desk: DeskTransactions
    check: PasskeyCheck
    clock: Clock
    new_id: NewId

    def __call__(self, owner: Owner, label: str, assertion: Assertion) -> Passkey:
        """Return it; raise ``PasskeyRefused``, ``PasskeyKnown`` or ``TooManyPasskeys``."""
        roles = owner.roles & SITE_ROLES
        if not roles:
            raise Forbidden("Only officers of booths and ports have passkeys here")
        made = self.check.new(assertion)
        passkey = Passkey(
            id=self.new_id(),
            credential_id=made.credential_id,
            public_key=made.public_key,
            officer=owner.officer,
            authority=owner.authority,
            roles=tuple(sorted(roles)),
            name=owner.name,
            label=label,
            sign_count=made.sign_count,
            added_at=self.clock(),
        )
        with self.desk() as work:
            if work.passkeys.with_credential(passkey.credential_id) is not None:
                raise PasskeyKnown("This passkey was added before")
            if _count(work.passkeys.every(owner.officer)) >= MOST_PASSKEYS:
                raise TooManyPasskeys("Drop a passkey before you add another one")
            work.passkeys.add(passkey)
            work.audited("passkey_added", str(passkey.id))
            work.send(passkey_messages.added(passkey))
            work.commit()
        return passkey


def _count(passkeys: Sequence[Passkey]) -> int:
    return sum(passkey.standing is not Standing.DROPPED for passkey in passkeys)
