"""The port's report: counted from the lanes' records, shown, downloaded, and called."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from services.lane_gateway.domain.admission import Reason, Verdict
from services.lane_gateway.domain.commands import CommandKind
from services.lane_gateway.domain.events import (
    Entry,
    OfficerCommanded,
    OverrideGiven,
    PassageEnd,
    PassageEnded,
    PassageTimes,
)
from services.lane_gateway.domain.gate_model import Override
from services.lane_gateway.persistence.lane_record import LaneRecordFile
from shared.events import Event
from tests.integration.lane_gateway.web.officers import Officer
from tests.integration.lane_gateway.web.site import Site

WORDS = "driver lost the card at the window"


@pytest.fixture
def paula(site: Site) -> Officer:
    return Officer(site.app, "paula", "port")


@pytest.fixture
def record(site: Site) -> Iterator[LaneRecordFile]:
    opened = site.record_of("l1")
    yield opened
    opened.close()


def ended(
    seconds: float, *, verdict: Verdict = Verdict.CLEAR, reasons: tuple[Reason, ...] = ()
) -> Event:
    now = datetime.now(UTC)
    return PassageEnded(
        passage_id=uuid4(),
        lane="l1",
        end=PassageEnd.PASSED,
        why="",
        credential_ids=(),
        verdict=verdict,
        reasons=reasons,
        authorisation_kind=None,
        officer="boris",
        counted=1,
        times=PassageTimes(read=now - timedelta(seconds=seconds), decided=now, shown=now, gate=now),
        list_number=1,
        list_age=None,
        ended_at=now,
    )


def write(record: LaneRecordFile, *events: Event, ago: timedelta = timedelta()) -> None:
    at = datetime.now(UTC) - ago
    record.append([Entry(event=event, at=at, monotonic=1.0) for event in events])


@pytest.fixture
def filled(record: LaneRecordFile) -> None:
    """A morning at lane l1, and one vehicle two weeks before it."""
    write(record, ended(10), ago=timedelta(days=14))
    write(record, ended(10), ended(12), ended(20, verdict=Verdict.REFER, reasons=(Reason.HELD,)))
    look_up = OfficerCommanded(
        lane="l1", command_id=1, kind=CommandKind.ADD_CARD, officer="boris", passage_id=None
    )
    refused = OfficerCommanded(
        lane="l1",
        command_id=2,
        kind=CommandKind.ADD_CARD,
        officer="boris",
        passage_id=None,
        refused="late",
    )
    override = Override(id=uuid4(), officer="boris", reason=WORDS, expires=9.0)
    write(record, look_up, refused, OverrideGiven(lane="l1", override=override))


@pytest.mark.statement(57)
@pytest.mark.usefixtures("filled")
def test_the_report_counts_what_the_record_has(paula: Officer) -> None:
    page = paula.get("/en/reports").text

    assert "Vehicles and verdicts" in page
    assert "The membership is on hold" in page
    assert WORDS not in page
    assert "Vehículos y resultados" in paula.get("/es/reports?days=30").text

    told = paula.call("GET", "/report?days=7").json
    assert told is not None
    first, second = told["lanes"]
    assert (first["lane"], first["vehicles"], second["vehicles"]) == ("l1", 3, 0)
    assert first["verdicts"] == {"clear": 2, "refer": 1}
    assert first["reasons"] == {"held": 1}
    assert (first["overrides"], first["look_ups"]) == (1, 1)
    assert first["read_to_gate"]["count"] == 3
    assert first["read_to_gate"]["median"] == pytest.approx(12, abs=0.1)
    assert first["minutes_saved"] == pytest.approx(38 / 60, abs=0.01)
    assert second["read_to_gate"] is None
    month = paula.call("GET", "/report?days=30").json
    assert month is not None
    assert month["lanes"][0]["vehicles"] == 4


@pytest.mark.usefixtures("filled")
def test_the_table_is_downloaded_with_one_row_for_each_lane(paula: Officer) -> None:
    answer = paula.get("/en/reports/table.csv?days=7")

    assert answer.mimetype == "text/csv"
    assert "lanes-7-days.csv" in answer.headers["Content-Disposition"]
    first, second = csv.DictReader(io.StringIO(answer.text))
    assert (first["lane"], first["vehicles"], first["clear"], first["refer"]) == (
        "l1",
        "3",
        "2",
        "1",
    )
    assert float(first["read_to_gate_median_s"]) == pytest.approx(12, abs=0.1)
    assert (second["vehicles"], second["read_to_gate_median_s"]) == ("0", "")


def test_a_port_without_vehicles_says_so(paula: Officer) -> None:
    assert "No vehicle came in this period" in paula.get("/en/reports").text
    assert paula.get("/en/reports?days=nonsense").status_code == 200
    assert paula.call("GET", "/report?days=2").status_code == 422


def test_who_works_in_a_booth_sees_no_report(site: Site) -> None:
    boris = Officer(site.app, "boris", "booth")

    assert boris.get("/en/reports").status_code == 403
    assert boris.get("/en/reports/table.csv").status_code == 403
    assert boris.call("GET", "/report").status_code == 403
