"""One challenge to one chip, as an errand during a session; experimental."""

from services.lane_gateway.devices.llrp import chip_requests, requests
from services.lane_gateway.devices.llrp.dialogue import Procedure, Voice, Wait, tolerate
from services.lane_gateway.devices.llrp.tags import MemoryRead, Sighting
from services.lane_gateway.devices.llrp.values import Message


class Authenticate:
    """Sends one message to one chip; once it is ``over``, the rest says what became of it.

    ``granted``: the reader took the challenge. ``present``: the chip was in the field meanwhile.
    ``answer``: what it said, ``None`` for nothing. The access specification that reads every tag
    steps aside, since a reader carries out one for each tag and round.
    """

    def __init__(self, voice: Voice, rospec_id: int, epc: bytes, message: bytes) -> None:
        self.over = False
        self.granted = False
        self.present = False
        self.answer: bytes | None = None
        self.epc = epc
        self._voice = voice
        self._spec = chip_requests.authenticate_one(rospec_id, epc, message)

    def run(self, seconds: float) -> Procedure[None]:
        """Wait for the chip at most so long; a reader that cannot do it leaves ``granted`` off."""
        say = self._voice.message
        every, this = requests.ACCESS_SPEC, chip_requests.ACCESS_SPEC
        yield from tolerate(say("DISABLE_ACCESSSPEC", AccessSpecID=every))
        if (yield from tolerate(say("ADD_ACCESSSPEC", self._spec))):
            self.granted = yield from tolerate(say("ENABLE_ACCESSSPEC", AccessSpecID=this))
            if self.granted:
                yield Wait(seconds=seconds, wants=self._look)
            self.over = True
            yield from tolerate(say("DELETE_ACCESSSPEC", AccessSpecID=this))
        self.over = True
        yield from tolerate(say("ENABLE_ACCESSSPEC", AccessSpecID=every))

    def _look(self, came: Message | Sighting) -> bool:
        """Take note of the chip, and tell whether the challenge came to an end with it."""
        if isinstance(came, Message) or came.epc != self.epc:
            return False
        self.present = True
        result = next((a for a in came.answers if a.operation == chip_requests.OPERATION), None)
        if result is None:
            return False
        self.answer = _said(result)
        return True


def _said(result: MemoryRead) -> bytes | None:
    return result.data if result.result == 0 and result.data else None
