from datetime import UTC, datetime
from uuid import uuid4

import pytest

from services.lane_gateway.domain.feed import HeadTurnedBack, NewestHead
from services.lane_gateway.persistence.carrier import Carrier, SiteState
from services.lane_gateway.persistence.carrier_tables import metadata
from services.lane_gateway.persistence.people_file import PeopleFile
from services.lane_gateway.persistence.people_file import metadata as people
from services.lane_gateway.persistence.site_files import SiteFiles
from shared.clock import utc_now
from shared.crypto.keyring import FolderKeyRing
from shared.persistence.engines import sqlite_engine

PATIENCE = 10.0
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def head(position: int) -> NewestHead:
    return NewestHead(position=position, at=NOON, arrived_at=NOON, monotonic=17.5, boot_id="boot")


def test_the_newest_head_is_kept_and_a_lower_one_refused(
    files: SiteFiles, ring: FolderKeyRing
) -> None:
    engine = sqlite_engine(files.carrier)
    metadata.create_all(engine)
    carrier = Carrier(engine, ring, utc_now)
    for position in (3, 9):
        with carrier() as work:
            work.note_head(head(position))
            work.commit()
    with pytest.raises(HeadTurnedBack), carrier() as work:
        work.note_head(head(4))
    state = SiteState(files.carrier)
    assert state.newest_head() == head(9)
    with carrier() as work:
        work.name_generation(5)
        work.commit()
    assert (state.generation(), state.newest_head()) == (5, head(9))
    state.close()
    engine.dispose()


def test_of_display_records_the_newest_wins_and_a_dropped_one_stays_dropped(
    files: SiteFiles,
) -> None:
    engine = sqlite_engine(files.people)
    people.create_all(engine)
    file, card = PeopleFile(engine, utc_now), uuid4()
    file.keep(card, 2, "two")
    file.keep(card, 1, "one")
    found = file.find(card)
    assert found is not None
    assert found.sealed == "two"
    file.drop(card, 3)
    file.keep(card, 2, "two")
    assert file.find(card) is None
    assert file.erase([card]) == 1
    engine.dispose()
