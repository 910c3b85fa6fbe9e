"""Chips of a lane on a virtual clock: challenged without a reader, with the keys of a site."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from services.lane_gateway.agent.chip_check import ChipParts
from services.lane_gateway.domain.evidence import ChipReply, ChipReplyKind
from services.lane_gateway.domain.lane_policy import LaneMode
from services.lane_gateway.simulator.reader_chip import ChipManner, SimulatedChip
from services.lane_gateway.simulator.vehicle import SimulatedCard
from shared.crypto.chip_keys import chip_key
from shared.crypto.tam1 import tam1_message, tam1_proves
from tests.unit.lane_gateway.agent_bench import LaneBench
from tests.unit.lane_gateway.agent_devices import CardsInField, VirtualClock
from tests.unit.lane_gateway.builders import a_lane, epc_of, named, tid_of

MASTER = bytes(range(32))
AIR_SECONDS = 0.08


def key_of(name: str) -> bytes:
    return chip_key(MASTER, tid_of(name))


def card_of(name: str, manner: ChipManner = ChipManner.HONEST) -> SimulatedCard:
    chip = SimulatedChip(key_of(name), manner)
    return SimulatedCard(epc=epc_of(name), tid=tid_of(name), chip=chip)


@dataclass
class ChipsInField:
    """The port ``ChipAuthenticator`` straight to the chips of the cards in the field.

    ``air`` is how long a challenge takes; ``busy`` a reader that takes none, ``refuses`` one that
    knows none.
    """

    cards: CardsInField
    clock: VirtualClock
    air: float = AIR_SECONDS
    busy: bool = False
    refuses: bool = False
    sent: list[bytes] = field(default_factory=list)
    _waiting: tuple[float, ChipReply] | None = None

    def begin(self, epc: bytes, challenge: bytes, _timeout: float) -> bool:
        if self.busy or self._waiting is not None:
            return False
        self.sent.append(challenge)
        reply = ChipReply(epc=epc, kind=ChipReplyKind.NOT_SENT, arrived=0.0)
        if not self.refuses:
            reply = self._answer(epc, challenge)
        self._waiting = (self.clock.monotonic + self.air, reply)
        return True

    def reply(self) -> ChipReply | None:
        if self._waiting is None or self.clock.monotonic < self._waiting[0]:
            return None
        (_, reply), self._waiting = self._waiting, None
        return replace(reply, arrived=self.clock.monotonic)

    def proves(self, key: bytes, challenge: bytes, answer: bytes) -> bool:
        return tam1_proves(key, challenge, answer)

    def _answer(self, epc: bytes, challenge: bytes) -> ChipReply:
        found = self.cards.cards.get(epc)
        if found is None:
            return ChipReply(epc=epc, kind=ChipReplyKind.ABSENT, arrived=0.0)
        chip = found[0].chip
        answer = None if chip is None else chip.answer(tam1_message(challenge))
        kind = ChipReplyKind.SILENT if answer is None else ChipReplyKind.ANSWERED
        return ChipReply(epc=epc, kind=kind, answer=answer or b"", arrived=0.0)


@dataclass
class KeysOfSite:
    """The port ``ChipKeys`` over a plain table; a key comes with the next ``take``."""

    keys: dict[UUID, bytes] = field(default_factory=dict)
    asked: list[UUID] = field(default_factory=list)
    _wanted: list[UUID] = field(default_factory=list)

    def ask(self, credential_id: UUID) -> None:
        self.asked.append(credential_id)
        self._wanted.append(credential_id)

    def take(self) -> Sequence[tuple[UUID, bytes | None]]:
        wanted, self._wanted = self._wanted, []
        return [(each, self.keys.get(each)) for each in wanted]

    def close(self) -> None:
        """Nothing is open."""


class ChipBench(LaneBench):
    """A lane that demands authentication, with keys for these people."""

    def __init__(self, *names: str, mode: LaneMode = LaneMode.ATTENDED, needs: bool = True) -> None:
        super().__init__(mode=mode, has_counter=mode is LaneMode.AUTOMATIC)
        alone = mode is LaneMode.AUTOMATIC
        self.desk.set(policy=a_lane(needs_chip=needs, counter_grants_automatic=alone))
        self.air = ChipsInField(self.field, self.clock)
        self.keys = KeysOfSite({named(name): key_of(name) for name in names})
        self.chips = ChipParts(authenticator=self.air, keys=self.keys, random=secrets.token_bytes)
        self.member(*names)
        self.start()
