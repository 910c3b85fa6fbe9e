"""A lane's draws by chance in its own file: sealed until told, and where they stand."""

import json
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, select

from services.lane_gateway.domain.events import CardSeen
from services.lane_gateway.domain.selection import (
    CARRIED_FOR,
    DrawTaken,
    SelectionCommitted,
    SelectionPeriod,
    SelectionRevealed,
    VehicleDrawn,
)
from services.lane_gateway.persistence.lane_record import LaneRecordFile
from services.lane_gateway.persistence.lane_tables import audit, entries, outbox
from shared.audit.verify import verify_chain
from tests.integration.lane_gateway.stores.samples import NOON, entry, passage_ended

SEED = bytes(range(32))
PERIOD = SelectionPeriod(lane="l1", period="2026-03-01", ppm=500_000, seed=SEED)
EPC = bytes.fromhex("30340000000000000000aa01")


def committed() -> SelectionCommitted:
    return SelectionCommitted(
        lane="l1",
        period=PERIOD.period,
        ppm=PERIOD.ppm,
        version=PERIOD.version,
        commitment=PERIOD.commitment,
        secret=SEED.hex(),
    )


def revealed(draws: int) -> SelectionRevealed:
    return SelectionRevealed(
        lane="l1",
        period=PERIOD.period,
        ppm=PERIOD.ppm,
        version=PERIOD.version,
        commitment=PERIOD.commitment,
        seed=SEED.hex(),
        draws=draws,
    )


def drawn(number: int, *, passage: UUID | None = None, selected: bool = False) -> VehicleDrawn:
    return VehicleDrawn(
        passage_id=passage or uuid4(),
        lane="l1",
        period=PERIOD.period,
        number=number,
        selected=selected,
    )


def card(passage: UUID) -> CardSeen:
    return CardSeen(
        lane="l1", passage_id=passage, epc=EPC, tid_read=True, antenna=1, rssi=-50.0, replay=False
    )


@pytest.mark.statement(51)
def test_the_seed_rests_sealed_and_the_commitment_goes_out_first(
    record: LaneRecordFile, lane_engine: Engine
) -> None:
    record.append([entry(committed())])
    record.append([entry(drawn(1))])
    record.append([entry(revealed(1))])

    with lane_engine.connect() as connection:
        bodies = list(connection.scalars(select(entries.c.body).order_by(entries.c.number)))
        out = connection.execute(select(outbox).order_by(outbox.c.number)).all()
        report = verify_chain(connection, audit, public_keys={})
    assert SEED.hex() not in bodies[0]
    assert json.loads(bodies[0])["commitment"] == PERIOD.commitment
    assert [(row.type, row.sequence) for row in out] == [
        ("lane_gateway.selection_committed.v1", 1),
        ("lane_gateway.selection_revealed.v1", 2),
    ]
    assert SEED.hex() not in str(out[0].body)
    assert out[1].body["seed"] == SEED.hex()
    assert report.findings == []


@pytest.mark.statement(51)
def test_a_restarted_agent_finds_seed_and_number_where_they_were(record: LaneRecordFile) -> None:
    assert record.selection(now=NOON).running is None
    record.append([entry(committed())])
    begun = record.selection(now=NOON)
    record.append([entry(drawn(1)), entry(drawn(2))])
    later = record.selection(now=NOON)
    record.append([entry(revealed(2))])

    assert (begun.running, begun.drawn) == (PERIOD, 0)
    assert (later.running, later.drawn) == (PERIOD, 2)
    assert record.selection(now=NOON).running is None


@pytest.mark.statement(51)
def test_a_selected_vehicle_that_was_not_let_through_is_known_by_its_cards(
    record: LaneRecordFile,
) -> None:
    back, through = uuid4(), uuid4()
    record.append([entry(committed()), entry(drawn(1, passage=back, selected=True))])
    record.append([entry(card(back))])
    waiting = record.selection(now=NOON)
    record.append([entry(drawn(2, passage=through, selected=True)), entry(card(through))])
    record.append([entry(passage_ended(through))])

    assert waiting.uninspected == {EPC: DrawTaken(period=PERIOD.period, number=1)}
    assert record.selection(now=NOON).uninspected == {
        EPC: DrawTaken(period=PERIOD.period, number=1)
    }
    assert record.selection(now=NOON + CARRIED_FOR + timedelta(seconds=1)).uninspected == {}
