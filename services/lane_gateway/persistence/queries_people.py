"""Display records opened with the site's own key, for the officer who may see them."""

import base64
import json
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.lane_gateway.persistence.people_file import display_records
from services.lane_gateway.use_cases.reads import DisplayRecord
from shared.crypto.keyring import KeyRing
from shared.crypto.site_seal import open_at_site
from shared.crypto.tampering import Tampered
from shared.persistence.database_errors import named_errors
from shared.persistence.engines import sqlite_engine


class SiteHolderRecords:
    """Reads ``people.db``, which the worker writes."""

    def __init__(self, path: Path, *, ring: KeyRing, site: str) -> None:
        self._path = path
        self._ring = ring
        self._site = site
        self._engine = sqlite_engine(path, read_only=True)

    def open(self, credential_id: UUID) -> DisplayRecord | None:
        """Return the newest record of a card, if there is one here."""
        if not self._path.exists():
            return None
        mine = select(display_records).where(display_records.c.credential_id == credential_id)
        with named_errors(), self._engine.connect() as connection:
            row = connection.execute(mine).one_or_none()
        if row is None or row.sealed is None:
            return None
        return self.open_sealed(credential_id, row.version, row.sealed)

    def open_sealed(self, credential_id: UUID, version: int, sealed: str) -> DisplayRecord:
        """Open a record that was sealed to this site; or raise ``Tampered``."""
        about = f"display_record {credential_id} {version}"
        plain = open_at_site(self._ring, sealed, site=self._site, about=about)
        try:
            return _record(json.loads(plain))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Tampered("A display record does not hold what it should") from None

    def close(self) -> None:
        """Close the file."""
        self._engine.dispose()


def _record(plain: dict[str, Any]) -> DisplayRecord:
    photo = plain.get("photo")
    return DisplayRecord(
        name=str(plain["name"]),
        birth_year=int(plain["birth_year"]),
        photo=base64.b64decode(photo, validate=True) if photo else None,
        plates=tuple((str(each["region"]), str(each["plate"])) for each in plain["plates"]),
        passid=str(plain["passid"]),
    )
