"""Whole lanes on a clock of their own whose records are real files: draws, restarts, copies."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from services.lane_gateway.bootstrap.site import MIGRATIONS
from services.lane_gateway.domain.admission import Reason
from services.lane_gateway.domain.commands import CommandKind
from services.lane_gateway.domain.selection import MILLION
from services.lane_gateway.domain.selection_proof import prove
from services.lane_gateway.messages.publications import lane_translator
from services.lane_gateway.persistence.lane_record import LaneRecordFile
from services.lane_gateway.persistence.other_lanes import OtherLaneFiles
from services.lane_gateway.persistence.queries_files import ReadOnlyFiles
from services.lane_gateway.persistence.queries_selection import SelectionQueries
from services.lane_gateway.persistence.site_files import SiteFiles
from services.lane_gateway.persistence.site_seal import SiteSeal
from services.lane_gateway.simulator.vehicle import Driver
from shared.crypto.keyring import FolderKeyRing
from shared.ids import new_id
from shared.persistence.engines import sqlite_engine
from shared.persistence.migrate import migrate
from tests.unit.lane_gateway.agent_bench import LaneBench
from tests.unit.lane_gateway.builders import a_lane, epc_of

LANES = ("l1", "l2")


@pytest.fixture
def port(tmp_path: Path, ring: FolderKeyRing) -> Iterator[dict[str, LaneBench]]:
    """Two lanes of a port, each with its own file and reading the other's."""
    files = SiteFiles(folder=tmp_path)
    benches = {lane: on_file(files, lane, ring) for lane in LANES}
    for lane in LANES:
        start(benches[lane], files, lane)
    yield benches
    for bench in benches.values():
        bench.controller.sightings.others.close()
        bench.record.close()


def on_file(files: SiteFiles, lane: str, ring: FolderKeyRing) -> LaneBench:
    engine = sqlite_engine(files.lane(lane))
    migrate(engine, MIGRATIONS / "lane")
    engine.dispose()
    bench = LaneBench()
    bench.record = LaneRecordFile(  # type: ignore[assignment]
        files.lane(lane),
        lane=lane,
        seal=SiteSeal(ring),
        translate=lane_translator(clock=lambda: bench.clock.wall),
        new_id=new_id,
        clock=lambda: bench.clock.wall,
    )
    return bench


def start(bench: LaneBench, files: SiteFiles, lane: str) -> None:
    bench.start()
    # Each bench takes its lane for l1; what it reads beside it is another one.
    others = {f"beside {lane}": files.lane(other) for other in LANES if other != lane}
    bench.controller.sightings.others = OtherLaneFiles(others)


def drawing(bench: LaneBench, ppm: int) -> None:
    bench.desk.set(policy=a_lane(selection_ppm=ppm))
    bench.run(1.5)


@pytest.mark.fault(22)
@pytest.mark.statement(42)
def test_one_card_in_two_lanes_within_thirty_seconds_is_referred_in_both(
    port: dict[str, LaneBench],
) -> None:
    first, second = port["l1"], port["l2"]
    first.arrive("ana", driver=Driver.WAIT)
    assert first.picture().word == "clear"
    second.run(20.0)
    second.arrive("ana", driver=Driver.WAIT)
    first.run(20.5)

    assert [bench.picture().word for bench in (first, second)] == ["refer", "refer"]
    assert [bench.times_opened() for bench in (first, second)] == [0, 0]


@pytest.mark.fault(19)
@pytest.mark.rule("R12")
def test_a_card_of_the_next_lane_is_told_apart_by_what_the_files_say(
    port: dict[str, LaneBench],
) -> None:
    first, second = port["l1"], port["l2"]
    first.world.overhear.append(second.field)
    for bench in (first, second):
        bench.member("ana")
    first.car("ana", driver=Driver.WAIT)
    second.car(driver=Driver.WAIT)
    for _ in range(900):
        first.turn()
        second.turn()

    assert [epc for epc, card in second.front.cards.items() if card.elsewhere] == [epc_of("ana")]
    assert [bench.picture().word for bench in (first, second)] == ["clear", "refer"]
    assert second.front.decision is not None
    assert second.front.decision.reasons == (Reason.NO_CARD,)


@pytest.mark.statement(51)
def test_a_day_with_restarts_is_proved_from_the_file_alone(
    port: dict[str, LaneBench], tmp_path: Path
) -> None:
    bench, files = port["l1"], SiteFiles(folder=tmp_path)
    drawing(bench, MILLION // 2)
    for number in range(8):
        bench.arrive(f"traveler {number}")
        bench.say(CommandKind.SECONDARY)
        bench.run(12.0)
        if number in {2, 5}:
            bench.controller.sightings.others.close()
            start(bench, files, "l1")
    queries = SelectionQueries(ReadOnlyFiles(files))
    (day,) = queries.periods("l1")
    bench.clock.wall += timedelta(days=1)
    bench.run(1.5)
    recorded = queries.period("l1", day)

    assert [draw.number for draw in recorded.draws] == list(range(1, 9))
    assert recorded.told == 8
    assert prove(recorded) == ()


@pytest.mark.statement(51)
def test_a_selected_vehicle_that_outlives_a_restart_stays_selected(
    port: dict[str, LaneBench], tmp_path: Path
) -> None:
    bench, files = port["l1"], SiteFiles(folder=tmp_path)
    drawing(bench, MILLION)
    bench.member("ana")
    bench.car("ana", driver=Driver.WAIT)
    bench.until(lambda: any(one.decision for one in bench.controller.tracker.every()))
    assert bench.controller.tracker.front is None
    queries = SelectionQueries(ReadOnlyFiles(files))
    (day,) = queries.periods("l1")
    assert len(queries.period("l1", day).draws) == 1
    bench.controller.sightings.others.close()
    start(bench, files, "l1")
    bench.run(8.0)
    bench.say(CommandKind.CONFIRM_PLATE, plate="7ABC123", region="CA")

    assert bench.picture().word == "refer"
    assert len(queries.period("l1", day).draws) == 1
