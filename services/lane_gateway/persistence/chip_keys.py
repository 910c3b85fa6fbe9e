"""Chips' keys as headquarters derived them, inside the display records sealed to this site.

A key has no other place here: it goes with its display record when that is dropped or erased.
"""

import json
from pathlib import Path
from uuid import UUID

from services.lane_gateway.persistence.people_file import PeopleFile
from shared.clock import utc_now
from shared.crypto.chip_keys import CHIP_KEY_BYTES
from shared.crypto.keyring import KeyRing
from shared.crypto.site_seal import open_at_site
from shared.crypto.tampering import Tampered
from shared.persistence.engines import sqlite_engine


class SiteChipKeys:
    """Reads ``people.db``, which the worker writes; opening a record takes milliseconds."""

    def __init__(self, path: Path, *, ring: KeyRing, site: str) -> None:
        self._engine = sqlite_engine(path, read_only=True)
        self._records = PeopleFile(self._engine, utc_now)
        self._ring = ring
        self._site = site

    def find(self, credential_id: UUID) -> bytes | None:
        """Return the key of a card's chip, ``None`` for a card that has none here.

        Raise ``Tampered`` for a record that was changed, ``Unavailable`` where none can be read.
        """
        record = self._records.find(credential_id)
        if record is None:
            return None
        about = f"display_record {credential_id} {record.version}"
        plain = open_at_site(self._ring, record.sealed, site=self._site, about=about)
        try:
            written = json.loads(plain)["chip_key"]
            key = None if written is None else bytes.fromhex(written)
        except (ValueError, KeyError, TypeError):
            raise Tampered("A display record does not hold what it should") from None
        if key is not None and len(key) != CHIP_KEY_BYTES:
            raise Tampered("A display record holds a chip key of another length")
        return key

    def close(self) -> None:
        """Close the file."""
        self._engine.dispose()
