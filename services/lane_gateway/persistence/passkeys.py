"""Officers' passkeys in the desk's file; names and labels rest sealed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, Select, insert, select, update

from services.lane_gateway.domain.passkey import Passkey
from services.lane_gateway.persistence.desk_tables import passkeys
from services.lane_gateway.persistence.site_seal import SiteSeal
from shared.errors import NotFound

NAME_PLACE, LABEL_PLACE = "passkeys.name", "passkeys.label"


class SqlPasskeys:
    """One row for each passkey that was ever added here."""

    def __init__(self, connection: Connection, seal: SiteSeal) -> None:
        self._connection = connection
        self._seal = seal

    def add(self, passkey: Passkey) -> None:
        """Keep a new passkey."""
        values = {name: getattr(passkey, name) for name in Passkey.__dataclass_fields__}
        values["roles"] = list(passkey.roles)
        values["name"] = self._seal.seal(passkey.name, NAME_PLACE)
        values["label"] = self._seal.seal(passkey.label, LABEL_PLACE)
        self._connection.execute(insert(passkeys).values(values))

    def get(self, passkey_id: UUID) -> Passkey:
        """Return a passkey, or raise ``NotFound``."""
        found = self._all(select(passkeys).where(passkeys.c.id == passkey_id))
        if not found:
            raise NotFound(f"No passkey {passkey_id}")
        return found[0]

    def with_credential(self, credential_id: str) -> Passkey | None:
        """Return the passkey with this credential id, if it was added here."""
        found = self._all(select(passkeys).where(passkeys.c.credential_id == credential_id))
        return found[0] if found else None

    def every(self, officer: str | None = None) -> Sequence[Passkey]:
        """Return all passkeys, or those of one officer, the newest first."""
        wanted = select(passkeys).order_by(passkeys.c.added_at.desc())
        return self._all(wanted if officer is None else wanted.where(passkeys.c.officer == officer))

    def confirm(self, passkey: Passkey, *, by: str, at: datetime) -> None:
        """Note who confirmed it."""
        self._set(passkey, confirmed_by=by, confirmed_at=at)

    def drop(self, passkey: Passkey, *, by: str, at: datetime) -> None:
        """Note who dropped it."""
        self._set(passkey, dropped_by=by, dropped_at=at)

    def used(self, passkey: Passkey, *, sign_count: int, at: datetime) -> None:
        """Note its use, and how far it has counted."""
        self._set(passkey, sign_count=sign_count, used_at=at)

    def _set(self, passkey: Passkey, **values: object) -> None:
        change = update(passkeys).where(passkeys.c.id == passkey.id)
        self._connection.execute(change.values(values))

    def _all(self, wanted: Select[Any]) -> list[Passkey]:
        return [self._passkey(row) for row in self._connection.execute(wanted).mappings()]

    def _passkey(self, row: RowMapping) -> Passkey:
        opened = {
            "roles": tuple(row["roles"]),
            "name": self._seal.open(row["name"], NAME_PLACE),
            "label": self._seal.open(row["label"], LABEL_PLACE),
        }
        return Passkey(**{**row, **opened})
