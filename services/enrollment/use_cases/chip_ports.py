"""Chips' keys, derived from a master key that never leaves this service; experimental."""

from typing import Protocol

from services.enrollment.domain.card import Card


class ChipKeys(Protocol):
    """Derives the keys of single chips."""

    def master(self) -> str | None:
        """Return the name of the master key for new cards; ``None`` where cards get no keys."""

    def of(self, card: Card) -> bytes | None:
        """Return the 16-byte key of a card's chip, ``None`` for a card that was issued without.

        Raise ``Unavailable`` where the master key that the card was issued under is not there.
        """
