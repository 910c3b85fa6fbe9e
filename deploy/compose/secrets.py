"""Write the secrets of the compose file: ``python -m deploy.compose.secrets``.

Each is random and made once. The folder is closed to others (0700); the files in it are readable,
since a container's user, whose number is another one, has to read them.
"""

import json
import secrets
import sys
from collections.abc import Callable
from pathlib import Path

from deploy.local.paths import RUN
from shared.messaging.topology import definitions, site_queue, topology

FOLDER = RUN / "compose"
SITE = "sym"
PASSWORDS = (
    "postgres-admin-password",
    "enrollment-database-password",
    "vetting-database-password",
    "enrollment-oidc-secret",
    "vetting-oidc-secret",
    "lane-gateway-oidc-secret",
    "keycloak-admin-password",
    "keycloak-staff-password",
)
BROKER_USERS = {
    "enrollment": "enrollment",
    "vetting": "vetting",
    "lane-gateway": site_queue(SITE),
}
"""The name in the secret's file name, and the broker's user."""
BYTES = 24


def write_secrets(folder: Path) -> None:
    """Make what is missing and derive the addresses and the broker's users from it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    for name in PASSWORDS:
        _once(folder / name, lambda: secrets.token_urlsafe(BYTES))
    for name in ("enrollment", "vetting"):
        password = (folder / f"{name}-database-password").read_text()
        url = f"postgresql+psycopg://{name}:{password}@postgres/{name}"
        _write(folder / f"{name}-database-url", url)
    for name, user in BROKER_USERS.items():
        url = f"amqp://{user}:{secrets.token_urlsafe(BYTES)}@rabbitmq:5672/%2F"
        _once(folder / f"{name}-broker-url", lambda url=url: url)  # type: ignore[misc]
    _write(folder / "rabbitmq-users", json.dumps(_users(folder), indent=2))


def _users(folder: Path) -> dict[str, object]:
    passwords = {
        user: (folder / f"{name}-broker-url").read_text().partition("@")[0].rpartition(":")[2]
        for name, user in BROKER_USERS.items()
    }
    return {"users": definitions(topology({SITE}), passwords)["users"]}


def _once(path: Path, make: Callable[[], str]) -> None:
    if not path.exists():
        _write(path, make())


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    path.chmod(0o644)


def main() -> int:
    """Write all and say how staff sign in."""
    write_secrets(FOLDER)
    password = (FOLDER / "keycloak-staff-password").read_text()
    sys.stdout.write(f"secrets are in {FOLDER}; staff sign in at Keycloak with {password}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
