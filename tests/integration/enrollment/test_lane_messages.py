"""What enrollment does with the sites' messages."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.enrollment.bootstrap import Parts
from services.enrollment.domain.site import Applied, Site
from services.enrollment.persistence import tables
from services.enrollment.persistence.tidying import Tidy
from services.enrollment.use_cases.front_door import UseCases
from shared.messaging.dispatcher import Fate
from tests.integration.enrollment.conftest import Office
from tests.integration.enrollment.hearing import APPLIED, SITE, Ear, rows, sample
from tests.unit.enrollment.builders import NOON


@pytest.fixture
def ear(use_cases: UseCases) -> Ear:
    return Ear(use_cases)


def passage(credential_id: UUID) -> dict[str, Any]:
    return {
        "passage_id": str(uuid4()),
        "lane": "l1",
        "credential_ids": [str(credential_id), str(uuid4())],
        "verdict": "clear",
        "reasons": [],
        "authorisation": "clear",
        "officer": "bo",
        "counted": 2,
        "times": {
            "read": NOON.isoformat(),
            "shown": NOON.isoformat(),
            "decided": NOON.isoformat(),
            "gate": None,
        },
        "list_number": 3,
        "list_age_s": 1.5,
        "ended_at": NOON.isoformat(),
    }


def test_a_passage_its_referral_and_inspection_are_kept(
    office: Office, parts: Parts, ear: Ear, site: Site
) -> None:
    member = office.member()
    card = office.active(member)
    body = passage(card.id)
    early = ear.hear(
        "lane_gateway.referral_closed.v1",
        source=SITE,
        body={"passage_id": body["passage_id"], "end": "secondary", "officer": "bo"},
    )

    heard = ear.hear("lane_gateway.passage_recorded.v1", source=SITE, body=body)
    closed = ear.hear(
        "lane_gateway.referral_closed.v1",
        source=SITE,
        body={"passage_id": body["passage_id"], "end": "secondary", "officer": "bo"},
    )
    inspected = ear.hear(
        "lane_gateway.inspection_recorded.v1",
        source=SITE,
        body={
            "passage_id": body["passage_id"],
            "persons": [
                {
                    "credential_id": str(card.id),
                    "result": "violation",
                    "violation": "undeclared_goods",
                    "note": "eyJ.sealed",
                }
            ],
            "officer": "bo",
            "at": NOON.isoformat(),
        },
    )

    assert early == (Fate.RETRY, "unavailable")
    assert [heard, closed, inspected] == [APPLIED] * 3
    (kept,) = rows(parts, "passages")
    assert (kept["site"], kept["counted"], kept["referral_end"]) == (site.id, 2, "secondary")
    by_card = {row["credential_id"]: row for row in rows(parts, "crossings")}
    assert by_card[card.id]["person_id"] == member.person_id
    assert by_card[card.id]["inspection_type"] == "undeclared_goods"
    assert len(by_card) == 2


def test_a_crossing_without_a_record_brings_one(
    office: Office, parts: Parts, ear: Ear, site: Site
) -> None:
    member = office.member()
    with parts.engine.begin() as connection:
        connection.execute(tables.sites.delete())
    card = office.active(member)
    assert not [r for r in rows(parts, "outbox") if r["site"]]
    office.use_cases.add_site(site)

    ear.hear("lane_gateway.passage_recorded.v1", source=SITE, body=passage(card.id))
    ear.hear("lane_gateway.passage_recorded.v1", source=SITE, body=passage(card.id))

    records = [r for r in rows(parts, "outbox") if r["site"] == site.id]
    assert [(r["type"], r["version"]) for r in records] == [
        ("enrollment.display_record_sent.v1", 1)
    ]


def test_how_far_the_feed_has_come_is_counted(
    office: Office, parts: Parts, ear: Ear, site: Site
) -> None:
    office.active(office.member())
    body = {
        "site": site.id,
        "number": 2,
        "head_time": NOON.isoformat(),
        "applied_at": parts.clock().isoformat(),
    }

    known = ear.hear("lane_gateway.feed_applied.v1", source=SITE, body=body)
    unknown = ear.hear("lane_gateway.feed_applied.v1", source="/lane_gateway/otm", body=body)

    assert (known, unknown[0]) == (APPLIED, Fate.DEAD)
    state = parts.queries().feed_state()
    assert state.newest is not None
    assert (state.newest.kind, state.newest.spread.applied) == ("activated", 1)
    assert [(line.id, line.number) for line in state.sites] == [(site.id, 2)]


def test_an_alarm_is_open_until_somebody_has_seen_it(parts: Parts, ear: Ear) -> None:
    alarm = {"alarm_id": str(uuid4()), "at": NOON.isoformat()}
    raised = {**alarm, "code": "vehicle_missing", "lane": "l1"}
    seen = {**alarm, "officer": "bo"}

    early = ear.hear("lane_gateway.alarm_acknowledged.v1", source=SITE, body=seen)
    heard = ear.hear("lane_gateway.alarm_raised.v1", source=SITE, body=raised)
    open_ones = parts.queries().alarms()
    ear.hear("lane_gateway.alarm_acknowledged.v1", source=SITE, body=seen)

    assert (early[0], heard) == (Fate.RETRY, APPLIED)
    assert [line.code for line in open_ones] == ["vehicle_missing"]
    assert parts.queries().alarms() == []


def test_old_reports_go_and_the_newest_of_each_site_stays(parts: Parts, site: Site) -> None:
    for number, days in ((1, 0), (2, 1), (3, 2)):
        at = NOON + timedelta(days=days)
        report = Applied(site=site.id, number=number, applied_at=at, reported_at=at)
        parts.use_cases().follow_lanes.applied(report)

    def tidied_on(day: int) -> list[int]:
        Tidy(engine=parts.engine, clock=lambda: NOON + timedelta(days=day))()
        return sorted(row["number"] for row in rows(parts, "feed_reports"))

    assert tidied_on(7) == [1, 2, 3]
    assert tidied_on(8) == [2, 3]
    assert tidied_on(100) == [3]


@pytest.mark.statement(51)
def test_a_lane_is_held_to_what_it_bound_itself_to(parts: Parts, ear: Ear, site: Site) -> None:
    del site
    bound, over = (
        sample(f"lane_gateway.selection_{word}.v1") for word in ("committed", "revealed")
    )
    early = ear.hear("lane_gateway.selection_revealed.v1", source=SITE, body=over)
    first = ear.hear("lane_gateway.selection_committed.v1", source=SITE, body=bound)
    other = ear.hear(
        "lane_gateway.selection_committed.v1", source=SITE, body=bound | {"commitment": "00" * 32}
    )
    told = ear.hear("lane_gateway.selection_revealed.v1", source=SITE, body=over)

    assert early != APPLIED
    assert [first, other, told] == [APPLIED] * 3
    (row,) = rows(parts, "selections")
    assert (row["commitment"], row["seed"], row["holds"]) == (bound["commitment"], over["seed"], 1)
    assert rows(parts, "alarms") == []


@pytest.mark.statement(51)
def test_a_seed_that_is_not_the_one_of_the_commitment_is_an_alarm(
    parts: Parts, ear: Ear, site: Site
) -> None:
    del site
    bound, over = (
        sample(f"lane_gateway.selection_{word}.v1") for word in ("committed", "revealed")
    )
    ear.hear("lane_gateway.selection_committed.v1", source=SITE, body=bound)
    ear.hear("lane_gateway.selection_revealed.v1", source=SITE, body=over | {"seed": "00" * 32})

    (row,) = rows(parts, "selections")
    assert row["holds"] == 0
    assert [alarm["code"] for alarm in rows(parts, "alarms")] == ["selection_broken"]


FAR = "/lane_gateway/otm"


@pytest.fixture
def far(use_cases: UseCases, site: Site) -> Site:
    """Return a second port, 111 km north of the first: 51 minutes at the fastest."""
    use_cases.add_site(replace(site, latitude=32.0, longitude=-117.0))
    made = replace(site, id="otm", name="Otay Mesa", latitude=33.0, longitude=-117.0)
    use_cases.add_site(made)
    return made


def at(credential_id: UUID, when: datetime) -> dict[str, Any]:
    times = {"read": when.isoformat(), "shown": None, "decided": when.isoformat(), "gate": None}
    return passage(credential_id) | {"times": times, "credential_ids": [str(credential_id)]}


def kinds(parts: Parts, credential_id: UUID) -> list[tuple[str, int | None]]:
    """Return what the feed said of a card, with the list's age up to which it may pass."""
    said = [row for row in rows(parts, "feed") if row["credential_id"] == credential_id]
    said.sort(key=lambda row: row["position"])
    return [(row["kind"], json.loads(row["entry"])["list_age_limit_s"]) for row in said][-2:]


