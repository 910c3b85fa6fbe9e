"""Settings, read once from the environment; names of places, never keys."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from shared.errors import InvalidInput

PREFIX = "VETTING_"
KEY_NAMES = ("kek", "blind-index", "session", "dossier", "audit-signing")
"""The keys that must be there before anything starts."""

MODES = ("demo", "production")


class SettingMissing(InvalidInput):
    """A setting is missing or cannot be read; the error names it."""

    code = "setting_missing"

    def __init__(self, name: str, why: str = "is not set") -> None:
        super().__init__({name: [why]}, f"{name} {why}")


@dataclass(frozen=True, kw_only=True)
class Config:
    """Everything that differs between two installations.

    ``audit_keys`` is a folder with the other services' public audit keys.
    """

    database_url: str = field(repr=False)
    broker_url: str = field(repr=False)
    keys: Path
    audit_keys: Path
    base_url: str
    port: int
    admin_port: int
    worker_admin_port: int
    oidc_staff_url: str
    oidc_client_id: str
    oidc_client_secret_file: Path
    production: bool

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Config":
        """Read the settings; raise ``SettingMissing`` with the name of the first that is wrong."""

        def text(name: str) -> str:
            value = env.get(PREFIX + name, "")
            if not value:
                raise SettingMissing(PREFIX + name)
            return value

        def number(name: str) -> int:
            try:
                return int(text(name))
            except ValueError:
                raise SettingMissing(PREFIX + name, "is not a number") from None

        mode = text("MODE")
        if mode not in MODES:
            raise SettingMissing(PREFIX + "MODE", "is neither demo nor production")
        return cls(
            database_url=text("DATABASE_URL"),
            broker_url=text("BROKER_URL"),
            keys=Path(text("KEYS")),
            audit_keys=Path(text("AUDIT_KEYS")),
            base_url=text("BASE_URL").rstrip("/"),
            port=number("PORT"),
            admin_port=number("ADMIN_PORT"),
            worker_admin_port=number("WORKER_ADMIN_PORT"),
            oidc_staff_url=text("OIDC_STAFF_URL"),
            oidc_client_id=text("OIDC_CLIENT_ID"),
            oidc_client_secret_file=Path(text("OIDC_CLIENT_SECRET_FILE")),
            production=mode == "production",
        )

    def client_secret(self) -> str:
        """Return what proves us to the OpenID provider."""
        return self.oidc_client_secret_file.read_text(encoding="utf-8").strip()
