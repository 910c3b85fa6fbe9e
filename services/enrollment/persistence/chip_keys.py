"""Chips' keys, derived when they are needed and kept nowhere here."""

from services.enrollment.domain.card import Card
from shared.crypto.chip_keys import chip_key
from shared.crypto.key_kinds import CHIP_MASTER
from shared.crypto.keyring import KeyRing


class RingChipKeys:
    """Derives from the master keys of the service's ring; one that was retired still counts."""

    def __init__(self, ring: KeyRing) -> None:
        self._ring = ring

    def master(self) -> str | None:
        """Return the name of the active master key, ``None`` where nobody has made one."""
        every = self._ring.every(CHIP_MASTER)
        return self._ring.active(CHIP_MASTER).kid if every else None

    def of(self, card: Card) -> bytes | None:
        """Return the key of a card's chip, ``None`` for one issued without; or ``KeyMissing``."""
        kid = card.secrets.chip_master
        return None if kid is None else chip_key(self._ring.find(CHIP_MASTER, kid).secret, card.tid)
