"""Ask a process of this container whether it is ready: ``... deploy.container.probe PORT``."""

import sys
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException

PATIENCE = 4.0
"""Seconds: below the container's own limit of five, so that our answer is the one that counts."""


def main(port: int) -> int:
    """Return 0 if ``/readyz`` answers 200, else 1."""
    connection = HTTPConnection("localhost", port, timeout=PATIENCE)
    try:
        connection.request("GET", "/readyz")
        return 0 if connection.getresponse().status == HTTPStatus.OK else 1
    except (OSError, HTTPException):
        return 1
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
