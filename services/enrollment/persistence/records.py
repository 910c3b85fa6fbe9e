"""Display records on their way to sites, each sealed to one site's own key."""

import json
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql

from services.enrollment.domain.display_record import DisplayRecord
from services.enrollment.domain.site import Site
from services.enrollment.persistence import tables
from shared.crypto.canonical import canonical
from shared.crypto.site_seal import seal_to_site
from shared.events import Outgoing
from shared.persistence.unit_of_work import SqlUnitOfWork

SENT = "enrollment.display_record_sent.v1"
DROPPED = "enrollment.display_record_dropped.v1"


class SqlRecords:
    """Which site has which version of which record."""

    def __init__(self, work: SqlUnitOfWork) -> None:
        self._work = work

    def send(self, credential_id: UUID, site: Site, record: DisplayRecord) -> None:
        """Seal the record to the site and send it, as the next version."""
        version = self._next_version(credential_id, site.id, there=True)
        body: dict[str, object] = {
            "credential_id": str(credential_id),
            "version": version,
            "record": _sealed(credential_id, site, version, record),
        }
        self._send(SENT, site.id, body)

    def drop(self, credential_id: UUID, site_id: str) -> None:
        """Tell the site to delete its record."""
        version = self._next_version(credential_id, site_id, there=False)
        body: dict[str, object] = {"credential_id": str(credential_id), "version": version}
        self._send(DROPPED, site_id, body)

    def sites_of(self, credential_id: UUID) -> Sequence[str]:
        """Return the sites that have a record."""
        rows = tables.display_records.c
        there = (rows.credential_id == credential_id) & (rows.there == 1)
        return self._connection.scalars(select(rows.site).where(there)).all()

    def sealed_for(self, credential_id: UUID, site: Site, record: DisplayRecord) -> tuple[int, str]:
        """Return the version and the record sealed for a site that asked for it itself."""
        version = self._next_version(credential_id, site.id, there=True)
        return version, _sealed(credential_id, site, version, record)

    @property
    def _connection(self) -> Connection:
        return self._work.session.connection()

    def _next_version(self, credential_id: UUID, site: str, *, there: bool) -> int:
        rows = tables.display_records
        first = postgresql.insert(rows).values(
            credential_id=credential_id, site=site, version=1, there=int(there)
        )
        change = {"version": rows.c.version + 1, "there": int(there)}
        statement = first.on_conflict_do_update(
            index_elements=["credential_id", "site"], set_=change
        )
        return int(self._connection.scalars(statement.returning(rows.c.version)).one())

    def _send(self, kind: str, site: str, body: Mapping[str, object]) -> None:
        message = Outgoing(
            type=kind,
            subject=str(body["credential_id"]),
            body=body,
            site=site,
            version=int(str(body["version"])),
        )
        self._work.send(message)


def _sealed(credential_id: UUID, site: Site, version: int, record: DisplayRecord) -> str:
    about = f"display_record {credential_id} {version}"
    key = json.loads(site.sealing_key)
    return seal_to_site(key, canonical(record.plain()), site=site.id, about=about)
