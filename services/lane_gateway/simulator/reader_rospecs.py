"""Reader operations of a simulated reader: their states, what starts them and what ends them.

Disabled, inactive and active are the standard's states. A specification is active once its start
trigger fires or ``START_ROSPEC`` comes, and one alone is active at a time: a lower number of
priority preempts.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from services.lane_gateway.devices.llrp.values import Parameter, parameter
from services.lane_gateway.simulator.reader_profile import Profile
from services.lane_gateway.simulator.reader_refusal import SpecRefused

EVERY = 0
DISABLED, INACTIVE, ACTIVE = range(3)
IMMEDIATE, ON_INPUT = 1, 3
STOP_ON_INPUT = 2
STARTED, ENDED, PREEMPTED = range(3)
MILLI = 1000
Announce = Callable[[Parameter], None]


@dataclass
class RoSpec:
    """One reader operation and how far it is."""

    spec: Parameter
    state: int = DISABLED
    next_start: float | None = None
    started: float = 0.0
    step: int = 0
    step_started: float = 0.0
    rounds: int = 0
    seen: set[bytes] = field(default_factory=set)
    last_new: float = 0.0

    @property
    def number(self) -> int:
        """The specification's id."""
        return self.spec.number("ROSpecID")

    @property
    def priority(self) -> int:
        """The specification's priority; the lowest number goes first."""
        return self.spec.number("Priority")

    @property
    def steps(self) -> list[Parameter]:
        """What the specification does, one after the other."""
        return [p for p in self.spec.parameters if p.name in {"AISpec", "RFSurveySpec"}]

    @property
    def inventory(self) -> Parameter | None:
        """The inventory that runs now."""
        steps = self.steps
        return steps[self.step] if self.state == ACTIVE and self.step < len(steps) else None

    @property
    def start_trigger(self) -> Parameter:
        """What starts it."""
        return self.spec.get("ROBoundarySpec", "ROSpecStartTrigger")

    @property
    def stop_trigger(self) -> Parameter:
        """What ends it."""
        return self.spec.get("ROBoundarySpec", "ROSpecStopTrigger")

    def described(self) -> Parameter:
        """Return the specification as the reader reports it."""
        fields = dict(self.spec.fields) | {"CurrentState": self.state}
        return Parameter(self.spec.name, fields, self.spec.parameters)

    def note(self, epcs: Iterable[bytes], now: float) -> None:
        """Remember what one round of the inventory saw."""
        self.rounds += 1
        new = set(epcs) - self.seen
        if new:
            self.seen |= new
            self.last_new = now

    def begin_step(self, step: int, now: float) -> None:
        """Turn to one of the steps."""
        self.step, self.step_started, self.last_new = step, now, now
        self.rounds, self.seen = 0, set()

    def step_is_over(self, now: float) -> bool:
        """Tell whether the inventory that runs has reached its own end."""
        inventory = self.inventory
        stop = None if inventory is None else inventory.find("AISpecStopTrigger")
        if stop is None:
            return True
        passed = (now - self.step_started) * MILLI
        match stop.number("AISpecStopTriggerType"):
            case 1:
                return passed >= stop.number("DurationTrigger")
            case 2:
                limit = stop.get("GPITriggerValue").number("Timeout")
                return 0 < limit <= passed
            case 3:
                return self._observed(stop.get("TagObservationTrigger"), now, passed)
            case _:
                return False

    def _observed(self, trigger: Parameter, now: float, passed: float) -> bool:
        if 0 < trigger.number("Timeout") <= passed:
            return True
        match trigger.number("TriggerType"):
            case 0:
                return 0 < trigger.number("NumberOfTags") <= len(self.seen)
            case 1:
                return (now - self.last_new) * MILLI >= trigger.number("T")
            case _:
                return 0 < trigger.number("NumberOfAttempts") <= self.rounds


