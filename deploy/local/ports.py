"""Free ports for demo and tests: below 32768, where the kernel takes none for outgoing calls."""

import secrets
import socket

LOWEST, HIGHEST = 20_000, 32_767
TRIES = 200

_given: set[int] = set()


def free_port() -> int:
    """Return a port on which nothing listens and which this process has not given out yet."""
    for _ in range(TRIES):
        port = LOWEST + secrets.randbelow(HIGHEST - LOWEST + 1)
        if port not in _given and is_free(port):
            _given.add(port)
            return port
    msg = f"no free port between {LOWEST} and {HIGHEST}"
    raise OSError(msg)


def is_free(port: int) -> bool:
    """Tell whether a server could listen on ``port`` on every local address."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("0.0.0.0", port))  # noqa: S104 - asks for any taker, listens to nobody
        except OSError:
            return False
    return True
