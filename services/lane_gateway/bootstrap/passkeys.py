"""What the site does with officers' passkeys: roster, check, use cases."""

from collections.abc import Callable

from services.lane_gateway.devices.passkey_check import WebAuthnCheck
from services.lane_gateway.use_cases.command_lane import CommandLane
from services.lane_gateway.use_cases.confirm_passkey import ConfirmPasskey
from services.lane_gateway.use_cases.drop_passkey import DropPasskey
from services.lane_gateway.use_cases.list_passkeys import ListPasskeys
from services.lane_gateway.use_cases.override_lane import OverrideLane
from services.lane_gateway.use_cases.passkey_ports import Rosters
from services.lane_gateway.use_cases.prove_passkey import ProvePasskey
from services.lane_gateway.use_cases.register_passkey import RegisterPasskey
from services.lane_gateway.use_cases.site_ports import DeskTransactions
from services.lane_gateway.use_cases.trust_passkey import TrustPasskey
from services.lane_gateway.web.passkey_parts import PasskeyUseCases
from shared.clock import Clock, utc_now
from shared.ids import new_id
from shared.web.principal import Principal


def passkey_use_cases(
    *,
    desk: DeskTransactions,
    rosters: Rosters,
    command: CommandLane,
    base_url: str,
    clock: Clock = utc_now,
) -> PasskeyUseCases:
    """Join each use case with what it needs."""
    check = WebAuthnCheck(base_url=base_url)
    prove = ProvePasskey(desk=desk, rosters=rosters, check=check, clock=clock, new_id=new_id)
    return PasskeyUseCases(
        register=RegisterPasskey(desk=desk, check=check, clock=clock, new_id=new_id),
        confirm=ConfirmPasskey(desk=desk, clock=clock),
        drop=DropPasskey(desk=desk, clock=clock),
        prove=prove,
        override=OverrideLane(command=command, prove=prove),
        list=ListPasskeys(desk=desk, rosters=rosters),
        trust=TrustPasskey(desk=desk, rosters=rosters, clock=clock),
    )


def voucher(trust: TrustPasskey) -> Callable[[Principal], bool]:
    """Return what ends the sessions of passkeys that count no more."""

    def vouched(principal: Principal) -> bool:
        return trust(principal.passkey, principal.subject, principal.roles)

    return vouched
