"""What a demo begins with: a port of entry with its lanes, calendars, a watchlist.

``command`` runs one of a service's verbs, as an administrator would on the command line.
"""

from collections.abc import Callable

from deploy.local.layout import SITE, SITE_NAME, ZONE, Layout

Command = Callable[..., str]


def before_start(command: Command, layout: Layout) -> None:
    """Put in what the processes look for when they start."""
    command(
        "enrollment",
        *("site", "add", SITE, "--name", SITE_NAME, "--zone", ZONE),
        *("--key", str(layout.public_key("lane_gateway-site"))),
        *("--client-key", str(layout.public_key("lane_gateway-client"))),
    )


def after_start(command: Command, layout: Layout) -> None:
    """Put in what needs running processes."""
