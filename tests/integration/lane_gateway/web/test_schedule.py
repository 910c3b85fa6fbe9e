"""A lane's schedule: planned on the page, kept by the desk, taken over by the lane."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from services.lane_gateway.domain.lane_policy import LaneMode, LaneType
from services.lane_gateway.persistence.desk_reader import DeskReader
from services.lane_gateway.persistence.site_seal import SiteSeal
from services.lane_gateway.use_cases.keep_schedules import KeepSchedules
from services.lane_gateway.use_cases.plan_lane import PlanLane
from shared.errors import InvalidInput, NotFound
from shared.ids import new_id
from tests.integration.lane_gateway.web.officers import Officer
from tests.integration.lane_gateway.web.site import LANES, ZONE, NotedWaker, Site

PATH = "/en/lanes/l1/schedule"
EVERY_DAY = [str(day) for day in range(7)]


@pytest.fixture
def paula(site: Site) -> Officer:
    return Officer(site.app, "paula", "port")


def planned(site: Site, at: datetime, mode: LaneMode, *, lane: str = "l1") -> None:
    """Plan a daily change at a time of the port, the day before it."""
    PlanLane(desk=site.desk, clock=lambda: at - timedelta(hours=20), new_id=new_id).add(
        lane,
        weekdays=range(7),
        at=at.astimezone(ZoneInfo(ZONE)).time(),
        mode=mode,
        lane_type=LaneType.READY,
    )


def keep(site: Site, now: datetime) -> tuple[int, list[str]]:
    """Keep all schedules at ``now``; return how many lanes changed and which were woken."""
    waker = NotedWaker()
    kept = KeepSchedules(reads=site.reads, desk=site.desk, waker=waker, clock=lambda: now)()
    return kept, waker.woken


@pytest.mark.statement(55)
def test_a_change_is_planned_shown_and_taken_back(site: Site, paula: Officer) -> None:
    answer = paula.post(PATH, weekdays=["0", "5"], at="04:00", lane_type="ready", mode="attended")
    assert answer.status_code == 303

    page = paula.get(PATH).text
    assert "Monday, Saturday, 04:00" in page
    assert "Next change" in page
    assert "lunes, sábado, 04:00" in paula.get("/es/lanes/l1/schedule").text
    assert "Nothing is planned" in paula.get("/en/lanes/l2/schedule").text
    assert PATH in paula.get("/en/lanes").text

    [switch] = site.reads.switches("l1")
    assert paula.post(f"/en/lanes/l2/schedule/{switch.id}/remove").status_code == 404
    assert paula.post(f"{PATH}/{switch.id}/remove").status_code == 303
    assert "Nothing is planned" in paula.get(PATH).text
    assert [actor for actor, _ in site.audit_lines("lane_planned")] == ["staff:paula"]
    assert [actor for actor, _ in site.audit_lines("lane_unplanned")] == ["staff:paula"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"weekdays": []}, "Enter an answer."),
        ({"at": "25:00"}, "Enter a real time"),
        ({"at": ""}, "Enter an answer."),
        ({"mode": "automatic"}, "Choose one of the answers offered."),
        ({"lane_type": "fast"}, "Choose one of the answers offered."),
    ],
)
def test_what_is_wrong_is_named_and_nothing_typed_is_lost(
    site: Site, paula: Officer, wrong: dict[str, object], words: str
) -> None:
    right = {"weekdays": EVERY_DAY, "at": "04:15", "lane_type": "ready", "mode": "closed"}

    answer = paula.post(PATH, **(right | wrong))

    assert answer.status_code == 422
    assert words in answer.text
    if "at" not in wrong:
        assert 'value="04:15"' in answer.text
    assert site.reads.switches("l1") == []


def test_only_a_port_supervisor_plans(site: Site) -> None:
    boris = Officer(site.app, "boris", "booth")

    assert boris.get(PATH).status_code == 403
    assert boris.post(PATH, weekdays=["0"], at="04:00").status_code == 403
    assert Officer(site.app, "paula", "port").get("/en/lanes/l9/schedule").status_code == 404


def test_a_plan_for_a_lane_that_is_none_or_a_mode_by_policy_alone_is_refused(site: Site) -> None:
    plan = PlanLane(desk=site.desk, clock=lambda: datetime.now(UTC), new_id=new_id)

    for lane, days, mode, error in (
        ("l9", [0], LaneMode.CLOSED, NotFound),
        ("l1", [], LaneMode.CLOSED, InvalidInput),
        ("l1", [7], LaneMode.CLOSED, InvalidInput),
        ("l1", [0], LaneMode.AUTOMATIC, InvalidInput),
    ):
        with pytest.raises(error):
            plan.add(lane, weekdays=days, at=time(4), mode=mode, lane_type=LaneType.SENTRI)


@pytest.mark.statement(55)
def test_the_desk_keeps_the_schedule_once_and_a_supervisor_may_differ(
    site: Site, paula: Officer
) -> None:
    at = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)  # 04:00 at the port
    planned(site, at, LaneMode.CLOSED)

    assert keep(site, at - timedelta(seconds=1)) == (0, [])
    assert keep(site, at) == (1, ["l1"])
    row = site.reads.lane("l1")
    assert (row.mode, row.lane_type, row.switched_at) == (LaneMode.CLOSED, LaneType.READY, at)
    assert site.reads.lane("l2").mode is not LaneMode.CLOSED

    paula.post("/en/lanes/l1/mode", mode="attended")
    assert keep(site, at + timedelta(hours=3)) == (0, [])
    assert site.reads.lane("l1").mode is LaneMode.ATTENDED
    assert keep(site, at + timedelta(days=1)) == (1, ["l1"])
    assert site.reads.lane("l1").mode is LaneMode.CLOSED


def test_after_a_time_without_the_desk_only_the_newest_turn_counts(site: Site) -> None:
    at = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
    planned(site, at, LaneMode.CLOSED)
    planned(site, at + timedelta(hours=2), LaneMode.ATTENDED)

    assert keep(site, at + timedelta(days=3, hours=5)) == (1, ["l1"])
    assert site.reads.lane("l1").mode is LaneMode.ATTENDED
    assert len(site.audit_lines("lane_switched_attended")) == 1
    assert site.audit_lines("lane_switched_closed") == []


@pytest.mark.statement(55)
def test_the_lane_reads_its_new_role(site: Site) -> None:
    at = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
    lane = LANES[0]
    planned(site, at, LaneMode.CLOSED, lane=lane)
    reader = DeskReader(site.files.desk, lane=lane, seal=SiteSeal(site.ring))
    before = reader.lane()

    keep(site, at)

    after = reader.lane()
    reader.close()
    assert (before.policy.lane_type, before.mode) != (after.policy.lane_type, after.mode)
    assert (after.policy.lane_type, after.mode) == (LaneType.READY, LaneMode.CLOSED)
