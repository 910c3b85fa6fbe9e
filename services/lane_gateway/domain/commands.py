"""What officers tell a lane, as it stands in the desk's store."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.lane_gateway.domain.lane_policy import LaneMode, LanePolicy


class CommandKind(StrEnum):
    """What an officer asks of the lane."""

    ADMIT = "admit"
    """Let pass what is clear; ``counted`` occupants."""
    SECONDARY = "secondary"
    REDIRECT = "redirect"
    AFTER_CHECKS = "after_checks"
    """Let pass what is not clear; with a reason."""
    TURN_BACK = "turn_back"
    CONFIRM_PLATE = "confirm_plate"
    """The officer confirms or types the plate."""
    ADD_CARD = "add_card"
    """The officer looked up a card that could not be read."""
    OVERRIDE = "override"
    END_OVERRIDE = "end_override"
    RESET = "reset"
    """An attendant looked at the lane: latched faults may go."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Command:
    """One officer's command; ``id`` counts up within the desk's store.

    Which of the optional fields are set depends on the kind: ``counted`` with ``ADMIT``,
    ``plate`` and ``region`` with ``CONFIRM_PLATE``, ``epc`` with ``ADD_CARD``, ``seconds`` with
    ``OVERRIDE``, ``reason`` wherever the officer gave one.
    """

    id: int
    lane: str
    kind: CommandKind
    officer: str
    at: datetime
    passage_id: UUID | None = None
    counted: int | None = None
    reason: str = field(default="", repr=False)
    plate: str = field(default="", repr=False)
    region: str = ""
    epc: bytes = field(default=b"", repr=False)
    seconds: float | None = None
    passkey: str = ""
    """Digest of the passkey by which the officer stepped up; an override needs one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DeskLane:
    """How a lane is staffed and set now; ``mode`` is the one wanted, ``signed_on`` the officer."""

    mode: LaneMode
    signed_on: str | None
    policy: LanePolicy
