"""Where a site keeps its files, and who writes which: one writing process each."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

LANE = re.compile(r"lane-([a-z0-9]{1,12})\.db")


@dataclass(frozen=True, kw_only=True)
class SiteFiles:
    """The paths below a site's data folder.

    ``lane`` is written by the lane's agent, ``desk`` by the web process, the others by the worker.
    """

    folder: Path

    def lane(self, lane: str) -> Path:
        """Return the file of one lane: inputs, decisions, authorisations, outgoing records."""
        return self.folder / f"lane-{lane}.db"

    @property
    def desk(self) -> Path:
        """Officers' commands, secondary visits and acknowledgements."""
        return self.folder / "desk.db"

    @property
    def carrier(self) -> Path:
        """Mailboxes, the newest head, the current generation, what has been carried away."""
        return self.folder / "carrier.db"

    @property
    def people(self) -> Path:
        """Display records, sealed to this site."""
        return self.folder / "people.db"

    def cards(self, generation: int) -> Path:
        """One generation of the credential list."""
        return self.folder / f"cards-{generation}.db"

    def lanes(self) -> Sequence[str]:
        """Return the lanes that have a file."""
        found = (LANE.fullmatch(path.name) for path in sorted(self.folder.glob("lane-*.db")))
        return [match.group(1) for match in found if match]
