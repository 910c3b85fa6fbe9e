"""How long the servers work on their pages: ``python -m benchmarks.pages``.

A demo is brought up and filled; then everybody who has business in a service signs in, follows
every link, and asks for each kind of page again and again, one request at a time. The time is the
server's own, as each web process writes it beside every request: from its first look at the
request to the finished answer, whole pages with all their look-ups. See docs/benchmarks.md.
"""

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection
from statistics import median
from uuid import UUID

from benchmarks import machine
from benchmarks.browser import PATIENCE, person
from benchmarks.figures import Bar, judge, percentile
from benchmarks.people import Member, add_applicants, add_members, anybody
from benchmarks.visitor import Visitor, kind_of
from deploy.local.layout import SERVICES, Layout
from deploy.local.people import PEOPLE, TestPerson
from deploy.local.processes import service_environment
from deploy.local.running import Installation, running_demo
from services.enrollment import bootstrap as enrollment
from services.enrollment.config import Config as EnrollmentConfig
from shared.web.principal import Principal
from tests.unit.enrollment.builders import vehicle

BAR_MS = 60.0
SETTLE = 20.0
"""Seconds for messages and vehicles to arrive where the pages look for them."""
WARM_UP = 2
"""Visits of each page that are not counted: templates are compiled at the first."""
NOT_PAGES = frozenset({"none", "kit.root", "kit.home"})
MEMBER, APPLICANT = "ana", "benito"
"""Test people who are made a member and an applicant; the third has begun nothing."""
Times = Mapping[tuple[str, str], Sequence[float]]


@dataclass(frozen=True, kw_only=True)
class Door:
    """Somebody with business in a service; ``None`` is somebody who has not signed in."""

    service: str
    person: TestPerson | None


def doors() -> list[Door]:
    """Return each role of staff once in every service, and the applicants where they belong."""
    staff = {each.role: each for each in PEOPLE if each.issuer == "staff"}
    applicants = [each for each in PEOPLE if each.issuer == "people"]
    inside = [Door(service=service, person=each) for service in SERVICES for each in staff.values()]
    return inside + [Door(service="enrollment", person=each) for each in (None, *applicants)]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visits", type=int, default=20, help="of each page by each person")
    parser.add_argument("--applicants", type=int, default=40)
    parser.add_argument("--members", type=int, default=20)
    return parser.parse_args()


def main() -> int:
    """Measure and print; 1 if a page misses its bar, or answers with an error."""
    chosen = arguments()
    with machine.work_folder("pages") as folder:
        machine.describe(folder)
        with running_demo(folder / "demo") as installation:
            _fill(installation, chosen)
            time.sleep(SETTLE)
            visited = [
                page for door in doors() for page in _visit(installation.layout, door, chosen)
            ]
            times = _times(installation.layout)
        machine.describe(folder)
    return _report(times, visited)


def _fill(installation: Installation, chosen: argparse.Namespace) -> None:
    """Let there be applicants, members, cases and vehicles in both lanes."""
    layout = installation.layout
    environment = service_environment(layout, installation.postgres, "enrollment")
    parts = enrollment.parts(EnrollmentConfig.from_env(environment))
    try:
        add_applicants(parts, [_known(layout, APPLICANT), *anybody(chosen.applicants)])
        members = add_members(parts, [_known(layout, MEMBER), *anybody(chosen.members)])
    finally:
        parts.engine.dispose()
    time.sleep(SETTLE)
    for lane, member in zip(layout.lanes, members, strict=False):
        _drive_up(layout.simulator_port, lane.id, member)


def _known(layout: Layout, username: str) -> UUID:
    """Return who one of the test people is to enrollment."""
    who = person(username)
    return Principal(
        issuer=who.issuer,
        subject=who.username,
        authority=layout.oidc_url(who.issuer),
        name=who.name,
        roles=frozenset(),
    ).id


def _drive_up(port: int, lane: str, member: Member) -> None:
    car = vehicle()
    body = {
        "cards": [{"epc": member.epc.hex(), "tid": member.tid.hex()}],
        "plate": car.plate,
        "region": car.region,
        "occupants": 1,
    }
    connection = HTTPConnection("localhost", port, timeout=PATIENCE)
    connection.request("POST", f"/lanes/{lane}/vehicles", json.dumps(body))
    answer = connection.getresponse()
    connection.close()
    if answer.status != HTTPStatus.OK:
        raise ValueError(f"The simulator answered {answer.status}")


def _visit(
    layout: Layout, door: Door, chosen: argparse.Namespace
) -> Iterator[tuple[str, str, int]]:
    """Go to every kind of page that one person can reach; yield service, kind and status."""
    visitor = Visitor(layout.url(door.service), door.person)
    try:
        for page in list(visitor.pages()):
            status = page.status_code
            for _ in range(chosen.visits if status == HTTPStatus.OK else 0):
                status = visitor.get(page.url).status_code
            yield door.service, kind_of(page.url), status
    finally:
        visitor.close()


def _times(layout: Layout) -> Times:
    """Return the milliseconds of every page that was answered with 200, by endpoint."""
    times: dict[tuple[str, str], list[float]] = defaultdict(list)
    for service in SERVICES:
        log = layout.logs / f"{service}-web.log"
        for line in log.read_text(encoding="utf-8").splitlines():
            told = json.loads(line) if line.startswith("{") else {}
            if told.get("event") != "request" or told.get("method") != "GET":
                continue
            endpoint = told["endpoint"]
            if told["status"] != HTTPStatus.OK or _is_no_page(endpoint):
                continue
            times[service, endpoint].append(told["milliseconds"])
    return times


def _is_no_page(endpoint: str) -> bool:
    kit = endpoint.startswith(("sign_in.", "assets.", "documents.")) or endpoint in NOT_PAGES
    return kit or endpoint.endswith((".stream", "_stream"))


def _report(times: Times, pages: Sequence[tuple[str, str, int]]) -> int:
    counted = {key: each[WARM_UP:] for key, each in times.items() if len(each) > WARM_UP}
    for (service, endpoint), each in sorted(counted.items()):
        print(
            f"  {service:13}{endpoint:34}{len(each):5} visits, "
            f"p50 {median(each):6.1f}, p99 {percentile(each, 0.99):6.1f} ms"
        )
    every = [taken for each in counted.values() for taken in each]
    print(f"{len(counted)} pages, {len(every)} visits: p50 {median(every):.1f} ms")
    failed = {page for page in pages if page[2] >= HTTPStatus.INTERNAL_SERVER_ERROR}
    worst, slowest = max((median(each), key) for key, each in counted.items())
    bar = Bar(name=f"p50 of {' '.join(slowest)}", value=worst, limit=BAR_MS, unit="ms")
    return judge([bar], [f"{service} {kind} answers {status}" for service, kind, status in failed])


if __name__ == "__main__":
    sys.exit(main())
