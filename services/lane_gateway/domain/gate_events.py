"""What the gate hears, and what it asks the agent to do."""

from dataclasses import dataclass
from uuid import UUID

from services.lane_gateway.domain.authorisation import Authorisation, Misfit
from services.lane_gateway.domain.gate_model import Fault, GateAlarm, GateStatus, Override, Refusal
from services.lane_gateway.domain.lane_policy import LaneMode
from services.lane_gateway.domain.signals import LaneInputs, LaneOutputs

# What the gate hears.


@dataclass(frozen=True, kw_only=True, slots=True)
class Scanned:
    """All inputs were read."""

    inputs: LaneInputs


@dataclass(frozen=True, kw_only=True, slots=True)
class IOFailed:
    """The inputs could not be read or the outputs not be written."""


@dataclass(frozen=True, kw_only=True, slots=True)
class IORestored:
    """The module answers again, or for the first time, with its coils standing at ``outputs``."""

    outputs: LaneOutputs
    zeroed: bool
    watchdog: float
    has_counter: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Granted:
    """An officer or the lane authorised a passage."""

    authorisation: Authorisation


@dataclass(frozen=True, kw_only=True, slots=True)
class OverrideAsked:
    """A person asked for the arm to be raised, whatever the system thinks."""

    override: Override


@dataclass(frozen=True, kw_only=True, slots=True)
class OverrideEnded:
    """The override is over before its time."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Committed:
    """What leads to the opening is durable; the coil may move if all still holds."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordChanged:
    """The record or the store was lost, or came back."""

    ok: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ReaderChanged:
    """The reader was lost, or came back."""

    live: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ModeSet:
    """The lane's effective mode changed."""

    mode: LaneMode


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedOn:
    """An officer signed on to the lane, or off (``None``)."""

    officer: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class FrontChanged:
    """Another vehicle passage, or none, stands at the arm."""

    passage_id: UUID | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Withdrawn:
    """The decision on a passage no longer holds, because a card's status or the list changed."""

    passage_id: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class AttendantReset:
    """An attendant looked at the lane and clears the latched faults."""

    officer: str


GateEvent = (
    Scanned
    | IOFailed
    | IORestored
    | Granted
    | OverrideAsked
    | OverrideEnded
    | Committed
    | RecordChanged
    | ReaderChanged
    | ModeSet
    | SignedOn
    | FrontChanged
    | Withdrawn
    | AttendantReset
)

# What the gate asks for, in this order.


@dataclass(frozen=True, kw_only=True, slots=True)
class Commit:
    """Make the cause and everything before it durable, then say ``Committed``."""

    cause: Authorisation | Override


@dataclass(frozen=True, kw_only=True, slots=True)
class Drive:
    """Set the outputs."""

    outputs: LaneOutputs


@dataclass(frozen=True, kw_only=True, slots=True)
class Moved:
    """The gate changed its state."""

    before: GateStatus
    after: GateStatus


@dataclass(frozen=True, kw_only=True, slots=True)
class Began:
    """The authorised vehicle is under the arm."""

    passage_id: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class Completed:
    """The authorised vehicle has passed and is clear of the arm."""

    passage_id: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class Lapsed:
    """An authorisation ended without its vehicle having passed."""

    authorisation: Authorisation
    why: Refusal | GateAlarm | Fault
    misfit: Misfit | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class OverrideOver:
    """An override ended, or was refused (``why``)."""

    override: Override
    why: Refusal | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Alarmed:
    """An attendant is needed, or must know."""

    code: GateAlarm | Fault


GateAction = Commit | Drive | Moved | Began | Completed | Lapsed | OverrideOver | Alarmed
