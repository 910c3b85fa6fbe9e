"""What the running processes are told about durability.

A killed process leaves what it wrote in the system's cache, which writes it out later; only a power
cut takes that away, and no test here cuts the power. So the settings are looked at, by which each
commit and each confirm waits for the disk.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from services.lane_gateway.bootstrap.site import MIGRATIONS
from services.lane_gateway.messages.publications import lane_translator
from services.lane_gateway.persistence.lane_record import LaneRecordFile
from services.lane_gateway.persistence.site_files import SiteFiles
from services.lane_gateway.persistence.site_seal import SiteSeal
from shared.clock import utc_now
from shared.crypto.keyring import FolderKeyRing
from shared.ids import new_id
from shared.messaging.topology import queues, topology
from shared.persistence.engines import sqlite_engine
from shared.persistence.migrate import migrate
from tests.faults.headquarters import SITE, Headquarters
from tests.unit.lane_gateway.web.live_builders import a_live_state

FULL = 2
"""``synchronous``: the log is forced to the disk before a commit returns."""
BARE = ("--no-table-headers",)


@pytest.mark.parametrize("service", ["enrollment", "vetting"])
@pytest.mark.parametrize("setting", ["fsync", "full_page_writes", "synchronous_commit"])
def test_a_commit_waits_for_the_disk(
    headquarters: Headquarters, service: str, setting: str
) -> None:
    engine = headquarters.engine(service)
    with engine.connect() as connection:
        seen = connection.scalar(text(f"SHOW {setting}"))
        overridden = connection.scalar(text("SELECT count(*) FROM pg_db_role_setting"))
    engine.dispose()

    assert seen == "on"
    assert overridden == 0, "a database or a user has settings of its own"


def test_every_queue_is_written_by_a_quorum(headquarters: Headquarters) -> None:
    listed = headquarters.rabbitmq.ctl("list_queues", *BARE, "name", "type", "durable")
    found = {name: (kind, durable) for name, kind, durable in map(str.split, listed.splitlines())}

    wanted = queues(topology([SITE]))
    assert found == {name: (str(given["x-queue-type"]), "true") for name, given in wanted.items()}
    assert {kind for kind, _ in found.values()} == {"quorum", "stream"}


def test_every_publisher_waits_for_its_confirms(headquarters: Headquarters) -> None:
    listed = headquarters.rabbitmq.ctl("list_channels", *BARE, "user", "consumer_count", "confirm")
    channels = [line.split() for line in listed.splitlines()]
    publishers = [(user, confirm) for user, consumers, confirm in channels if consumers == "0"]

    assert {user for user, _ in publishers} == {"enrollment", "vetting"}
    assert {confirm for _, confirm in publishers} == {"true"}


@pytest.fixture
def record(tmp_path: Path) -> Iterator[LaneRecordFile]:
    ring = FolderKeyRing(tmp_path / "keys")
    ring.ensure(["kek", "audit-signing"])
    path = SiteFiles(folder=tmp_path).lane("l1")
    engine = sqlite_engine(path)
    migrate(engine, MIGRATIONS / "lane")
    engine.dispose()
    made = LaneRecordFile(
        path,
        lane="l1",
        seal=SiteSeal(ring),
        translate=lane_translator(clock=utc_now),
        new_id=new_id,
    )
    yield made
    made.close()


def synchronous(record: LaneRecordFile) -> int:
    connection = record._connection  # noqa: SLF001 - a setting of this connection alone
    return int(connection.execute("PRAGMA synchronous").fetchone()[0])


def test_what_a_lane_records_waits_for_the_disk(record: LaneRecordFile) -> None:
    assert synchronous(record) == FULL

    record.save_live(a_live_state())  # itself not worth a wait

    assert synchronous(record) == FULL


def test_a_site_s_other_files_wait_for_the_disk(tmp_path: Path) -> None:
    engine = sqlite_engine(tmp_path / "desk.db")
    with engine.connect() as connection:
        seen = connection.scalar(text("PRAGMA synchronous"))
    engine.dispose()

    assert seen == FULL