class RoSpecs:
    """All reader operations of a reader."""

    def __init__(
        self, profile: Profile, announce: Announce, step_ended: Callable[[RoSpec], None]
    ) -> None:
        self._limit = profile.max_rospecs
        self._powers = len(profile.powers)
        self._announce = announce
        self._step_ended = step_ended
        self._specs: dict[int, RoSpec] = {}

    @property
    def active(self) -> RoSpec | None:
        """The one that is active, if any."""
        return next((spec for spec in self._specs.values() if spec.state == ACTIVE), None)

    def described(self) -> list[Parameter]:
        """Return all of them as the reader reports them."""
        return [spec.described() for spec in self._specs.values()]

    def add(self, spec: Parameter) -> None:
        """Take a new one, disabled; or ``SpecRefused``."""
        number = spec.number("ROSpecID")
        if number == EVERY or number in self._specs or spec.number("CurrentState") != DISABLED:
            raise SpecRefused("P_FieldError", "ROSpecID or CurrentState")
        if len(self._specs) >= self._limit:
            raise SpecRefused("M_OverflowParameter", "ROSpec")
        if not all(1 <= index <= self._powers for index in _powers(spec)):
            raise SpecRefused("P_FieldError", "TransmitPower")
        self._specs[number] = RoSpec(spec)

    def delete(self, number: int, now: float) -> None:
        """Stop and delete one, or all for 0."""
        for spec in self._chosen(number):
            self._end(spec, now)
            del self._specs[spec.number]

    def enable(self, number: int, now: float) -> None:
        """Make one, or all for 0, wait for their start."""
        for spec in self._chosen(number):
            if spec.state == DISABLED:
                spec.state = INACTIVE
                self._arm(spec, now)

    def disable(self, number: int, now: float) -> None:
        """Stop one, or all for 0, and forget their triggers."""
        for spec in self._chosen(number):
            self._end(spec, now)
            spec.state = DISABLED

    def start(self, number: int, now: float) -> None:
        """Start one that is inactive; or ``SpecRefused``."""
        spec = self._one(number)
        if spec.state == DISABLED or not self._begin(spec, now):
            raise SpecRefused("M_FieldError", "the ROSpec cannot start now")

    def stop(self, number: int, now: float) -> None:
        """Stop one that is active; or ``SpecRefused``."""
        spec = self._one(number)
        if spec.state == DISABLED:
            raise SpecRefused("M_FieldError", "the ROSpec is disabled")
        self._end(spec, now)

    def input_changed(self, port: int, *, high: bool, now: float) -> None:
        """Start or stop what waits for this edge of an input."""
        for spec in self._specs.values():
            start, stop = spec.start_trigger, spec.stop_trigger
            if spec.state == INACTIVE and start.number("ROSpecStartTriggerType") == ON_INPUT:
                if _is_edge(start, port, high=high):
                    self._begin(spec, now)
            elif spec.state == ACTIVE and stop.number("ROSpecStopTriggerType") == STOP_ON_INPUT:
                if _is_edge(stop, port, high=high):
                    self._end(spec, now)
            elif spec.state == ACTIVE and spec.inventory is not None:
                self._stop_step_by_input(spec, port, high=high, now=now)

    def tick(self, now: float) -> None:
        """Start and stop what is due."""
        for spec in list(self._specs.values()):
            if spec.state == ACTIVE:
                self._advance(spec, now)
            elif spec.state == INACTIVE and spec.next_start is not None and now >= spec.next_start:
                period = spec.start_trigger.find("PeriodicTriggerValue")
                seconds = 0 if period is None else period.number("Period") / MILLI
                spec.next_start = spec.next_start + seconds if seconds else None
                self._begin(spec, now)

    def _advance(self, spec: RoSpec, now: float) -> None:
        stop = spec.stop_trigger
        kind, limit = stop.number("ROSpecStopTriggerType"), stop.number("DurationTriggerValue")
        if kind == STOP_ON_INPUT:
            limit = stop.get("GPITriggerValue").number("Timeout")
        if kind != 0 and 0 < limit <= (now - spec.started) * MILLI:
            self._end(spec, now)
        elif spec.step_is_over(now):
            self._next_step(spec, now)

    def _next_step(self, spec: RoSpec, now: float) -> None:
        self._step_ended(spec)
        if spec.step + 1 < len(spec.steps):
            spec.begin_step(spec.step + 1, now)
        else:
            self._end(spec, now)

    def _stop_step_by_input(self, spec: RoSpec, port: int, *, high: bool, now: float) -> None:
        inventory = spec.inventory
        stop = None if inventory is None else inventory.find("AISpecStopTrigger")
        if stop is None or stop.number("AISpecStopTriggerType") != STOP_ON_INPUT:
            return
        if _is_edge(stop, port, high=high):
            self._next_step(spec, now)

    def _begin(self, spec: RoSpec, now: float) -> bool:
        running = self.active
        if running is spec:
            return True
        if running is not None:
            if running.priority <= spec.priority:
                return False
            self._end(running, now, preempting=spec.number)
        spec.state, spec.started = ACTIVE, now
        spec.begin_step(0, now)
        self._announce(_event(STARTED, spec.number))
        return True

    def _end(self, spec: RoSpec, now: float, *, preempting: int = 0) -> None:
        if spec.state != ACTIVE:
            return
        spec.state = INACTIVE
        kind = PREEMPTED if preempting else ENDED
        self._announce(_event(kind, spec.number, preempting))
        if spec.start_trigger.number("ROSpecStartTriggerType") == IMMEDIATE and not preempting:
            spec.next_start = now

    def _arm(self, spec: RoSpec, now: float) -> None:
        start = spec.start_trigger
        match start.number("ROSpecStartTriggerType"):
            case 1:
                self._begin(spec, now)
            case 2:
                spec.next_start = now + start.get("PeriodicTriggerValue").number("Offset") / MILLI
            case _:
                spec.next_start = None

    def _one(self, number: int) -> RoSpec:
        if number not in self._specs:
            raise SpecRefused("M_FieldError", "ROSpecID")
        return self._specs[number]

    def _chosen(self, number: int) -> list[RoSpec]:
        if number == EVERY:
            return list(self._specs.values())
        return [self._one(number)]


def _is_edge(trigger: Parameter, port: int, *, high: bool) -> bool:
    value = trigger.find("GPITriggerValue")
    if value is None:
        return False
    return value.number("GPIPortNum") == port and bool(value.number("GPIEvent")) == high


def _event(kind: int, number: int, preempting: int = 0) -> Parameter:
    return parameter("ROSpecEvent", EventType=kind, ROSpecID=number, PreemptingROSpecID=preempting)


def _powers(spec: Parameter) -> Iterator[int]:
    """Yield the places in the table of powers that the inventory asks for."""
    for inventory in (part for step in spec.all("AISpec") for part in step.parameters):
        for antenna in inventory.all("AntennaConfiguration"):
            transmitter = antenna.find("RFTransmitter")
            if transmitter is not None:
                yield transmitter.number("TransmitPower")
