"""The lane's record and the desk, on real files, as their two sides see them."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pysqlite3.dbapi2 as sqlite
import pytest
from sqlalchemy import Engine, select

from services.lane_gateway.bootstrap.site import MIGRATIONS
from services.lane_gateway.domain.admission import Verdict
from services.lane_gateway.domain.authorisation import AuthorisationKind
from services.lane_gateway.domain.commands import Command, CommandKind
from services.lane_gateway.domain.events import (
    Entry,
    OfficerCommanded,
    PassageEnd,
    PassageEnded,
    PassageOpened,
    PassageTimes,
    PlateSeen,
    ReferralClosed,
    ReferralEnd,
)
from services.lane_gateway.domain.lane_policy import LaneMode
from services.lane_gateway.domain.visit import PersonResult, Result, ViolationType
from services.lane_gateway.messages.publications import desk_translator, lane_translator
from services.lane_gateway.persistence import carrier_tables, desk_tables, lane_tables
from services.lane_gateway.persistence.carried_outbox import CarriedOutbox
from services.lane_gateway.persistence.desk import DeskStore
from services.lane_gateway.persistence.desk_reader import DeskReader
from services.lane_gateway.persistence.lane_record import LaneRecordFile
from services.lane_gateway.persistence.site_files import SiteFiles
from services.lane_gateway.persistence.site_seal import SiteSeal
from services.lane_gateway.use_cases.arrive_at_secondary import ArriveAtSecondary
from services.lane_gateway.use_cases.command_lane import CommandLane, NotSignedOn
from services.lane_gateway.use_cases.find_missing_vehicles import FindMissingVehicles
from services.lane_gateway.use_cases.ports import RecordLost
from services.lane_gateway.use_cases.record_inspection import RecordInspection
from services.lane_gateway.use_cases.release_visit import ReleaseVisit
from services.lane_gateway.use_cases.sign_on_to_lane import LaneTaken, SignOnToLane
from shared.audit.verify import verify_chain
from shared.crypto.jwk import public_jwk
from shared.crypto.keyring import FolderKeyRing
from shared.errors import Conflict, InvalidInput
from shared.ids import new_id
from shared.persistence.engines import sqlite_engine
from shared.persistence.migrate import migrate

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
PLATE = "7CANARY9"


class Waker:
    def __init__(self) -> None:
        self.woken: list[str] = []

    def wake(self, lane: str) -> None:
        self.woken.append(lane)

    def wake_all(self) -> None:
        self.woken.append("*")


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


def entry(event: object) -> Entry:
    return Entry(event=event, at=NOON, monotonic=4.5)  # type: ignore[arg-type]


def passage_ended(passage: UUID, *, credentials: tuple[UUID, ...] = ()) -> PassageEnded:
    return PassageEnded(
        passage_id=passage,
        lane="l1",
        end=PassageEnd.PASSED,
        why="",
        credential_ids=credentials,
        verdict=Verdict.CLEAR,
        reasons=(),
        authorisation_kind=AuthorisationKind.CLEAR,
        officer="olga",
        counted=1,
        times=PassageTimes(read=NOON, decided=NOON),
        list_number=4,
        list_age=timedelta(seconds=3),
        ended_at=NOON,
    )


def plate_seen(passage: UUID) -> PlateSeen:
    return PlateSeen(
        lane="l1", passage_id=passage, plate=PLATE, region="CA", confidence=0.9, by_officer=False
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


def admit(passage: UUID, **more: object) -> Command:
    values = {
        "id": 0,
        "lane": "l1",
        "kind": CommandKind.ADMIT,
        "officer": "olga",
        "at": NOON,
        "passage_id": passage,
        "counted": 2,
    }
    return Command(**{**values, **more})  # type: ignore[arg-type]


def commander(desk: DeskStore, waker: Waker) -> CommandLane:
    return CommandLane(desk=desk, waker=waker, clock=lambda: NOON, new_id=new_id)


def test_only_who_is_signed_on_commands_the_lane(desk: DeskStore, reader: DeskReader) -> None:
    waker, passage = Waker(), uuid4()
    sign_on = SignOnToLane(desk=desk, waker=waker, clock=lambda: NOON)
    with pytest.raises(NotSignedOn):
        commander(desk, waker)(admit(passage))
    sign_on("l1", "olga")
    with pytest.raises(LaneTaken):
        sign_on("l1", "boris")
    number = commander(desk, waker)(admit(passage))
    (command,) = reader.commands_after(0)
    assert (command.id, command.passage_id, command.counted) == (number, passage, 2)
    assert reader.newest_command() == number
    assert reader.lane().signed_on == "olga"
    assert waker.woken == ["l1", "l1"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"counted": 0}, "counted"),
        ({"counted": None}, "counted"),
        ({"passage_id": None}, "passage_id"),
        ({"kind": CommandKind.AFTER_CHECKS, "reason": "  "}, "reason"),
        ({"kind": CommandKind.CONFIRM_PLATE}, "plate"),
        ({"kind": CommandKind.ADD_CARD}, "epc"),
    ],
)
def test_a_command_that_lacks_something_names_it(
    desk: DeskStore, wrong: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        commander(desk, Waker())(admit(uuid4(), **wrong))
    assert list(refused.value.fields) == [field]


def test_an_officers_words_and_plates_rest_sealed_at_the_desk(
    desk: DeskStore, reader: DeskReader, files: SiteFiles
) -> None:
    SignOnToLane(desk=desk, waker=Waker(), clock=lambda: NOON)("l1", "olga")
    commander(desk, Waker())(
        admit(uuid4(), kind=CommandKind.CONFIRM_PLATE, plate=PLATE, region="CA")
    )
    raw = b"".join(path.read_bytes() for path in files.folder.glob("desk.db*"))
    assert PLATE.encode() not in raw
    assert reader.commands_after(0)[0].plate == PLATE


@pytest.mark.statement(51)
def test_a_vehicle_sent_to_secondary_is_expected_inspected_and_released(desk: DeskStore) -> None:
    waker, passage, holder = Waker(), uuid4(), uuid4()
    SignOnToLane(desk=desk, waker=waker, clock=lambda: NOON)("l1", "olga")
    commander(desk, waker)(
        admit(passage, kind=CommandKind.SECONDARY, counted=None), credential_ids=[holder]
    )
    with desk() as work:
        visit = work.visits.of_passage(passage).id
    ArriveAtSecondary(desk=desk, clock=lambda: NOON)(visit, "sara")
    with pytest.raises(Conflict):
        ReleaseVisit(desk=desk, clock=lambda: NOON)(visit, "sara")
    inspect = RecordInspection(desk=desk, clock=lambda: NOON)
    with pytest.raises(InvalidInput):
        inspect(visit, (), "sara")
    found = PersonResult(
        credential_id=holder,
        result=Result.VIOLATION,
        violation=ViolationType.UNDECLARED_GOODS,
        note="Canary words",
    )
    inspect(visit, (found,), "sara")
    ReleaseVisit(desk=desk, clock=lambda: NOON)(visit, "sara")
    with desk.engine.connect() as connection:
        (message,) = connection.execute(select(desk_tables.mailboxes.outbox)).all()
    assert message.type == "lane_gateway.inspection_recorded.v1"
    assert "Canary" not in str(message.body)
    assert message.body["persons"][0]["violation"] == "undeclared_goods"


@pytest.mark.statement(51)
def test_a_vehicle_that_does_not_arrive_in_three_minutes_is_an_alarm(desk: DeskStore) -> None:
    waker, passage = Waker(), uuid4()
    SignOnToLane(desk=desk, waker=waker, clock=lambda: NOON)("l1", "olga")
    commander(desk, waker)(admit(passage, kind=CommandKind.SECONDARY))
    in_time = NOON + timedelta(minutes=3)
    late = in_time + timedelta(seconds=1)
    assert FindMissingVehicles(desk=desk, clock=lambda: in_time)() == 0
    assert FindMissingVehicles(desk=desk, clock=lambda: late)() == 1
    assert FindMissingVehicles(desk=desk, clock=lambda: late)() == 0
    with desk.engine.connect() as connection:
        (message,) = connection.execute(select(desk_tables.mailboxes.outbox)).all()
    assert message.body["code"] == "vehicle_missing"


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


def test_two_threads_of_the_desk_do_not_lose_a_command(desk: DeskStore, reader: DeskReader) -> None:
    SignOnToLane(desk=desk, waker=Waker(), clock=lambda: NOON)("l1", "olga")
    failures: list[Exception] = []

    def press() -> None:
        try:
            for _ in range(5):
                commander(desk, Waker())(admit(uuid4()))
        except Exception as error:  # noqa: BLE001 - shown by the assertion below
            failures.append(error)

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(reader.commands_after(0)) == 10
