"""What a lane bound itself to before it drew vehicles by chance, and what it told afterwards."""

import hashlib
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class SelectionCommitment:
    """A lane's word for one period, heard before its first draw.

    ``commitment`` is SHA-256 in hex, as ``lane_gateway.selection_committed.v1`` describes it.
    """

    site: str
    lane: str
    period: str
    ppm: int
    version: int
    commitment: str
    at: datetime

    def holds(self, seed: bytes) -> bool:
        """Tell whether this is the seed that the lane was bound to."""
        lines = (
            "trustlane selection",
            str(self.version),
            self.lane,
            self.period,
            str(self.ppm),
            seed.hex(),
        )
        return hashlib.sha256("\n".join(lines).encode()).hexdigest() == self.commitment


@dataclass(frozen=True, kw_only=True)
class SelectionTold:
    """What a lane told of a period once it was over: its seed and how many draws there were."""

    site: str
    lane: str
    period: str
    seed: bytes
    draws: int
    at: datetime
