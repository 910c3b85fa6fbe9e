"""The port ``ChipAuthenticator`` over LLRP; experimental, answered by our simulator alone."""

import time
from collections.abc import Callable

from services.lane_gateway.devices.llrp.chip_errand import Authenticate
from services.lane_gateway.devices.llrp.reader import LlrpReader
from services.lane_gateway.devices.llrp.settings import ANSWER_SECONDS
from services.lane_gateway.domain.evidence import ChipReply, ChipReplyKind
from shared.crypto.tam1 import tam1_message, tam1_proves


class LlrpChipAuthenticator:
    """Sends challenges through the reader's own session, one at a time, and never waits."""

    def __init__(
        self, reader: LlrpReader, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._reader = reader
        self._monotonic = monotonic
        self._errand: Authenticate | None = None
        self._give_up_at = 0.0

    def begin(self, epc: bytes, challenge: bytes, timeout: float) -> bool:
        """Begin to send the challenge; ``False`` while the reader is away or busy."""
        if self._errand is not None:
            return False
        self._errand = self._reader.authenticate(epc, tam1_message(challenge), timeout)
        self._give_up_at = self._monotonic() + timeout + ANSWER_SECONDS
        return self._errand is not None

    def reply(self) -> ChipReply | None:
        """Return what became of the challenge, once; ``None`` as long as nothing has."""
        errand, now = self._errand, self._monotonic()
        if errand is None or not (errand.over or now >= self._give_up_at):
            return None
        self._errand = None
        answer = errand.answer if errand.over else None
        kind = _kind(errand)
        return ChipReply(epc=errand.epc, kind=kind, answer=answer or b"", arrived=now)

    def proves(self, key: bytes, challenge: bytes, answer: bytes) -> bool:
        """Tell whether the answer was made with this key for this challenge."""
        return tam1_proves(key, challenge, answer)


def _kind(errand: Authenticate) -> ChipReplyKind:
    if not (errand.over and errand.granted):
        return ChipReplyKind.NOT_SENT
    if errand.answer is not None:
        return ChipReplyKind.ANSWERED
    return ChipReplyKind.SILENT if errand.present else ChipReplyKind.ABSENT
