"""Display records opened with the site's own key, for the officer who may see them."""

import base64
import json
from collections import OrderedDict
from pathlib import Path
from threading import Lock
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from services.lane_gateway.persistence.people_file import display_records
from services.lane_gateway.use_cases.reads import DisplayRecord
from shared.crypto.keyring import KeyRing
from shared.crypto.site_seal import open_at_site
from shared.crypto.tampering import Tampered
from shared.persistence.database_errors import named_errors
from shared.persistence.engines import sqlite_engine

MOST_OPENED = 64  # records kept open; a screen asks for the same few twice a second


class SiteHolderRecords:
    """Reads ``people.db``, which the worker writes."""

    def __init__(self, path: Path, *, ring: KeyRing, site: str) -> None:
        self._path = path
        self._ring = ring
        self._site = site
        self._engine = sqlite_engine(path, read_only=True)
        self._lock = Lock()
        self._opened: OrderedDict[tuple[UUID, int], DisplayRecord] = OrderedDict()

    def open(self, credential_id: UUID) -> DisplayRecord | None:
        """Return the newest record of a card, if there is one here."""
        if not self._path.exists():
            return None
        rows = display_records.c
        there = (rows.credential_id == credential_id) & rows.sealed.is_not(None)
        version = self._one(select(rows.version).where(there))
        if version is None:
            return None
        with self._lock:
            known = self._opened.get((credential_id, version))
        if known is not None:
            return known
        sealed = self._one(select(rows.sealed).where(there, rows.version == version))
        if sealed is None:  # a newer version came between the two looks
            return self.open(credential_id)
        return self._keep(credential_id, version, self.open_sealed(credential_id, version, sealed))

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

    def _one(self, chosen: Select[Any]) -> Any:
        with named_errors(), self._engine.connect() as connection:
            return connection.execute(chosen).scalar_one_or_none()

    def _keep(self, credential_id: UUID, version: int, record: DisplayRecord) -> DisplayRecord:
        with self._lock:
            self._opened[credential_id, version] = record
            while len(self._opened) > MOST_OPENED:
                self._opened.popitem(last=False)
        return record


def _record(plain: dict[str, Any]) -> DisplayRecord:
    photo = plain.get("photo")
    return DisplayRecord(
        name=str(plain["name"]),
        birth_year=int(plain["birth_year"]),
        photo=base64.b64decode(photo, validate=True) if photo else None,
        plates=tuple((str(each["region"]), str(each["plate"])) for each in plain["plates"]),
        passid=str(plain["passid"]),
    )
