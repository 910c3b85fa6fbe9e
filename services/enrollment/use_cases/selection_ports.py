"""What enrollment keeps of the lanes' draws by chance."""

from typing import Protocol

from services.enrollment.domain.lane_selection import SelectionCommitment, SelectionTold


class Selections(Protocol):
    """The lanes' commitments, and what became of them."""

    def committed(self, commitment: SelectionCommitment) -> None:
        """Keep a commitment; the first one of a lane and period stands."""

    def of(self, told: SelectionTold) -> SelectionCommitment:
        """Return what the lane was bound to; raise ``NotFound`` where it never said."""

    def told(self, told: SelectionTold, *, holds: bool) -> None:
        """Keep the seed, and whether it is the one that the lane was bound to."""
