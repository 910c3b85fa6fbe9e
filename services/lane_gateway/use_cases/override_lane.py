"""An officer opens a lane by hand: with a reason, a passkey used for this alone, and an end."""

from dataclasses import dataclass, replace

from services.lane_gateway.domain.commands import Command, CommandKind
from services.lane_gateway.use_cases.command_lane import CommandLane
from services.lane_gateway.use_cases.passkey_ports import Assertion
from services.lane_gateway.use_cases.prove_passkey import ProvePasskey
from shared.errors import Forbidden, InvalidInput
from shared.events import Cause

LONGEST = 60
"""Seconds; the lane ends an override after as many (R9: it expires)."""


class OtherOfficer(Forbidden):
    """The passkey is another officer's than the one who is signed in."""

    code = "other_officer"


@dataclass(frozen=True, kw_only=True)
class OverrideLane:
    """Raise the arm without a decision of the system (R9)."""

    command: CommandLane
    prove: ProvePasskey

    def __call__(self, order: Command, step_up: Assertion, *, cause: Cause | None = None) -> int:
        """Return the command's number.

        Raise ``InvalidInput`` naming the field, a kind of ``PasskeyRefused``, ``OtherOfficer``, or
        what ``CommandLane`` raises. ``order`` has lane, officer, reason and seconds.
        """
        if not 1 <= (order.seconds or 0) <= LONGEST:
            raise InvalidInput({"seconds": ["out_of_range"]})
        proven = self.prove(step_up, purpose="stepped_up")
        if proven.officer != order.officer:
            raise OtherOfficer("The passkey is another officer's")
        stepped_up = replace(order, kind=CommandKind.OVERRIDE, passkey=proven.digest)
        return self.command(stepped_up, cause=cause)
