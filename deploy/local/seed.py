"""What a demo begins with: a port of entry with its lanes, calendars, a watchlist.

``command`` runs one of a service's verbs, as an administrator would on the command line.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from deploy.local.layout import SITE, SITE_NAME, ZONE, Layout
from services.vetting.domain.watchlist.synthetic import Invented, invented_people, ofac_files

Command = Callable[..., str]

LISTED = 1_000
"""Invented people on the demo's watchlist."""
SEED = 1_889


def before_start(command: Command, layout: Layout) -> None:
    """Put in what the processes look for when they start, and a watchlist to screen with."""
    command(
        "enrollment",
        *("site", "add", SITE, "--name", SITE_NAME, "--zone", ZONE),
        *("--key", str(layout.public_key("lane_gateway-site"))),
        *("--client-key", str(layout.public_key("lane_gateway-client"))),
    )
    folder = write_watchlist(layout.folder / "watchlist", invented_people(LISTED, seed=SEED))
    command("vetting", "import-watchlist", "--format", "ofac-sdn", str(folder))


def write_watchlist(folder: Path, people: Sequence[Invented]) -> Path:
    """Write a watchlist in the four files of OFAC's form and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in ofac_files(people).items():
        (folder / name).write_bytes(data)
    return folder


def after_start(command: Command, layout: Layout) -> None:
    """Put in what needs running processes."""
