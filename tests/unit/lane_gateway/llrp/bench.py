"""A session and a simulated reader on one bench: no sockets, and time moves when told."""

from services.lane_gateway.devices.llrp.codec import Message, decode, encode
from services.lane_gateway.devices.llrp.frames import Framer
from services.lane_gateway.devices.llrp.session import Session
from services.lane_gateway.devices.llrp.settings import SessionSettings
from services.lane_gateway.domain.evidence import TagRead
from services.lane_gateway.simulator.reader_answers import answer
from services.lane_gateway.simulator.reader_field import Field, Tag
from services.lane_gateway.simulator.reader_machine import ReaderMachine
from services.lane_gateway.simulator.reader_profile import Profile
from services.lane_gateway.use_cases.ports import ReaderEvent, ReaderEventKind

ROSPEC_ID = 0x51A7_0001
TODAY = 1_760_000_000.0
CARD = Tag(epc=bytes(range(12)), tid=b"\xe2\x80" * 6)
STEP_SECONDS = 0.05


class Bench:
    def __init__(
        self,
        profile: Profile | None = None,
        *,
        agree_on_version: bool = True,
        settings: SessionSettings | None = None,
    ) -> None:
        self.now = 1000.0
        self.field = Field()
        self.machine = ReaderMachine(profile or Profile(), self.field, self.wall)
        settings = settings or SessionSettings(agree_on_version=agree_on_version)
        self.session = Session(settings, ROSPEC_ID, self.now, self.wall)
        self.asked: list[str] = []
        self.deaf = False
        self._framer = Framer()

    def wall(self) -> float:
        return TODAY + self.now

    def open(self) -> "Bench":
        self.machine.connect(self.now)
        self.run(0.3)
        assert self.session.info is not None
        return self

    def run(self, seconds: float) -> list[TagRead | ReaderEvent]:
        """Let time pass, both sides talking; return what the session found."""
        found: list[TagRead | ReaderEvent] = []
        until = self.now + seconds
        while self.now < until:
            self.machine.tick(self.now)
            self.hear(*self.machine.drain())
            self.session.work(self.now)
            found += self.session.take()
            self.speak()
            self.now += STEP_SECONDS
        return found

    def hear(self, *messages: Message) -> None:
        if not self.deaf:
            for message in messages:
                self.session.receive(encode(message), self.now)

    def speak(self) -> None:
        """Carry what the session says to the reader, and its answers back."""
        while data := self.session.outgoing():
            self._framer.feed(data)
            for frame in self._framer:
                self.asked.append(name_of(frame))
                answer(self.machine, frame, self.now)
            self.hear(*self.machine.drain())
            self.session.work(self.now)


def name_of(frame: bytes) -> str:
    return decode(frame).name


def reads(found: list[TagRead | ReaderEvent]) -> list[TagRead]:
    return [came for came in found if isinstance(came, TagRead)]


def kinds(found: list[TagRead | ReaderEvent]) -> list[ReaderEventKind]:
    return [came.kind for came in found if isinstance(came, ReaderEvent)]
