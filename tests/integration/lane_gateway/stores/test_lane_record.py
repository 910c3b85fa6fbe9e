from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pysqlite3.dbapi2 as sqlite
import pytest
from sqlalchemy import Engine, select

from services.lane_gateway.domain.events import (
    OfficerCommanded,
    PassageOpened,
    ReferralClosed,
    ReferralEnd,
)
from services.lane_gateway.domain.lane_policy import LaneMode
from services.lane_gateway.persistence import carrier_tables, lane_tables
from services.lane_gateway.persistence.carried_outbox import CarriedOutbox
from services.lane_gateway.persistence.lane_record import LaneRecordFile
from services.lane_gateway.persistence.site_files import SiteFiles
from services.lane_gateway.persistence.site_seal import SiteSeal
from services.lane_gateway.use_cases.ports import RecordLost
from shared.audit.verify import verify_chain
from shared.persistence.engines import sqlite_engine
from tests.integration.lane_gateway.stores.samples import (
    NOON,
    PLATE,
    entry,
    passage_ended,
    plate_seen,
)


def test_entries_messages_and_audit_are_one_commit(
    record: LaneRecordFile, lane_engine: Engine
) -> None:
    passage = uuid4()
    record.append([entry(PassageOpened(passage_id=passage, lane="l1", mode=LaneMode.ATTENDED))])
    assert record.unfinished() == [passage]
    record.append(
        [
            entry(plate_seen(passage)),
            entry(passage_ended(passage)),
            entry(
                ReferralClosed(
                    passage_id=passage,
                    lane="l1",
                    end=ReferralEnd.TURNED_BACK,
                    officer="olga",
                    reason="said Canary Word",
                )
            ),
        ]
    )
    assert record.unfinished() == []
    assert record.newest() == NOON
    with lane_engine.connect() as connection:
        out = connection.execute(select(lane_tables.outbox)).all()
        report = verify_chain(connection, lane_tables.audit, public_keys={})
    assert [(row.type, row.sequence) for row in out] == [
        ("lane_gateway.passage_recorded.v1", 1),
        ("lane_gateway.referral_closed.v1", 2),
    ]
    assert out[0].body["authorisation"] == "clear"
    assert (report.verified, report.entries) == (True, 2)


def test_plates_and_officers_words_rest_sealed(
    record: LaneRecordFile, files: SiteFiles, seal: SiteSeal
) -> None:
    record.append([entry(plate_seen(uuid4()))])
    record.tidy()
    raw = b"".join(path.read_bytes() for path in files.folder.glob("lane-l1.db*"))
    assert b"plate_seen" in raw
    assert PLATE.encode() not in raw
    connection = sqlite.connect(files.lane("l1"))
    ((sealed,),) = connection.execute("SELECT json_extract(body, '$.plate') FROM entries")
    connection.close()
    assert seal.open(sealed, "plate_seen") == PLATE


def test_a_locked_file_is_a_lost_record_and_soon(record: LaneRecordFile, files: SiteFiles) -> None:
    other = sqlite.connect(files.lane("l1"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    started = datetime.now(UTC)
    with pytest.raises(RecordLost):
        record.append([entry(plate_seen(uuid4()))])
    assert datetime.now(UTC) - started < timedelta(seconds=1)
    other.execute("ROLLBACK")
    other.close()
    record.append([entry(plate_seen(uuid4()))])


def test_the_last_command_is_remembered(record: LaneRecordFile) -> None:
    assert record.last_command() == 0
    for number in (3, 12):
        record.append(
            [
                entry(
                    OfficerCommanded(
                        lane="l1",
                        command_id=number,
                        kind="admit",
                        officer="olga",
                        passage_id=None,
                    )
                )
            ]
        )
    assert record.last_command() == 12


def test_the_record_syncs_at_every_commit(record: LaneRecordFile, files: SiteFiles) -> None:
    del record
    engine = sqlite_engine(files.lane("l1"))
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
    engine.dispose()


def test_the_worker_carries_rows_away_without_writing_to_the_lanes_file(
    record: LaneRecordFile, lane_engine: Engine, files: SiteFiles
) -> None:
    for _ in range(3):
        record.append([entry(passage_ended(uuid4()))])
    carrier = sqlite_engine(files.carrier)
    outbox = CarriedOutbox(
        file="lane-l1",
        source=lane_engine,
        outbox=lane_tables.outbox,
        carrier=carrier,
        clock=lambda: NOON,
    )
    first = outbox.pending(2)
    outbox.confirmed([row.number for row in first])
    assert [row.sequence for row in outbox.pending(10)] == [3]
    with carrier.connect() as connection:
        assert connection.execute(select(carrier_tables.carried.c.number)).scalar_one() == 2
    carrier.dispose()


def test_what_was_carried_away_goes_after_a_week_and_nothing_else(
    record: LaneRecordFile, lane_engine: Engine, files: SiteFiles
) -> None:
    for _ in range(3):
        record.append([entry(passage_ended(uuid4()))])
    carrier = sqlite_engine(files.carrier)
    outbox = CarriedOutbox(
        file="lane-l1",
        source=lane_engine,
        outbox=lane_tables.outbox,
        carrier=carrier,
        clock=lambda: NOON,
    )
    outbox.confirmed([row.number for row in outbox.pending(2)])
    carrier.dispose()

    def left() -> int:
        with lane_engine.connect() as connection:
            return len(connection.execute(select(lane_tables.outbox)).all())

    record.forget_carried(now=NOON + timedelta(days=6))
    assert left() == 3
    record.forget_carried(now=NOON + timedelta(days=8))
    assert left() == 1
    record.append([entry(passage_ended(uuid4()))])
    assert [row.sequence for row in outbox.pending(10)] == [3, 4]
