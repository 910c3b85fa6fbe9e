"""Start a service's verb in a container: ``python -m deploy.container.entrypoint web``.

A variable ``NAME_FILE`` stands for a file that holds the value of ``NAME``, for addresses with a
password in them; the verb ``prepare`` makes the keys that are missing and migrates the database.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from deploy.container.keys import make_keys

FROM_FILES = ("DATABASE_URL", "BROKER_URL")
PUBLIC = Path("/public")


def read_files(environment: Mapping[str, str], service: str) -> dict[str, str]:
    """Return ``environment`` with the values that stand in files, or raise ``OSError``."""
    values = dict(environment)
    for name in FROM_FILES:
        variable = f"{service.upper()}_{name}"
        path = values.pop(f"{variable}_FILE", None)
        if path is not None:
            values[variable] = Path(path).read_text(encoding="utf-8").strip()
    return values


def main(arguments: Sequence[str]) -> None:
    """Become the service's process."""
    service = os.environ["TRUSTLANE_SERVICE"]
    environment = read_files(os.environ, service)
    if list(arguments) == ["prepare"]:
        keys = Path(environment[f"{service.upper()}_KEYS"])
        demo = environment.get(f"{service.upper()}_MODE") == "demo"
        make_keys(service, keys=keys, public=PUBLIC, demo=demo)
        arguments = ["migrate"]
    command = [sys.executable, "-m", f"services.{service}", *arguments]
    os.execve(sys.executable, command, environment)  # noqa: S606 - the point of this program


if __name__ == "__main__":
    main(sys.argv[1:])