@pytest.mark.statement(42)
@pytest.mark.usefixtures("far")
@pytest.mark.parametrize(("minutes", "flagged"), [(50, True), (-50, True), (53, False)])
def test_one_card_at_two_ports_sooner_than_anybody_drives_is_flagged_for_every_lane(
    office: Office,
    parts: Parts,
    ear: Ear,
    minutes: int,
    flagged: bool,  # noqa: FBT001
) -> None:
    card = office.active(office.member())
    kind, when = "lane_gateway.passage_recorded.v1", NOON + timedelta(minutes=minutes)
    heard = [
        ear.hear(kind, source=SITE, body=at(card.id, NOON)),
        ear.hear(kind, source=FAR, body=at(card.id, when)),
    ]

    assert heard == [APPLIED] * 2
    assert (kinds(parts, card.id)[-1] == ("flagged", 0)) is flagged
    alarms = sorted((row["site"], row["code"]) for row in rows(parts, "alarms"))
    assert alarms == (
        [("otm", "number_in_two_places"), ("sym", "number_in_two_places")] if flagged else []
    )


@pytest.mark.statement(42)
@pytest.mark.usefixtures("site")
def test_a_card_at_two_lanes_of_a_port_stays_flagged_until_an_officer_has_looked(
    office: Office, parts: Parts, ear: Ear
) -> None:
    card = office.active(office.member())
    kind = "lane_gateway.number_in_two_places.v1"
    for _ in range(2):
        told = ear.hear(kind, source=SITE, body=sample(kind) | {"credential_id": str(card.id)})
        assert told == APPLIED
    assert kinds(parts, card.id) == [("activated", None), ("flagged", 0)]

    def inspect(result: str, when: datetime) -> None:
        body = at(card.id, NOON)
        ear.hear("lane_gateway.passage_recorded.v1", source=SITE, body=body)
        person = {"credential_id": str(card.id), "result": result, "note": None}
        found = person | {"violation": "other" if result == "violation" else None}
        said = {"passage_id": body["passage_id"], "persons": [found], "officer": "bo"}
        ear.hear(
            "lane_gateway.inspection_recorded.v1",
            source=SITE,
            body=said | {"at": when.isoformat()},
        )

    inspect("violation", parts.clock() + timedelta(hours=1))
    inspect("nothing", NOON - timedelta(days=1))
    assert kinds(parts, card.id)[-1] == ("flagged", 0)
    inspect("nothing", parts.clock() + timedelta(hours=1))
    assert kinds(parts, card.id)[-1] == ("unflagged", None)


@pytest.mark.usefixtures("site")
def test_a_number_that_is_not_ours_flags_nobody(parts: Parts, ear: Ear) -> None:
    kind = "lane_gateway.number_in_two_places.v1"

    assert ear.hear(kind, source=SITE) == APPLIED
    assert [row for row in rows(parts, "feed") if row["kind"] == "flagged"] == []
