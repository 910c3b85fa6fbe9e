"""The report and the proof of draws by chance, on real files."""

import argparse
import csv
from collections.abc import Iterator
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID, uuid4

import pysqlite3.dbapi2 as sqlite
import pytest

from services.lane_gateway.bootstrap.selection import verify
from services.lane_gateway.domain.admission import Reason, Verdict
from services.lane_gateway.domain.authorisation import AuthorisationKind
from services.lane_gateway.domain.events import PassageDecided, PassageEnd
from services.lane_gateway.domain.selection import (
    SelectionCommitted,
    SelectionPeriod,
    SelectionRevealed,
    VehicleDrawn,
)
from services.lane_gateway.domain.visit import PersonResult, Result, ViolationType, Visit
from services.lane_gateway.persistence.lane_record import LaneRecordFile
from services.lane_gateway.web.parts import SELECTIONS_FOR
from shared.clock import utc_now
from tests.integration.lane_gateway.web.officers import Officer
from tests.integration.lane_gateway.web.records import WORDS, a_decision, end_passage, write
from tests.integration.lane_gateway.web.site import Site
from tests.unit.lane_gateway.web.live_builders import named

if TYPE_CHECKING:
    from services.lane_gateway.config import Config

ANA = named("ana")
PERIOD = SelectionPeriod(lane="l1", period="2026-12-10", ppm=500_000, seed=bytes(range(32)))
DRAWS = 40
CHOSEN = [number for number in range(1, DRAWS + 1) if PERIOD.selects(number)]
UNFIT = (AuthorisationKind.AFTER_CHECKS, AuthorisationKind.REDIRECT)


@pytest.fixture
def record(site: Site) -> Iterator[LaneRecordFile]:
    opened = site.record_of("l1")
    yield opened
    opened.close()


@pytest.fixture
def paula(site: Site) -> Officer:
    return Officer(site.app, "paula", "port")


@pytest.fixture
def drawn(record: LaneRecordFile) -> list[UUID]:
    """A day of forty vehicles: two of the selected were let go, all others inspected."""
    write(
        record,
        SelectionCommitted(
            lane="l1",
            period=PERIOD.period,
            ppm=PERIOD.ppm,
            version=PERIOD.version,
            commitment=PERIOD.commitment,
            secret=PERIOD.seed.hex(),
        ),
    )
    passages = [uuid4() for _ in range(DRAWS)]
    let_go = iter(UNFIT)
    for number, passage in enumerate(passages, start=1):
        chosen = PERIOD.selects(number)
        draw_vehicle(record, passage, number, chosen=chosen)
        kind = next(let_go, AuthorisationKind.SECONDARY) if chosen else AuthorisationKind.CLEAR
        end_passage(
            record,
            passage,
            ANA,
            authorisation_kind=kind,
            verdict=Verdict.REFER if chosen else Verdict.CLEAR,
            reasons=(Reason.RANDOM_SELECTION,) if chosen else (),
            end=PassageEnd.PASSED,
        )
    return passages


def draw_vehicle(record: LaneRecordFile, passage: UUID, number: int, *, chosen: bool) -> None:
    reasons = (Reason.RANDOM_SELECTION,) if chosen else ()
    verdict = Verdict.REFER if chosen else Verdict.CLEAR
    write(
        record,
        VehicleDrawn(
            passage_id=passage, lane="l1", period=PERIOD.period, number=number, selected=chosen
        ),
        PassageDecided(passage_id=passage, lane="l1", decision=a_decision(verdict, reasons, ANA)),
    )


def reveal(record: LaneRecordFile) -> None:
    write(
        record,
        SelectionRevealed(
            lane="l1",
            period=PERIOD.period,
            ppm=PERIOD.ppm,
            version=PERIOD.version,
            commitment=PERIOD.commitment,
            seed=PERIOD.seed.hex(),
            draws=DRAWS,
        ),
    )


def inspect(site: Site, passage: UUID, result: Result) -> None:
    """Send a vehicle through secondary."""
    visit = uuid4()
    expected = Visit.expect(
        visit, passage_id=passage, lane="l1", credential_ids=[ANA], officer="boris", now=utc_now()
    )
    with site.desk() as work:
        work.visits.add(expected)
        work.commit()
    site.use_cases.arrive(visit, "boris")
    found = PersonResult(
        credential_id=ANA,
        result=result,
        violation=ViolationType.CONTRABAND if result is Result.VIOLATION else None,
    )
    site.use_cases.inspect(visit, (found,), "boris")


def proof(site: Site, **chosen: Any) -> int:
    config = cast("Config", SimpleNamespace(data=site.files.folder))
    return verify(config, argparse.Namespace(**{"lane": None, "period": None} | chosen))


