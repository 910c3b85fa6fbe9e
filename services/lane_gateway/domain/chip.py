"""Challenges to chips: made by the host, each used once, and good for a short time only.

What an authenticated chip proves is that it holds the key of its card: not who holds the card, and
not where it is, since radio can be relayed.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from services.lane_gateway.domain.evidence import ChipOutcome, ChipReply, ChipReplyKind

CHALLENGE_BYTES = 10
MOST_REMEMBERED = 10_000
"""Used challenges that are remembered, a day of a busy lane: one that comes again is not sent."""
FINAL = frozenset({ChipOutcome.AUTHENTICATED, ChipOutcome.WRONG_ANSWER, ChipOutcome.NOT_ASKED})
"""Outcomes after which the chip is not asked again for this vehicle."""

Proves = Callable[[bytes], bool]
"""Whether an answer was made with the card's key for the challenge in question."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Challenge:
    """One challenge to one card; an answer counts until ``until`` (monotonic seconds)."""

    epc: bytes = field(repr=False)
    value: bytes = field(repr=False)
    until: float


@dataclass(kw_only=True)
class Challenges:
    """The challenges of one lane."""

    _open: dict[bytes, Challenge] = field(default_factory=dict, repr=False)
    _used: dict[bytes, None] = field(default_factory=dict, repr=False)

    def draw(self, epc: bytes, value: bytes, *, now: float, life: float) -> Challenge | None:
        """Open a challenge with this random value, in place of an older one to the same card.

        ``None`` for a value that is not 80 bits or was used before: a source that gives those is
        not random, and nothing is sent.
        """
        if len(value) != CHALLENGE_BYTES or value in self._used:
            return None
        self._used[value] = None
        if len(self._used) > MOST_REMEMBERED:
            del self._used[next(iter(self._used))]
        challenge = Challenge(epc=epc, value=value, until=now + life)
        self._open[epc] = challenge
        return challenge

    def open_for(self, epc: bytes) -> Challenge | None:
        """Return the challenge that a card has not answered yet."""
        return self._open.get(epc)

    def drop(self, epc: bytes) -> None:
        """Forget a card's open challenge: no answer to it counts any more."""
        self._open.pop(epc, None)

    def judge(self, reply: ChipReply, proves: Proves) -> ChipOutcome | None:
        """Use the card's open challenge up and say what the reply is worth.

        ``None`` for a reply that no open challenge belongs to. One that comes late is no answer.
        """
        challenge = self._open.pop(reply.epc, None)
        if challenge is None:
            return None
        match reply.kind:
            case ChipReplyKind.NOT_SENT:
                return ChipOutcome.NOT_ASKED
            case ChipReplyKind.ABSENT:
                return ChipOutcome.ABSENT
            case ChipReplyKind.SILENT:
                return ChipOutcome.NO_ANSWER
        if reply.arrived > challenge.until:
            return ChipOutcome.NO_ANSWER
        good = proves(reply.answer)
        return ChipOutcome.AUTHENTICATED if good else ChipOutcome.WRONG_ANSWER
