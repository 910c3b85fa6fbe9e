"""A simulated reader without its sockets: messages and time in, messages out."""

from collections import deque
from collections.abc import Callable

from services.lane_gateway.devices.llrp.values import Message, Parameter, parameter
from services.lane_gateway.simulator.reader_access import AccessSpecs
from services.lane_gateway.simulator.reader_config import Config
from services.lane_gateway.simulator.reader_field import Field, Tag
from services.lane_gateway.simulator.reader_profile import VERSION_1_0_1, Profile
from services.lane_gateway.simulator.reader_refusal import SpecRefused
from services.lane_gateway.simulator.reader_reports import Reports
from services.lane_gateway.simulator.reader_rospecs import RoSpec, RoSpecs

ACCEPTED, TAKEN, ANOTHER = 0, 2, 4
"""Outcomes of a connection attempt, and the news of another one."""
MICRO = 1_000_000
ALL_ANTENNAS = 0


class ReaderMachine:
    """The reader's state; ``outbox`` is what its client is to be sent.

    Without a client, or with one that has not asked for them yet, reports and events wait in a
    bounded memory and are replayed later, as real readers do. ``mute`` keeps it from seeing tags
    while all else goes on. Not safe for several threads.
    """

    def __init__(self, profile: Profile, field: Field, wall: Callable[[], float]) -> None:
        self.profile = profile
        self.field = field
        self.outbox: list[Message] = []
        self.mute = False
        self.refused: set[str] = set()
        """Names of requests that are refused whatever they say."""
        self.connected = False
        self.acknowledged = 0
        """Keepalives that the client has acknowledged."""
        self._wall = wall
        self._message_id = 0
        self.restart(0.0)

    def restart(self, now: float) -> None:
        """Forget everything, as after a loss of power."""
        self.version = VERSION_1_0_1
        self.config = Config(self.profile)
        self.access = AccessSpecs(self.profile.max_access_specs)
        self.rospecs = RoSpecs(self.profile, self.announce, self._step_ended)
        self.reports = Reports(self.profile)
        self.kept: deque[Message] = deque()
        self.overflowed = False
        self.connected = self.holding = self.closing = False
        self.outbox.clear()
        self._booted = self._wall()
        self._next_round = now
        self._next_keepalive: float | None = None

    def connect(self, now: float) -> None:
        """Take a client, greet it, and replay unless it wished to be asked first."""
        self.connected, self.closing, self.version = True, False, VERSION_1_0_1
        self.holding = self.config.hold
        self._next_keepalive = self._keepalive_after(now)
        self.outbox.clear()
        self.outbox.append(self._notification(parameter("ConnectionAttemptEvent", Status=ACCEPTED)))
        if not self.holding:
            self.release()

    def disconnect(self) -> None:
        """Lose the client; the inventory goes on."""
        self.connected = False
        # A report that was not sent yet is kept, like everything that comes from now on.
        for message in self.drain():
            if message.name == "RO_ACCESS_REPORT":
                self._keep(message)

    def drain(self) -> list[Message]:
        """Return what is to be sent now, once, in the version that was agreed upon."""
        sent, self.outbox = self.outbox, []
        for message in sent:
            if not message.name.endswith("VERSION_RESPONSE"):
                message.version = self.version
        return sent

    def turn_away(self) -> Message:
        """Return the greeting for a second client, and tell the first one."""
        self.announce(parameter("ConnectionAttemptEvent", Status=ANOTHER))
        return self._notification(parameter("ConnectionAttemptEvent", Status=TAKEN))

    def release(self) -> None:
        """Send what was kept."""
        self.holding = False
        if self.overflowed:
            self.overflowed = False
            self.announce(parameter("ReportBufferOverflowErrorEvent"))
        self.outbox += self.kept
        self.kept.clear()

    def announce(self, event: Parameter) -> None:
        """Tell the client of an event, if it asked for such."""
        if event.name == "ROSpecEvent" and not self.profile.announces_start:
            return
        if self.config.wants(event):
            self.say(self._notification(event))

    def say(self, message: Message) -> None:
        """Send a message of the reader's own accord, or keep it for later."""
        if self.connected and not self.holding:
            self.outbox.append(message)
        else:
            self._keep(message)

    def set_input(self, port: int, *, high: bool, now: float) -> None:
        """Change the level of an input."""
        if self.config.inputs.get(port) == high:
            return
        self.config.inputs[port] = high
        self.announce(parameter("GPIEvent", GPIPortNumber=port, GPIEvent=int(high)))
        self.rospecs.input_changed(port, high=high, now=now)

    def set_antenna(self, port: int, *, connected: bool) -> None:
        """Connect an antenna, or take it off."""
        self.config.antennas[port] = connected
        event = parameter("AntennaEvent", EventType=int(connected), AntennaID=port)
        self.announce(event)

    def tick(self, now: float) -> None:
        """Do what is due: triggers, one look at the field, a keepalive."""
        self.rospecs.tick(now)
        if now >= self._next_round:
            self._next_round = now + self.profile.round_seconds
            self.look(now)
        if self.connected and self._next_keepalive is not None and now >= self._next_keepalive:
            self._next_keepalive = self._keepalive_after(now)
            self.outbox.append(self._own("KEEPALIVE"))

    def hurry(self, now: float) -> None:
        """Look at the field with the next tick, since something has changed there."""
        self._next_round = now

    def due(self) -> float:
        """Return when ``tick`` has something to do next."""
        return min(self._next_round, self._next_keepalive or self._next_round)

    def look(self, now: float) -> None:
        """Look at the field once, with all antennas of the inventory that runs."""
        rospec = self.rospecs.active
        if rospec is None or rospec.inventory is None or rospec.inventory.name != "AISpec":
            return
        tags = [] if self.mute else [tag for tag in self.field.tags() if self._sees(rospec, tag)]
        spec = self.report_spec(rospec)
        for tag in tags:
            access = self.access.carry_out(tag, rospec.number, self.field)
            self.reports.see(rospec, tag, self.microseconds(), access)
            for report in self.reports.due(spec):
                self.say(self._numbered(report))
        rospec.note((tag.epc for tag in tags), now)

    def report_spec(self, rospec: RoSpec | None) -> Parameter:
        """Return how the inventory that runs wants to be reported."""
        own = None if rospec is None else rospec.spec.find("ROReportSpec")
        return own or self.config.report_spec

    def flush(self) -> None:
        """Report what waits, as ``GET_REPORT`` asks for."""
        for report in self.reports.flush(self.report_spec(self.rospecs.active)):
            self.say(self._numbered(report))

    def keepalives_changed(self, now: float) -> None:
        """Begin to send keepalives as configured."""
        self._next_keepalive = self._keepalive_after(now)

    def microseconds(self) -> int:
        """Return the reader's own time: since 1970, or since it was switched on."""
        if not self.profile.has_utc_clock:
            return round((self._wall() - self._booted) * MICRO)
        return max(0, round((self._wall() + self.profile.clock_offset) * MICRO))

    def check_refusal(self, name: str) -> None:
        """Raise ``SpecRefused`` for a request that was set to be refused."""
        if name in self.refused:
            raise SpecRefused("R_DeviceError", "refused by the test")

    def _sees(self, rospec: RoSpec, tag: Tag) -> bool:
        inventory = rospec.inventory
        antennas = () if inventory is None else inventory.fields.get("AntennaIDs", ())
        chosen = isinstance(antennas, tuple) and (
            ALL_ANTENNAS in antennas or tag.antenna in antennas
        )
        return chosen and self.config.antennas.get(tag.antenna, False)

    def _step_ended(self, rospec: RoSpec) -> None:
        self.announce(parameter("AISpecEvent", ROSpecID=rospec.number, SpecIndex=rospec.step + 1))
        for report in self.reports.due(self.report_spec(rospec), at_end=True):
            self.say(self._numbered(report))

    def _keep(self, message: Message) -> None:
        if len(self.kept) >= self.profile.buffer_limit:
            self.overflowed = True
        else:
            self.kept.append(message)

    def _keepalive_after(self, now: float) -> float | None:
        period = self.config.keepalive_seconds
        return None if period is None else now + period

    def _notification(self, event: Parameter) -> Message:
        time = "UTCTimestamp" if self.profile.has_utc_clock else "Uptime"
        data = parameter(
            "ReaderEventNotificationData",
            parameter(time, Microseconds=self.microseconds()),
            event,
        )
        return self._own("READER_EVENT_NOTIFICATION", data)

    def _own(self, name: str, *parameters: Parameter) -> Message:
        return self._numbered(Message(name, {}, parameters))

    def _numbered(self, message: Message) -> Message:
        self._message_id = self._message_id % 0xFFFFFFFF + 1
        message.id = self._message_id
        return message
