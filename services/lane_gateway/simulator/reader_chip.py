"""The part of a simulated chip that answers challenges, with a key of its own; experimental."""

import secrets
from dataclasses import dataclass, field
from enum import StrEnum

from shared.crypto.chip_keys import CHIP_KEY_BYTES
from shared.crypto.tam1 import ANSWER_BYTES, RANDOM_BYTES, tam1_answer, tam1_challenge


class ChipManner(StrEnum):
    """How a chip behaves when it is challenged."""

    HONEST = "honest"
    SILENT = "silent"
    """Says nothing, as one too far from the antenna to compute."""
    WRONG = "wrong"
    """Answers at random, as a copy that has no key."""
    REPLAY = "replay"
    """Gives its first answer again and again, as a copy that has overheard one."""


@dataclass(eq=False)
class SimulatedChip:
    """The key of one chip, and what it remembers; ``asked`` counts the challenges it has had."""

    key: bytes = field(repr=False)
    manner: ChipManner = ChipManner.HONEST
    asked: int = 0
    _first: bytes | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Refuse a key that a chip cannot have."""
        if len(self.key) != CHIP_KEY_BYTES:
            raise ValueError(f"A chip's key has {CHIP_KEY_BYTES} bytes")

    def answer(self, message: bytes) -> bytes | None:
        """Return what the chip says to a message, ``None`` where it stays silent."""
        self.asked += 1
        challenge = tam1_challenge(message)
        if challenge is None or self.manner is ChipManner.SILENT:
            return None
        if self.manner is ChipManner.WRONG:
            return secrets.token_bytes(ANSWER_BYTES)
        said = tam1_answer(self.key, challenge, secrets.token_bytes(RANDOM_BYTES))
        self._first = self._first or said
        return self._first if self.manner is ChipManner.REPLAY else said
