"""What happens at a lane, as it is written into its record (R10)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.lane_gateway.domain.admission import Decision, Reason, Verdict
from services.lane_gateway.domain.authorisation import Authorisation, AuthorisationKind
from services.lane_gateway.domain.evidence import ChipOutcome
from services.lane_gateway.domain.gate_model import GateStatus, Override
from services.lane_gateway.domain.lane_policy import LaneMode
from services.lane_gateway.domain.signals import Edge, LaneOutputs
from shared.events import Event


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One event with its times: the host's UTC and monotonic clock, and the device's own time."""

    event: Event
    at: datetime
    monotonic: float
    device_time: datetime | None = None


class PassageEnd(StrEnum):
    """How a passage is over."""

    PASSED = "passed"
    TURNED_BACK = "turned_back"
    FAULTED = "faulted"


class ReferralEnd(StrEnum):
    """How the referral of a vehicle is closed."""

    SECONDARY = "secondary"
    TURNED_BACK = "turned_back"
    AFTER_CHECKS = "after_checks"


@dataclass(frozen=True, kw_only=True)
class AgentStarted(Event):
    """A lane's agent has started, safe and without memory of what it did before."""

    lane: str


@dataclass(frozen=True, kw_only=True)
class InputsChanged(Event):
    """Inputs changed between two scans."""

    lane: str
    edges: tuple[Edge, ...]


@dataclass(frozen=True, kw_only=True)
class CardSeen(Event):
    """A card was read that the passage did not know, or its chip's number was read at last.

    A replay belongs to no passage.
    """

    lane: str
    passage_id: UUID | None
    epc: bytes = field(repr=False)
    tid_read: bool
    antenna: int | None
    rssi: float | None
    replay: bool


@dataclass(frozen=True, kw_only=True)
class ChipChallenged(Event):
    """A challenge went to a chip; ``challenge`` (hex) is sealed, and forgotten after a day."""

    lane: str
    passage_id: UUID
    epc: bytes = field(repr=False)
    challenge: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class ChipJudged(Event):
    """What became of a challenge; the chip's answer itself is written down nowhere."""

    lane: str
    passage_id: UUID
    epc: bytes = field(repr=False)
    outcome: ChipOutcome


@dataclass(frozen=True, kw_only=True)
class PlateSeen(Event):
    """The camera read a plate, or an officer confirmed or typed one."""

    lane: str
    passage_id: UUID
    plate: str = field(repr=False)
    region: str
    confidence: float
    by_officer: bool


@dataclass(frozen=True, kw_only=True)
class PassageOpened(Event):
    """A vehicle is coming."""

    passage_id: UUID
    lane: str
    mode: LaneMode


@dataclass(frozen=True, kw_only=True)
class PassageDecided(Event):
    """The lane came to a verdict, or to another one on new evidence."""

    passage_id: UUID
    lane: str
    decision: Decision


@dataclass(frozen=True, kw_only=True)
class PassageAuthorised(Event):
    """A vehicle may pass once."""

    passage_id: UUID
    lane: str
    authorisation: Authorisation


@dataclass(frozen=True, kw_only=True)
class PassageReturned(Event):
    """An authorisation ended unused; the vehicle needs another one."""

    passage_id: UUID
    lane: str
    authorisation_id: UUID
    why: str


@dataclass(frozen=True, kw_only=True)
class PassageBegan(Event):
    """The authorised vehicle is under the arm."""

    passage_id: UUID
    lane: str


@dataclass(frozen=True, kw_only=True)
class PassageTimes:
    """When a passage was seen, shown, decided and let through; measured, for every vehicle."""

    read: datetime | None = None
    shown: datetime | None = None
    decided: datetime | None = None
    gate: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class PassageEnded(Event):
    """A passage is over; all that others learn of it."""

    passage_id: UUID
    lane: str
    end: PassageEnd
    why: str
    credential_ids: tuple[UUID, ...]
    verdict: Verdict | None
    reasons: tuple[Reason, ...]
    authorisation_kind: AuthorisationKind | None
    officer: str | None
    counted: int | None
    times: PassageTimes
    list_number: int | None
    list_age: timedelta | None
    ended_at: datetime


@dataclass(frozen=True, kw_only=True)
class ReferralClosed(Event):
    """A vehicle that was not clear has left the lane in one of the three ways."""

    passage_id: UUID
    lane: str
    end: ReferralEnd
    officer: str | None
    reason: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class OfficerCommanded(Event):
    """An officer's command was taken in; ``refused`` says why nothing came of it."""

    lane: str
    command_id: int
    kind: str
    officer: str
    passage_id: UUID | None
    refused: str | None = None


@dataclass(frozen=True, kw_only=True)
class OverrideGiven(Event):
    """A person raises the arm without a decision of the system."""

    lane: str
    override: Override


@dataclass(frozen=True, kw_only=True)
class OverrideEnded(Event):
    """An override is over, or was refused (``why``)."""

    lane: str
    override_id: UUID
    why: str | None


@dataclass(frozen=True, kw_only=True)
class GateMoved(Event):
    """The gate changed its state."""

    lane: str
    before: GateStatus
    after: GateStatus


@dataclass(frozen=True, kw_only=True)
class OutputsDriven(Event):
    """Outputs were written, and read back as written or not."""

    lane: str
    outputs: LaneOutputs
    verified: bool


@dataclass(frozen=True, kw_only=True)
class ModeChanged(Event):
    """The lane works in another mode from now on."""

    lane: str
    before: LaneMode
    after: LaneMode


@dataclass(frozen=True, kw_only=True)
class DeviceNoted(Event):
    """A device was lost, came back, or told something of itself."""

    lane: str
    device: str
    what: str
    count: int = 1


@dataclass(frozen=True, kw_only=True)
class AlarmRaised(Event):
    """Somebody must look at the lane."""

    alarm_id: UUID
    lane: str
    code: str
    passage_id: UUID | None
