"""Challenges that passkeys sign: each for one purpose, once, and not for long."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from services.lane_gateway.domain.roster import PasskeyRefused

LIFE = timedelta(seconds=60)
"""Long enough to touch a key and type its PIN; a stolen answer is of no use afterwards."""
MOST_OPEN = 4096
"""Open at once; beyond it the oldest go, so that nobody fills the memory by asking."""


class ChallengeGone(PasskeyRefused):
    """Nothing was asked for this purpose, it was answered already, or too long ago."""

    code = "challenge_gone"


@dataclass
class ChallengeBook:
    """The open challenges of the site's one web process; a restart forgets them."""

    most: int = MOST_OPEN
    _open: dict[str, tuple[bytes, datetime]] = field(default_factory=dict, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def ask(self, purpose: str, challenge: bytes, *, now: datetime) -> bytes:
        """Remember ``challenge`` as the only one for ``purpose``."""
        with self._lock:
            self._open.pop(purpose, None)
            self._open = {name: one for name, one in self._open.items() if one[1] > now}
            while len(self._open) >= self.most:
                del self._open[next(iter(self._open))]
            self._open[purpose] = (challenge, now + LIFE)
        return challenge

    def take(self, purpose: str, *, now: datetime) -> bytes:
        """Return the challenge for ``purpose`` and forget it; or raise ``ChallengeGone``."""
        with self._lock:
            found = self._open.pop(purpose, None)
        if found is None or now >= found[1]:
            raise ChallengeGone("Nothing is asked for this purpose now")
        return found[0]
