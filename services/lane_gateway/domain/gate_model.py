"""The gate's states, what it is told and what it asks for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID

from services.lane_gateway.domain.authorisation import Authorisation
from services.lane_gateway.domain.lane_policy import LaneHealth, LaneMode
from services.lane_gateway.domain.signals import SHUT, LaneInputs, LaneOutputs


class GateStatus(StrEnum):
    """Where the arm is, or who commands it."""

    UNKNOWN = "unknown"
    DOWN = "down"
    RISING = "rising"
    UP = "up"
    LOWERING = "lowering"
    FAULTED = "faulted"
    MANUAL = "manual"
    EMERGENCY_OPEN = "emergency_open"


_ALWAYS = frozenset({GateStatus.FAULTED, GateStatus.MANUAL, GateStatus.EMERGENCY_OPEN})

ALLOWED: dict[GateStatus, frozenset[GateStatus]] = {
    GateStatus.UNKNOWN: frozenset({GateStatus.DOWN}) | _ALWAYS,
    GateStatus.DOWN: frozenset({GateStatus.RISING, GateStatus.UNKNOWN}) | _ALWAYS,
    GateStatus.RISING: frozenset({GateStatus.UP, GateStatus.UNKNOWN}) | _ALWAYS,
    GateStatus.UP: frozenset({GateStatus.LOWERING, GateStatus.UNKNOWN}) | _ALWAYS,
    GateStatus.LOWERING: frozenset({GateStatus.DOWN, GateStatus.RISING, GateStatus.UNKNOWN})
    | _ALWAYS,
    GateStatus.FAULTED: frozenset(
        {GateStatus.UNKNOWN, GateStatus.MANUAL, GateStatus.EMERGENCY_OPEN}
    ),
    GateStatus.MANUAL: frozenset(
        {GateStatus.DOWN, GateStatus.UNKNOWN, GateStatus.FAULTED, GateStatus.EMERGENCY_OPEN}
    ),
    GateStatus.EMERGENCY_OPEN: frozenset({GateStatus.UNKNOWN}),
}


class Fault(StrEnum):
    """What latches the gate until an attendant has looked."""

    ARM_NOT_UP = "arm_not_up"
    ARM_NOT_DOWN = "arm_not_down"
    ARM_MOVED = "arm_moved"
    LIMITS_CONFLICT = "limits_conflict"
    REVERSALS = "reversals"
    LAMP_PROOF = "lamp_proof"
    LAMPS_TOGETHER = "lamps_together"


class GateAlarm(StrEnum):
    """What calls an attendant without stopping the gate, beside the faults."""

    TAILGATE = "tailgate"
    UNAUTHORISED_PASSAGE = "unauthorised_passage"
    NO_PASSAGE = "no_passage"
    EMERGENCY_OPEN = "emergency_open"
    NEEDS_ATTENDANT = "needs_attendant"
    IO_LOST = "io_lost"


class Refusal(StrEnum):
    """Why an authorisation does not open the gate."""

    OTHER_LANE = "other_lane"
    OTHER_PASSAGE = "other_passage"
    USED = "used"
    EXPIRED = "expired"
    BUSY = "busy"
    FAULT = "fault"
    NOT_IN_SERVICE = "not_in_service"
    RECORD_LOST = "record_lost"
    READER_LOST = "reader_lost"
    INPUTS_STALE = "inputs_stale"
    NOT_AT_GATE = "not_at_gate"
    SAFETY_NOT_CLEAR = "safety_not_clear"
    CLOSING_NOT_CLEAR = "closing_not_clear"
    ARM_NOT_DOWN = "arm_not_down"
    MISFIT = "misfit"
    IO_LOST = "io_lost"
    OVERRIDDEN = "overridden"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, kw_only=True, slots=True)
class Override:
    """A person's command to raise the arm without a decision of the system.

    ``officer`` is ``None`` for the key switch at the lane; ``expires`` is a monotonic time.
    """

    id: UUID
    officer: str | None
    reason: str = field(repr=False)
    expires: float
    seconds: float = 0.0
    """How long it was given for; 0 for the key switch, which holds it."""
    passkey: str = ""
    """Digest of the passkey that stepped it up."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cycle:
    """What one raising of the arm has seen so far."""

    entered: bool = False
    over: bool = False
    """Loop S had a vehicle over it when it was last seen."""
    left: bool = False
    """What was over S last went on over C, and not back."""
    gone: bool = False
    """It is clear of C as well: whoever comes over S now is another one."""
    passed: bool = False
    reversals: int = 0
    tailgated: bool = False


class GateState(NamedTuple):
    """All that the gate's rules remember; times are monotonic seconds.

    ``waiting`` is an authorisation whose moment has not come, ``pending`` one (or an override) that
    is being committed, ``current`` the one that the arm was raised for. ``raised`` says that the
    coil was on at some time since the arm was last confirmed down. ``attended_since_start`` is
    false after a restart until the lane was found empty or an attendant looked.
    """

    lane: str
    status: GateStatus = GateStatus.UNKNOWN
    since: float = 0.0
    mode: LaneMode = LaneMode.CLOSED
    signed_on: str | None = None
    front: UUID | None = None
    inputs: LaneInputs | None = None
    outputs: LaneOutputs = SHUT
    lamp_since: float = 0.0
    reader_live: bool = False
    record_ok: bool = True
    watchdog: float = 0.0
    has_counter: bool = False
    io_lost_at: float | None = None
    waiting: Authorisation | None = None
    pending: Authorisation | Override | None = None
    current: Authorisation | None = None
    used: Mapping[UUID, float] = MappingProxyType({})
    """Authorisations that were used, and when."""
    raised: bool = False
    cycle: Cycle = Cycle()
    faults: frozenset[Fault] = frozenset()
    override: Override | None = None
    attended_since_start: bool = False
    held_since: Mapping[str, float] = MappingProxyType({})
    """Since when a condition that must last holds, by its name."""

    def health(self) -> LaneHealth:
        """Return how much of the lane works."""
        working = frozenset(
            {GateStatus.DOWN, GateStatus.RISING, GateStatus.UP, GateStatus.LOWERING}
        )
        if self.status not in working or self.faults or not self.record_ok or self.inputs is None:
            return LaneHealth.OUT_OF_SERVICE
        return LaneHealth.OK if self.reader_live else LaneHealth.DEGRADED
