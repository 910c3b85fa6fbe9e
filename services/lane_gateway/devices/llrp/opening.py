"""How a session begins: from the reader's greeting to the start of the inventory."""

from services.lane_gateway.devices.llrp import requests
from services.lane_gateway.devices.llrp.dialogue import (
    ERROR,
    Procedure,
    Voice,
    Wait,
    ask,
    demand,
    status,
    tolerate,
)
from services.lane_gateway.devices.llrp.settings import (
    CONNECTION_EVENT_SECONDS,
    IMPINJ,
    VERSION_SECONDS,
    SessionSettings,
)
from services.lane_gateway.devices.llrp.tables import ENUMS
from services.lane_gateway.devices.llrp.tags import Sighting
from services.lane_gateway.devices.llrp.values import Message, Parameter
from services.lane_gateway.use_cases.ports import ReaderBusy, ReaderInfo, ReaderLost, ReaderRefused

ATTEMPT = ("ReaderEventNotificationData", "ConnectionAttemptEvent")
SUCCESS = 0
TAKEN = {1, 2}
"""A connection exists already, begun by the reader or by another client."""
VERSION_1_1 = 2
UNSUPPORTED_VERSION = ENUMS["StatusCode"]["M_UnsupportedVersion"]


class Opening:
    """The procedure that opens a session; ``tid_readable`` tells what the reader could not do."""

    def __init__(self, voice: Voice, settings: SessionSettings, rospec_id: int) -> None:
        self._voice = voice
        self._settings = settings
        self._rospec_id = rospec_id
        self.asked_for_version = False
        self.tid_readable = False

    def run(self) -> Procedure[ReaderInfo]:
        """Open the session; raise ``ReaderBusy``, ``ReaderRefused`` or ``ReaderLost``."""
        yield from _greeting()
        if self._settings.agree_on_version:
            yield from self._agree_on_version()
        said = yield from demand(self._voice.message("GET_READER_CAPABILITIES", RequestedData=0))
        info = self._info(said)
        yield from self._forget()
        yield from self._configure(info, said)
        yield from self._begin(said)
        return info

    def _agree_on_version(self) -> Procedure[None]:
        self.asked_for_version = True
        offered = yield from self._offered(1)
        if offered is not None and offered.name == ERROR and status(offered) == UNSUPPORTED_VERSION:
            # The standard's text is not at hand: some readers want the question in a header of 1.1.
            offered = yield from self._offered(VERSION_1_1)
        self.asked_for_version = False
        if offered is None or offered.name == ERROR or status(offered) != SUCCESS:
            return
        if offered.number("SupportedVersion") < VERSION_1_1:
            return
        if offered.number("CurrentVersion") != VERSION_1_1:
            choice = self._voice.message("SET_PROTOCOL_VERSION", ProtocolVersion=VERSION_1_1)
            choice.version = offered.version
            granted = yield from tolerate(choice)
            if not granted:
                return
        self._voice.version = VERSION_1_1

    def _offered(self, version: int) -> Procedure[Message | None]:
        question = self._voice.message("GET_SUPPORTED_VERSION")
        question.version = version
        return (yield from ask(question, VERSION_SECONDS))

    def _info(self, said: Message) -> ReaderInfo:
        device = said.find("GeneralDeviceCapabilities") or Parameter("GeneralDeviceCapabilities")
        return ReaderInfo(
            vendor=device.number("DeviceManufacturerName"),
            model=device.number("ModelName"),
            firmware=device.text("ReaderFirmwareVersion"),
            antennas=device.number("MaxNumberOfAntennaSupported"),
            protocol_version=self._voice.version,
            has_utc_clock=bool(device.number("HasUTCClockCapability")),
            rospec_id=self._rospec_id,
        )

    def _forget(self) -> Procedure[None]:
        """Delete what an earlier session left; a reader that has nothing may call that an error."""
        say = self._voice.message
        yield from tolerate(say("DELETE_ACCESSSPEC", AccessSpecID=requests.EVERY))
        yield from tolerate(say("DELETE_ROSPEC", ROSpecID=requests.EVERY))

    def _configure(self, info: ReaderInfo, said: Message) -> Procedure[None]:
        wishes = [requests.events(), requests.keepalives()]
        able = said.find("LLRPCapabilities")
        if able is None or able.number("SupportsEventAndReportHolding"):
            wishes.append(requests.holding())
        if info.vendor == IMPINJ:
            enable = self._voice.message(
                "CUSTOM_MESSAGE",
                VendorIdentifier=IMPINJ,
                MessageSubtype=requests.IMPINJ_ENABLE_EXTENSIONS,
                Data=bytes(4),
            )
            if (yield from _extended(enable)):
                wishes.append(requests.link_monitor())
        yield from demand(self._voice.message("SET_READER_CONFIG", *wishes))

    def _begin(self, said: Message) -> Procedure[None]:
        say, mine = self._voice.message, self._rospec_id
        yield from demand(say("ADD_ROSPEC", requests.rospec(mine, self._settings, said)))
        yield from demand(say("ENABLE_ROSPEC", ROSpecID=mine))
        able = said.find("LLRPCapabilities")
        if able is None or able.number("MaxNumAccessSpecs"):
            # An unread chip is referred and never let through, so a refusal costs no safety.
            self.tid_readable = yield from self._read_tids()
        # This one has no answer by the standard.
        yield Wait(seconds=0, wants=_nothing, send=say("ENABLE_EVENTS_AND_REPORTS"))
        yield from demand(say("START_ROSPEC", ROSpecID=mine))

    def _read_tids(self) -> Procedure[bool]:
        say, words = self._voice.message, self._settings.tid_words
        spec = requests.read_every_tid(self._rospec_id, words)
        added = yield from tolerate(say("ADD_ACCESSSPEC", spec))
        if not added:
            return False
        number = requests.ACCESS_SPEC
        return (yield from tolerate(say("ENABLE_ACCESSSPEC", AccessSpecID=number)))


def _greeting() -> Procedure[None]:
    greeting = yield Wait(seconds=CONNECTION_EVENT_SECONDS, wants=_is_greeting)
    if not isinstance(greeting, Message):
        raise ReaderLost("The reader sent no connection event")
    outcome = greeting.get(*ATTEMPT).number("Status")
    if outcome in TAKEN:
        raise ReaderBusy("The reader serves another client")
    if outcome != SUCCESS:
        raise ReaderRefused(f"The reader refused the connection with status {outcome}")


def _is_greeting(came: Message | Sighting) -> bool:
    return isinstance(came, Message) and came.find(*ATTEMPT) is not None


def _nothing(_came: Message | Sighting) -> bool:
    return False


def _extended(request: Message) -> Procedure[bool]:
    """Ask for a vendor's extensions; the answer is a custom message of the same id, or an error."""

    def answers(came: Message | Sighting) -> bool:
        return (
            isinstance(came, Message)
            and came.id == request.id
            and came.name in {"CUSTOM_MESSAGE", ERROR}
        )

    answer = yield Wait(seconds=VERSION_SECONDS, wants=answers, send=request, queues=True)
    return isinstance(answer, Message) and answer.name != ERROR