@pytest.mark.statement(51)
def test_the_report_shows_rate_bounds_and_who_went_uninspected(
    site: Site, drawn: list[UUID], paula: Officer
) -> None:
    page = paula.get("/en/selections").text
    report = site.reads.selections.report(["l1"], since=utc_now() - SELECTIONS_FOR)
    (row,) = report.periods

    assert (row.draws, row.selected) == (DRAWS, len(CHOSEN))
    assert (row.low, row.high) == (12, 28)
    assert row.within
    assert (row.inspected, row.skipped) == (len(CHOSEN) - 2, 2)
    assert {each.outcome.value for each in report.skipped} == {"after_checks", "redirect"}
    assert all(each.reason_given and each.officer == "boris" for each in report.skipped)
    assert "12 to 28" in page
    for number in CHOSEN[:2]:
        assert f"/en/passages/{drawn[number - 1]}" in page
    assert WORDS not in page
    spanish = paula.get("/es/selections").text
    assert "de 12 a 28" in spanish, spanish


@pytest.mark.statement(51)
def test_inspections_by_chance_are_set_against_targeted_ones(
    site: Site, record: LaneRecordFile, drawn: list[UUID]
) -> None:
    targeted = uuid4()
    end_passage(record, targeted, ANA, authorisation_kind=AuthorisationKind.SECONDARY)
    inspect(site, drawn[CHOSEN[5] - 1], Result.VIOLATION)
    inspect(site, drawn[CHOSEN[6] - 1], Result.NOTHING)
    inspect(site, targeted, Result.VIOLATION)
    report = site.reads.selections.report(["l1", "l2"], since=utc_now() - SELECTIONS_FOR)

    assert [(row.by_chance, row.inspected, row.violations) for row in report.yields] == [
        (True, 2, 1),
        (False, 1, 1),
    ]


@pytest.mark.usefixtures("drawn")
def test_the_table_goes_out_as_csv_and_json(paula: Officer) -> None:
    (row,) = csv.DictReader(paula.get("/en/selections/table.csv").text.splitlines())
    told = paula.get("/api/v1/selections").json

    assert (row["lane"], row["draws"], row["low"], row["high"]) == ("l1", str(DRAWS), "12", "28")
    assert told is not None
    assert told["periods"][0]["selected"] == len(CHOSEN)
    assert len(told["skipped"]) == 2
    assert "vehicles" not in told["periods"][0]


@pytest.mark.statement(51)
@pytest.mark.usefixtures("drawn")
def test_a_day_is_proved_once_its_seed_is_told(
    site: Site, record: LaneRecordFile, paula: Officer, capsys: pytest.CaptureFixture[str]
) -> None:
    before = paula.get("/en/selections?lane=l1&period=2026-12-10").text
    assert "The seed is not told yet" in before
    assert PERIOD.seed.hex() not in before
    assert proof(site) == 0
    assert proof(site, period=PERIOD.period) == 1
    reveal(record)

    assert proof(site) == 0
    assert f"{DRAWS} draws proved, {len(CHOSEN)} selected" in capsys.readouterr().out
    page = paula.get("/en/selections?lane=l1&period=2026-12-10").text
    assert "Proved" in page
    assert PERIOD.seed.hex() in page
    assert paula.get("/en/selections?lane=l1&period=2026-12-11").status_code == 404
    assert paula.get("/en/selections?lane=l9&period=2026-12-10").status_code == 404


@pytest.mark.statement(51)
@pytest.mark.parametrize(
    ("change", "flaw"),
    [
        (
            (
                "UPDATE entries SET body = replace(body, 'true', 'false') "
                "WHERE kind = 'vehicle_drawn' "
                "AND json_extract(body, '$.selected')"
            ),
            "outcome_differs",
        ),
        (
            (
                "DELETE FROM entries WHERE kind = 'vehicle_drawn' "
                "AND json_extract(body, '$.number') = 7"
            ),
            "numbers_differ",
        ),
        (
            (
                "UPDATE entries SET body = json_set(body, '$.ppm', 1000) "
                "WHERE kind = 'selection_committed'"
            ),
            "commitment_differs",
        ),
    ],
)
@pytest.mark.usefixtures("drawn")
def test_a_record_that_was_changed_is_not_proved(
    site: Site,
    record: LaneRecordFile,
    capsys: pytest.CaptureFixture[str],
    change: str,
    flaw: str,
) -> None:
    reveal(record)
    with sqlite.connect(site.files.lane("l1")) as connection:
        assert connection.execute(change).rowcount > 0
    connection.close()

    assert proof(site) == 1
    assert flaw in capsys.readouterr().out


@pytest.mark.statement(51)
@pytest.mark.usefixtures("drawn")
def test_a_vehicle_that_was_cleared_without_a_draw_is_found(
    site: Site, record: LaneRecordFile, capsys: pytest.CaptureFixture[str]
) -> None:
    waved = uuid4()
    write(
        record,
        PassageDecided(passage_id=waved, lane="l1", decision=a_decision(Verdict.CLEAR, (), ANA)),
    )
    reveal(record)

    assert proof(site, lane="l1") == 1
    assert f"not_drawn {waved}" in capsys.readouterr().out


def test_a_booth_officer_does_not_see_who_was_selected(site: Site) -> None:
    assert Officer(site.app).get("/en/selections").status_code == 403
