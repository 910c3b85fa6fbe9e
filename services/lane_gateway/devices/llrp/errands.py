"""What the lane asks of a reader during a session: one chip's number, an output."""

from services.lane_gateway.devices.llrp import requests
from services.lane_gateway.devices.llrp.dialogue import Procedure, Voice, Wait, demand, tolerate
from services.lane_gateway.devices.llrp.reports import is_whole
from services.lane_gateway.devices.llrp.settings import CLOSE_SECONDS
from services.lane_gateway.devices.llrp.tags import Sighting
from services.lane_gateway.devices.llrp.values import Message, parameter


class ReadTid:
    """Reads the number of one chip; ``data`` is there as soon as the chip has answered.

    A reader carries out one access specification for each tag and round, so the one that reads
    every tag steps aside meanwhile, and comes back after the answer.
    """

    def __init__(self, voice: Voice, rospec_id: int, epc: bytes, words: int) -> None:
        self.data: bytes | None = None
        self._voice = voice
        self._epc = epc
        self._spec = requests.read_one_tid(rospec_id, epc, words)

    def run(self, seconds: float) -> Procedure[None]:
        """Wait for the chip at most so long; what the reader refuses leaves it unread."""
        say = self._voice.message
        every, this = requests.ACCESS_SPEC, requests.TARGETED_ACCESS_SPEC
        yield from tolerate(say("DISABLE_ACCESSSPEC", AccessSpecID=every))
        if (yield from tolerate(say("ADD_ACCESSSPEC", self._spec))):
            if (yield from tolerate(say("ENABLE_ACCESSSPEC", AccessSpecID=this))):
                self.data = yield from _answer_of(self._epc, seconds)
            yield from tolerate(say("DELETE_ACCESSSPEC", AccessSpecID=this))
        yield from tolerate(say("ENABLE_ACCESSSPEC", AccessSpecID=every))


def _answer_of(epc: bytes, seconds: float) -> Procedure[bytes | None]:
    seen = yield Wait(seconds=seconds, wants=lambda came: _chip_answer(came, epc) is not None)
    return None if seen is None else _chip_answer(seen, epc)


def _chip_answer(came: Message | Sighting, epc: bytes) -> bytes | None:
    if isinstance(came, Message) or came.epc != epc:
        return None
    wanted = requests.TARGETED_OPERATION
    return next((r.data for r in came.reads if r.operation == wanted and is_whole(r)), None)


def set_gpo(voice: Voice, port: int, *, high: bool) -> Procedure[Message]:
    """Set an output of the reader; raise ``ReaderRefused`` if there is none such."""
    level = parameter("GPOWriteData", GPOPortNumber=port, GPOData=int(high))
    return demand(voice.message("SET_READER_CONFIG", level))


def farewell(voice: Voice, rospec_id: int) -> Procedure[None]:
    """Stop the inventory, so that the reader queues nothing for later, and close the session."""
    yield Wait(seconds=0, wants=_nothing, send=voice.message("DELETE_ROSPEC", ROSpecID=rospec_id))
    goodbye = voice.message("CLOSE_CONNECTION")
    yield Wait(
        seconds=CLOSE_SECONDS,
        wants=lambda came: isinstance(came, Message) and came.id == goodbye.id,
        send=goodbye,
    )


def _nothing(_came: Message | Sighting) -> bool:
    return False
