"""Has the chips of a lane challenged where its policy asks for that, beside everything else.

Experimental. Nothing waits for a chip: keys are looked for elsewhere, a challenge runs in the
reader's session while cards are read on, and what comes of it is evidence like any other.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

from services.lane_gateway.agent.decider import Decider
from services.lane_gateway.agent.judge import Judge
from services.lane_gateway.agent.recorder import Recorder
from services.lane_gateway.agent.tracker import Tracker
from services.lane_gateway.domain.card_in_vehicle import CardInVehicle
from services.lane_gateway.domain.chip import CHALLENGE_BYTES, FINAL, Challenges
from services.lane_gateway.domain.events import ChipChallenged, ChipJudged
from services.lane_gateway.domain.evidence import ChipOutcome, ChipReply
from services.lane_gateway.domain.passage import Passage, PassageState
from services.lane_gateway.use_cases.chip_ports import ChipAuthenticator, ChipKeys

TRIES = 3
"""Challenges before a silent chip counts as silent: it may be out of reach once or twice."""
AGAIN_AFTER = 2.0
"""Seconds from then on between two challenges to a chip that is read again and again."""
_OPEN_TO_EVIDENCE = frozenset({PassageState.APPROACHING, PassageState.DECIDED})


@dataclass(frozen=True, kw_only=True)
class ChipParts:
    """What it takes to challenge chips; ``random`` gives so many random bytes."""

    authenticator: ChipAuthenticator
    keys: ChipKeys
    random: Callable[[int], bytes]


@dataclass(kw_only=True, slots=True)
class _Asked:
    """One card of a vehicle: whose key is looked for, the key, how often it was challenged."""

    credential_id: UUID
    passage_id: UUID
    key: bytes | None = field(default=None, repr=False)
    tries: int = 0
    at: float = float("-inf")
    """When it was challenged last."""


@dataclass(kw_only=True)
class ChipCheck:
    """Challenges one chip after the other; keys are forgotten when their vehicle has gone."""

    tracker: Tracker
    judge: Judge
    decider: Decider
    recorder: Recorder
    parts: ChipParts
    monotonic: Callable[[], float]
    _challenges: Challenges = field(default_factory=Challenges)
    _asked: dict[bytes, _Asked] = field(default_factory=dict)
    _under_way: _Asked | None = None

    def turn(self) -> None:
        """Take in what has come, and begin what is next; to be called with every scan."""
        for credential_id, key in self.parts.keys.take():
            self._take_key(credential_id, key)
        if self._under_way and (reply := self.parts.authenticator.reply()) is not None:
            self._take_reply(reply)
            self._under_way = None
        self._forget_gone()
        if self.judge.policy.needs_chip and not self._under_way:
            for passage, card in self._unproved():
                if self._begin(passage, card):
                    return

    def _unproved(self) -> Iterator[tuple[Passage, CardInVehicle]]:
        for passage in self.tracker.every():
            if passage.state in _OPEN_TO_EVIDENCE:
                for card in passage.own_cards.values():
                    if card.tids and not card.by_officer and card.chip not in FINAL:
                        yield passage, card

    def _begin(self, passage: Passage, card: CardInVehicle) -> bool:
        """Ask for the card's key, or challenge its chip; tell whether a challenge is under way."""
        asked = self._asked.get(card.epc)
        if asked is None or asked.passage_id != passage.id:
            self._ask_for_key(passage, card)
            return False
        now = self.monotonic()
        tired = asked.tries >= TRIES and now - asked.at < AGAIN_AFTER
        if asked.key is None or tired or card.last_read <= asked.at:
            return False
        life = self.judge.policy.challenge_life.total_seconds()
        value = self.parts.random(CHALLENGE_BYTES)
        challenge = self._challenges.draw(card.epc, value, now=now, life=life)
        if challenge is None or not self.parts.authenticator.begin(card.epc, value, life):
            return False
        asked.tries, asked.at, self._under_way = asked.tries + 1, now, asked
        self.recorder.note(
            ChipChallenged(
                lane=passage.lane, passage_id=passage.id, epc=card.epc, challenge=value.hex()
            )
        )
        return True

    def _ask_for_key(self, passage: Passage, card: CardInVehicle) -> None:
        """Look for the key of a card on the list whose chip is the one that was issued."""
        record = self.judge.record_of(card.epc)
        if record is None:
            return
        if any(hashlib.sha256(tid).digest() != record.tid_digest for tid in card.tids):
            return
        self._asked[card.epc] = _Asked(credential_id=record.credential_id, passage_id=passage.id)
        self.parts.keys.ask(record.credential_id)

    def _take_key(self, credential_id: UUID, key: bytes | None) -> None:
        for epc, asked in self._asked.items():
            if asked.credential_id != credential_id:
                continue
            asked.key = key
            if key is None:
                self._learn(epc, ChipOutcome.NOT_ASKED)

    def _take_reply(self, reply: ChipReply) -> None:
        challenge, asked = self._challenges.open_for(reply.epc), self._asked.get(reply.epc)
        if challenge is None or asked is None or asked is not self._under_way or not asked.key:
            self._challenges.drop(reply.epc)  # its vehicle has gone meanwhile
            return
        proves = partial(self.parts.authenticator.proves, asked.key, challenge.value)
        outcome = self._challenges.judge(reply, proves)
        if outcome is not None:
            self._learn(reply.epc, outcome)

    def _learn(self, epc: bytes, outcome: ChipOutcome) -> None:
        """Give what is known of a chip to its vehicle, and decide on it anew."""
        asked = self._asked[epc]
        passage = self.tracker.find(asked.passage_id)
        if passage is None:
            return
        self.recorder.note(
            ChipJudged(lane=passage.lane, passage_id=passage.id, epc=epc, outcome=outcome)
        )
        may_answer_yet = outcome is ChipOutcome.NO_ANSWER and asked.tries < TRIES
        if not may_answer_yet and passage.see_chip(epc, outcome):
            self.decider.redecide(passage)

    def _forget_gone(self) -> None:
        here = {passage.id for passage in self.tracker.every()}
        for epc in [epc for epc, asked in self._asked.items() if asked.passage_id not in here]:
            del self._asked[epc]
            self._challenges.drop(epc)
