"""Settings, read once from the environment; names of places, never keys."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

PREFIX = "ENROLLMENT_"
KEY_NAMES = ("kek", "blind-index", "session", "feed-signing", "audit-signing")
"""The keys that must be there before anything starts."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """Everything that differs between two installations.

    ``vetting_dossier_key`` is a file with vetting's public JWK Set, ``audit_keys`` a folder with
    the other services' public audit keys, ``snapshots`` the folder of signed snapshot files.
    """

    database_url: str = field(repr=False)
    broker_url: str = field(repr=False)
    keys: Path
    audit_keys: Path
    vetting_dossier_key: Path
    snapshots: Path
    base_url: str
    port: int
    admin_port: int
    worker_admin_port: int
    oidc_people_url: str
    oidc_staff_url: str
    oidc_client_id: str
    oidc_client_secret_file: Path
    production: bool

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Config":
        """Read the settings; a missing one stops the process here, with its name."""

        def value(name: str) -> str:
            return env[PREFIX + name]

        return cls(
            database_url=value("DATABASE_URL"),
            broker_url=value("BROKER_URL"),
            keys=Path(value("KEYS")),
            audit_keys=Path(value("AUDIT_KEYS")),
            vetting_dossier_key=Path(value("VETTING_DOSSIER_KEY")),
            snapshots=Path(value("SNAPSHOTS")),
            base_url=value("BASE_URL").rstrip("/"),
            port=int(value("PORT")),
            admin_port=int(value("ADMIN_PORT")),
            worker_admin_port=int(value("WORKER_ADMIN_PORT")),
            oidc_people_url=value("OIDC_PEOPLE_URL"),
            oidc_staff_url=value("OIDC_STAFF_URL"),
            oidc_client_id=value("OIDC_CLIENT_ID"),
            oidc_client_secret_file=Path(value("OIDC_CLIENT_SECRET_FILE")),
            production=value("MODE") != "demo",
        )

    def client_secret(self) -> str:
        """Return what proves us to the OpenID providers."""
        return self.oidc_client_secret_file.read_text(encoding="utf-8").strip()

    def vetting_key(self) -> Mapping[str, object]:
        """Return the public key that dossiers are sealed to: the first of vetting's set."""
        keys = json.loads(self.vetting_dossier_key.read_text(encoding="utf-8"))["keys"]
        found: Mapping[str, object] = keys[0]
        return found
