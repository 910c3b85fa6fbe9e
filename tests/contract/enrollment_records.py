"""What enrollment tells single sites: its transaction writes it, so it takes a real database."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from sqlalchemy import select

from services.enrollment.bootstrap import Parts
from services.enrollment.domain.roster import Passkey
from services.enrollment.domain.site import Site
from services.enrollment.persistence import tables
from services.enrollment.persistence.snapshots import SnapshotFolder
from shared.crypto.dossier import public_jwk
from shared.crypto.keyring import FolderKeyRing
from shared.events import Outgoing
from shared.persistence.engines import postgres_engine
from tests.conftest import DatabaseUrl
from tests.integration.enrollment.conftest import OWN_KEYS, MovableClock, Office, prepare


def sent_and_dropped(database_url: DatabaseUrl, folder: Path) -> Iterator[Outgoing]:
    """Hand a member a card, drop its record, confirm a passkey; yield what the outbox holds."""
    ring, at_site = (FolderKeyRing(folder / name, for_demo=True) for name in ("own", "sym"))
    ring.ensure(OWN_KEYS)
    at_site.ensure(["dossier", "site", "client"])
    parts = Parts(
        engine=postgres_engine(database_url("enrollment", prepare)),
        ring=ring,
        vetting_key=public_jwk(at_site, "dossier"),
        snapshots=SnapshotFolder(folder=folder),
        clock=MovableClock(),
    )
    office = Office(parts=parts, use_cases=parts.use_cases())
    office.use_cases.add_site(
        Site(
            id="sym",
            name="San Ysidro",
            zone="America/Los_Angeles",
            sealing_key=json.dumps(public_jwk(at_site, "site")),
            client_key=json.dumps(public_jwk(at_site, "client")),
        )
    )
    card = office.active(office.member())
    with parts.transactions()() as work:
        work.records.drop(card.id, "sym")
        work.commit()
    confirm_a_passkey(office)
    box = tables.mailboxes.outbox.c
    with parts.engine.connect() as connection:
        rows = connection.execute(select(box.type, box.subject, box.body).order_by(box.number))
        found = [Outgoing(type=kind, subject=to, body=cast("Any", body)) for kind, to, body in rows]
    parts.engine.dispose()
    yield from found


def confirm_a_passkey(office: Office) -> None:
    """Let a site's roster hold one passkey."""
    at = datetime(2026, 12, 3, 8, 31, tzinfo=UTC)
    passkey = Passkey(
        id=UUID(int=7),
        site="sym",
        credential_id="q83vEjRWeJCrze8SNFZ4kA",
        public_key="pQECAyYgASFYIGVw",
        officer="boris",
        authority="http://localhost:8080",
        roles=("booth",),
        added_at=at,
    )
    office.use_cases.follow_passkeys.added(passkey)
    office.use_cases.follow_passkeys.confirmed("sym", passkey.id, by="paula", at=at)
