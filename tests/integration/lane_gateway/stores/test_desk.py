import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from services.lane_gateway.domain.commands import CommandKind
from services.lane_gateway.domain.visit import PersonResult, Result, ViolationType
from services.lane_gateway.persistence import desk_tables
from services.lane_gateway.persistence.desk import DeskStore
from services.lane_gateway.persistence.desk_reader import DeskReader
from services.lane_gateway.persistence.site_files import SiteFiles
from services.lane_gateway.use_cases.arrive_at_secondary import ArriveAtSecondary
from services.lane_gateway.use_cases.command_lane import NotSignedOn
from services.lane_gateway.use_cases.find_missing_vehicles import FindMissingVehicles
from services.lane_gateway.use_cases.record_inspection import RecordInspection
from services.lane_gateway.use_cases.release_visit import ReleaseVisit
from services.lane_gateway.use_cases.sign_on_to_lane import LaneTaken, SignOnToLane
from shared.errors import Conflict, InvalidInput
from tests.integration.lane_gateway.stores.samples import (
    NOON,
    PLATE,
    Waker,
    admit,
    commander,
)


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
