"""A roster on its way into the site's files, and back to the web."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select, update

from services.lane_gateway.domain.roster import RosterTurnedBack
from services.lane_gateway.messages.roster_reader import roster_reader
from services.lane_gateway.persistence.carrier import Carrier
from services.lane_gateway.persistence.carrier_tables import audit, roster
from services.lane_gateway.persistence.roster_file import RosterFile
from services.lane_gateway.persistence.site_files import SiteFiles
from services.lane_gateway.use_cases.receive_roster import ReceiveRoster
from shared.crypto.canonical import canonical
from shared.crypto.feed import KEY
from shared.crypto.keyring import FolderKeyRing
from shared.crypto.roster import sign_roster
from shared.crypto.signing import public_keys
from shared.crypto.tampering import NotVerified
from shared.persistence.engines import sqlite_engine
from tests.integration.lane_gateway.stores.samples import NOON

ENTRY = {
    "passkey_id": "4d3c2b1a-0f9e-4d8c-ab7a-6f5e4d3c2b01",
    "credential_id": "q83v",
    "public_key": "pQEC",
    "officer": "boris",
    "authority": "http://localhost:8080",
    "roles": ["booth"],
}


@pytest.fixture
def signer(tmp_path: Path) -> FolderKeyRing:
    made = FolderKeyRing(tmp_path / "headquarters", for_demo=True)
    made.ensure([KEY])
    return made


@pytest.fixture
def engine(files: SiteFiles) -> Iterator[Engine]:
    made = sqlite_engine(files.carrier)
    yield made
    made.dispose()


@pytest.fixture
def receive(engine: Engine, ring: FolderKeyRing, signer: FolderKeyRing) -> ReceiveRoster:
    read = roster_reader(lambda: public_keys(signer, KEY), "sym")
    return ReceiveRoster(carrier=Carrier(engine, ring, lambda: NOON), read=read)


@pytest.fixture
def file(files: SiteFiles, signer: FolderKeyRing) -> Iterator[RosterFile]:
    made = RosterFile(files.carrier, roster_reader(lambda: public_keys(signer, KEY), "sym"))
    yield made
    made.close()


def signed(signer: FolderKeyRing, number: int, **changes: Any) -> dict[str, Any]:
    known = {"site": "sym", "number": number, "entries": [ENTRY], "now": NOON}
    return sign_roster(signer, **{**known, **changes})


def test_the_newest_roster_is_what_the_web_sees(
    receive: ReceiveRoster, file: RosterFile, signer: FolderKeyRing, engine: Engine
) -> None:
    assert file.current() is None
    receive(signed(signer, 3))
    first = file.current()
    receive(signed(signer, 9, entries=[], now=NOON + timedelta(days=1)))
    second = file.current()

    assert first is not None
    assert second is not None
    assert first.entries["q83v"].officer == "boris"
    assert first.valid_until == NOON + timedelta(days=7)
    assert (second.number, second.entries) == (9, {})
    with engine.connect() as connection:
        lines = list(connection.scalars(select(audit.entries.c.lines)))
    assert sum("roster_kept" in str(line) for line in lines) == 2


def test_an_older_roster_is_refused_and_changes_nothing(
    receive: ReceiveRoster, file: RosterFile, signer: FolderKeyRing
) -> None:
    receive(signed(signer, 9, entries=[]))

    with pytest.raises(RosterTurnedBack):
        receive(signed(signer, 8))

    kept = file.current()
    assert kept is not None
    assert (kept.number, kept.entries) == (9, {})


def test_a_roster_of_another_site_or_key_is_refused(
    receive: ReceiveRoster, file: RosterFile, signer: FolderKeyRing, tmp_path: Path
) -> None:
    thief = FolderKeyRing(tmp_path / "thief", for_demo=True)
    thief.ensure([KEY])

    for statement in (signed(signer, 9, site="tij"), signed(thief, 9)):
        with pytest.raises(NotVerified):
            receive(statement)

    assert file.current() is None


def test_a_roster_with_a_role_that_no_site_gives_is_refused(
    receive: ReceiveRoster, signer: FolderKeyRing
) -> None:
    with pytest.raises(NotVerified, match="entries"):
        receive(signed(signer, 9, entries=[{**ENTRY, "roles": ["admin"]}]))


def test_the_web_proves_the_roster_again_whoever_wrote_the_file(
    receive: ReceiveRoster, file: RosterFile, signer: FolderKeyRing, engine: Engine
) -> None:
    receive(signed(signer, 9))
    assert file.current() is not None

    forged = signed(signer, 9) | {"entries": [{**ENTRY, "officer": "mallory"}]}
    with engine.begin() as connection:
        connection.execute(update(roster).values(statement=canonical(forged).decode()))

    with pytest.raises(NotVerified):
        file.current()
