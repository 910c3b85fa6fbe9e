from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from services.lane_gateway.bootstrap.site import MIGRATIONS
from services.lane_gateway.messages.publications import desk_translator, lane_translator
from services.lane_gateway.persistence import desk_tables
from services.lane_gateway.persistence.desk import DeskStore
from services.lane_gateway.persistence.desk_reader import DeskReader
from services.lane_gateway.persistence.lane_record import LaneRecordFile
from services.lane_gateway.persistence.site_files import SiteFiles
from services.lane_gateway.persistence.site_seal import SiteSeal
from shared.crypto.jwk import public_jwk
from shared.crypto.keyring import FolderKeyRing
from shared.ids import new_id
from shared.persistence.engines import sqlite_engine
from shared.persistence.migrate import migrate
from tests.integration.lane_gateway.stores.samples import NOON


@pytest.fixture
def ring(tmp_path: Path) -> FolderKeyRing:
    keys = FolderKeyRing(tmp_path / "keys")
    for name in ("kek", "dossier", "audit-signing"):
        keys.activate(name, keys.new(name).kid)
    return keys


@pytest.fixture
def files(tmp_path: Path) -> SiteFiles:
    folder = tmp_path / "site"
    folder.mkdir()
    made = SiteFiles(folder=folder)
    for store, path in (
        ("lane", made.lane("l1")),
        ("desk", made.desk),
        ("carrier", made.carrier),
    ):
        engine = sqlite_engine(path)
        migrate(engine, MIGRATIONS / store)
        engine.dispose()
    return made


@pytest.fixture
def seal(ring: FolderKeyRing) -> SiteSeal:
    return SiteSeal(ring)


@pytest.fixture
def record(files: SiteFiles, seal: SiteSeal) -> Iterator[LaneRecordFile]:
    made = LaneRecordFile(
        files.lane("l1"),
        lane="l1",
        seal=seal,
        translate=lane_translator(clock=lambda: NOON),
        new_id=new_id,
        clock=lambda: NOON,
    )
    yield made
    made.close()


@pytest.fixture
def lane_engine(files: SiteFiles) -> Iterator[Engine]:
    made = sqlite_engine(files.lane("l1"), read_only=True)
    yield made
    made.dispose()


@pytest.fixture
def desk(files: SiteFiles, ring: FolderKeyRing) -> Iterator[DeskStore]:
    engine = sqlite_engine(files.desk)
    with engine.begin() as connection:
        connection.execute(
            desk_tables.lanes.insert().values(
                lane="l1",
                mode="attended",
                lane_type="sentri",
                direction="inbound",
                zone="America/Los_Angeles",
                counter_grants_automatic=0,
                version=1,
            )
        )
    translate = desk_translator(vetting_key=public_jwk(ring, "dossier"), new_id=new_id)
    yield DeskStore(engine, ring=ring, clock=lambda: NOON, translate=translate)
    engine.dispose()


@pytest.fixture
def reader(files: SiteFiles, seal: SiteSeal, desk: DeskStore) -> Iterator[DeskReader]:
    del desk
    made = DeskReader(files.desk, lane="l1", seal=seal)
    yield made
    made.close()
