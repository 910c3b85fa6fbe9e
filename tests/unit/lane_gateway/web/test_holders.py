import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from services.lane_gateway.use_cases.find_display_record import FindDisplayRecord
from services.lane_gateway.use_cases.show_display_record import LANE_PASSAGE, ShowDisplayRecord
from services.lane_gateway.web.holders import AWAY_FOR, NONE_FOR, Holder, Holders, Standing
from shared.context import acting
from shared.crypto.tampering import Tampered
from shared.errors import Unavailable
from tests.unit.lane_gateway.web.fakes import (
    AccessInMemory,
    HeadquartersInMemory,
    RecordsInMemory,
    a_display_record,
)
from tests.unit.lane_gateway.web.live_builders import named

ANA, PASSAGE = named("ana"), named("passage")


@dataclass
class Bench:
    """Holders over stores in memory, with a clock moved by hand."""

    records: RecordsInMemory = field(default_factory=RecordsInMemory)
    headquarters: HeadquartersInMemory = field(default_factory=HeadquartersInMemory)
    access: AccessInMemory = field(default_factory=AccessInMemory)
    now: float = 0.0
    changes: int = 0

    def __post_init__(self) -> None:
        self.holders = Holders(
            FindDisplayRecord(records=self.records, headquarters=self.headquarters),
            ShowDisplayRecord(access=self.access),
            changed=self.change,
            monotonic=lambda: self.now,
        )

    def change(self) -> None:
        self.changes += 1

    def settled(self) -> Holder:
        """Return what is shown once headquarters has answered."""
        until = time.monotonic() + 5
        while (holder := self.holders.look(ANA)).standing is Standing.ASKING:
            assert time.monotonic() < until
            time.sleep(0.005)
        return holder


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench()
    yield made
    made.holders.close()


def test_a_record_that_is_here_is_shown_at_once_and_noted_once(bench: Bench) -> None:
    bench.records.here[ANA] = a_display_record()
    for _ in range(3):
        holder = bench.holders.shown_at_lane(ANA, PASSAGE)
        assert holder.record == a_display_record()
    bench.holders.shown_at_lane(ANA, named("other passage"))
    assert [line[:3] for line in bench.access.lines] == [
        ("display_record_shown", str(ANA), LANE_PASSAGE),
        ("display_record_shown", str(ANA), LANE_PASSAGE),
    ]
    assert bench.headquarters.asked == 0


def test_another_officer_is_noted_for_themself(bench: Bench) -> None:
    bench.records.here[ANA] = a_display_record()
    for officer in ("boris", "berta"):
        with acting(actor=f"staff:{officer}"):
            bench.holders.shown_at_lane(ANA, PASSAGE)
    assert len(bench.access.lines) == 2


def test_what_cannot_be_noted_is_not_shown(bench: Bench) -> None:
    bench.records.here[ANA] = a_display_record()
    bench.access.fail = Unavailable("The desk's file is locked")
    assert bench.holders.shown_at_lane(ANA, PASSAGE) == Holder(standing=Standing.AWAY)


def test_headquarters_is_asked_meanwhile_and_who_looks_is_woken(bench: Bench) -> None:
    bench.headquarters.records[ANA] = {"version": 2, "record": "sealed"}
    bench.records.sealed["sealed"] = a_display_record(photo=None)
    assert bench.holders.shown_at_lane(ANA, PASSAGE).standing is Standing.ASKING
    assert bench.settled().record == a_display_record(photo=None)
    assert bench.changes == 1
    assert bench.headquarters.asked == 1


def test_a_card_without_a_record_is_asked_for_again_after_a_while(bench: Bench) -> None:
    assert bench.settled().standing is Standing.NONE
    bench.holders.look(ANA)
    assert bench.headquarters.asked == 1
    bench.now += NONE_FOR + 1
    assert bench.settled().standing is Standing.NONE
    assert bench.headquarters.asked == 2


def test_headquarters_away_is_tried_again_soon(bench: Bench) -> None:
    bench.headquarters.fail = Unavailable("The line is cut")
    assert bench.settled().standing is Standing.AWAY
    bench.headquarters.fail = None
    bench.now += AWAY_FOR + 1
    assert bench.settled().standing is Standing.NONE


@pytest.mark.parametrize("answer", [{"version": "x", "record": "r"}, {"record": "r"}])
def test_an_answer_of_the_wrong_form_is_no_record(bench: Bench, answer: dict[str, Any]) -> None:
    bench.headquarters.records[ANA] = answer
    assert bench.settled().standing is Standing.UNREADABLE


def test_a_changed_record_is_not_shown(bench: Bench) -> None:
    bench.headquarters.fail = Tampered("changed")
    assert bench.settled().standing is Standing.UNREADABLE


def test_a_purpose_waits_for_headquarters_and_is_noted(bench: Bench) -> None:
    bench.headquarters.records[ANA] = {"version": 1, "record": "sealed"}
    bench.records.sealed["sealed"] = a_display_record()
    holder = bench.holders.shown_for(ANA, PASSAGE, purpose="audit")
    assert holder.record == a_display_record()
    assert [line[:3] for line in bench.access.lines] == [
        ("display_record_shown", str(ANA), "audit")
    ]


def test_no_name_stands_in_a_representation(bench: Bench) -> None:
    bench.records.here[ANA] = a_display_record()
    shown = bench.holders.shown_at_lane(ANA, PASSAGE)
    assert "Robles" not in repr(shown)
    assert "Robles" not in repr(a_display_record())
