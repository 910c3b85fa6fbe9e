"""What the lane needs to challenge chips; experimental, and only lanes whose policy asks use it."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from services.lane_gateway.domain.evidence import ChipReply


class ChipAuthenticator(Protocol):
    """Challenges chips, one at a time, and never waits for them.

    Experimental, off by default, answered by the simulator alone.
    """

    def begin(self, epc: bytes, challenge: bytes, timeout: float) -> bool:
        """Begin to send the host's own challenge (10 bytes, used once) to the card ``epc``.

        Return ``False`` while the reader is away or busy; nothing was sent then.
        """

    def reply(self) -> ChipReply | None:
        """Return what became of the challenge, once; ``None`` as long as nothing has."""

    def proves(self, key: bytes, challenge: bytes, answer: bytes) -> bool:
        """Tell whether ``answer`` was made with ``key`` for exactly this challenge."""


class ChipKeys(Protocol):
    """Keys of single chips, as headquarters derived and sealed them for this site."""

    def ask(self, credential_id: UUID) -> None:
        """Begin to look for the key of a card; never waits."""

    def take(self) -> Sequence[tuple[UUID, bytes | None]]:
        """Return the keys found since the last call; ``None`` for a card that has none here."""

    def close(self) -> None:
        """Stop looking; safe to call twice."""
