"""Where the system's Chromium is, and how to start it in a container."""

import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def find() -> Path | None:
    """Return the browser's program, or ``None`` where it is not installed."""
    for name in NAMES:
        found = shutil.which(name)
        if found is not None:
            return Path(found)
    return None
