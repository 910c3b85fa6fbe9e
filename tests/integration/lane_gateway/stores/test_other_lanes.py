"""What a lane's agent reads of another lane's file while that lane writes."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pysqlite3.dbapi2 as sqlite
import pytest

from services.lane_gateway.domain.authorisation import AuthorisationKind
from services.lane_gateway.domain.events import PassageEnd
from services.lane_gateway.domain.sightings import (
    CardOfNextLane,
    NumberAtArm,
    NumberHeard,
    Sighting,
)
from services.lane_gateway.persistence.lane_record import LaneRecordFile
from services.lane_gateway.persistence.other_lanes import OtherLaneFiles
from services.lane_gateway.persistence.site_files import SiteFiles
from services.lane_gateway.use_cases.sighting_ports import Disowned, Elsewhere, Gone
from tests.integration.lane_gateway.stores.samples import NOON, entry, passage_ended

EPC = bytes.fromhex("30340000000000000000aa01")


@pytest.fixture
def others(files: SiteFiles) -> Iterator[OtherLaneFiles]:
    made = OtherLaneFiles({"l1": files.lane("l1")})
    yield made
    made.close()
    made.close()


@pytest.mark.fault(22)
@pytest.mark.statement(42)
def test_cards_at_another_arm_are_read_once_and_so_is_where_their_vehicle_went(
    record: LaneRecordFile, others: OtherLaneFiles
) -> None:
    passage, back, redirected = uuid4(), uuid4(), uuid4()
    assert others.news() == Elsewhere()
    record.append([entry(NumberAtArm(passage_id=passage, lane="l1", epc=EPC))])

    assert others.news().sightings == (Sighting(lane="l1", passage_id=passage, epc=EPC, at=NOON),)
    assert others.news() == Elsewhere()
    record.append(
        [
            entry(passage_ended(passage)),
            entry(replace(passage_ended(back), end=PassageEnd.TURNED_BACK)),
            entry(
                replace(passage_ended(redirected), authorisation_kind=AuthorisationKind.REDIRECT)
            ),
        ]
    )
    assert others.news().gone == (
        Gone(passage_id=passage, at=NOON, sent_on=False),
        Gone(passage_id=back, at=NOON, sent_on=True),
        Gone(passage_id=redirected, at=NOON, sent_on=True),
    )


@pytest.mark.rule("R12")
def test_what_another_lane_hears_and_what_it_gave_away_are_read(
    record: LaneRecordFile, others: OtherLaneFiles
) -> None:
    passage = uuid4()
    record.append(
        [
            entry(NumberAtArm(passage_id=passage, lane="l1", epc=EPC, rssi=-51.0)),
            entry(NumberHeard(passage_id=passage, lane="l1", epc=EPC, rssi=-48.0)),
            entry(
                CardOfNextLane(
                    passage_id=passage,
                    lane="l1",
                    epc=EPC,
                    other_lane="l2",
                    other_passage_id=uuid4(),
                    rssi=-48.0,
                    other_rssi=-40.0,
                )
            ),
        ]
    )
    news = others.news()

    assert [(each.passage_id, each.epc, each.strength) for each in news.heard] == [
        (passage, EPC, -51.0),
        (passage, EPC, -48.0),
    ]
    assert news.disowned == (Disowned(passage_id=passage, epc=EPC),)


@pytest.mark.statement(42)
def test_an_agent_that_starts_late_still_learns_of_the_cards_before(
    files: SiteFiles, record: LaneRecordFile
) -> None:
    passage = uuid4()
    record.append([entry(NumberAtArm(passage_id=passage, lane="l1", epc=EPC))])
    late = OtherLaneFiles({"l1": files.lane("l1"), "l9": files.folder / "lane-l9.db"})

    assert [each.passage_id for each in late.news().sightings] == [passage]
    late.close()


@pytest.mark.statement(42)
def test_a_lane_that_writes_holds_up_nobody_and_nobody_holds_it_up(
    files: SiteFiles, record: LaneRecordFile, others: OtherLaneFiles
) -> None:
    record.append([entry(NumberAtArm(passage_id=uuid4(), lane="l1", epc=EPC))])
    writer = sqlite.connect(files.lane("l1"), isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    news = others.news()
    writer.execute("ROLLBACK")
    writer.close()

    assert len(news.sightings) == 1
    assert news.unread == frozenset()


def test_a_file_that_cannot_be_read_is_named_and_asked_again(
    tmp_path: Path, files: SiteFiles, record: LaneRecordFile
) -> None:
    broken = tmp_path / "lane-l2.db"
    broken.write_bytes(b"no database at all, but long enough to be looked at" * 40)
    others = OtherLaneFiles({"l1": files.lane("l1"), "l2": broken})
    record.append([entry(NumberAtArm(passage_id=uuid4(), lane="l1", epc=EPC))])
    news = others.news()

    assert news.unread == {"l2"}
    assert len(news.sightings) == 1
    broken.unlink()
    assert others.news().unread == frozenset()
    others.close()
