"""axe finds nothing, and nothing is cut off at 320 px, on every page of the URL maps."""

from collections.abc import Iterator, Mapping

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from deploy.local.crawl import Door, Found, crawl, doors, in_language, send_empty, signed_in
from deploy.local.layout import SERVICES
from deploy.local.maps import Kinds
from deploy.local.pictures import FAULTS, NARROWEST
from deploy.local.running import Installation
from tests.furnished import Paths, furnish, people

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
HEIGHT = 900
DOORS = doors(*people())
NO_PAGES: Mapping[str, frozenset[str]] = {
    "enrollment": frozenset(
        {
            "/",  # leads on to the page of whoever comes
            "/applications/-/next",  # leads on to the next question
            "/center",  # leads on to the day of the first center
        }
    ),
    "vetting": frozenset({"/"}),  # leads on to the queue
    "lane_gateway": frozenset(
        {
            "/",  # leads on to the lanes
            "/lanes/-/booth/photo/-/-",  # a picture
            "/lanes/-/booth/stream",  # an event stream
            "/lanes/stream",  # the same
            "/secondary/stream",  # the same
            "/reports/table.csv",  # a file to keep
            "/selections/table.csv",  # the same
        }
    ),
}
"""Addresses in a language that show no page of their own."""


@pytest.fixture(scope="module")
def paths(installation: Installation) -> Paths:
    """Furnish the installation; return the pages that no link leads to."""
    return furnish(installation.layout)


@pytest.fixture(scope="module")
def reached() -> dict[str, set[str]]:
    """The kinds of pages that some role has reached, by service."""
    return {service: set() for service in SERVICES}


@pytest.fixture(scope="module")
def kinds() -> Mapping[str, Kinds]:
    return {service: Kinds(service) for service in SERVICES}


@pytest.mark.parametrize("door", DOORS, ids=[door.name for door in DOORS])
def test_every_page_that_somebody_reaches_is_sound(
    installation: Installation,
    paths: Paths,
    chromium: Browser,
    reached: dict[str, set[str]],
    kinds: Mapping[str, Kinds],
    door: Door,
) -> None:
    address, known = installation.layout.url(door.service), reached[door.service]
    more = paths.get(door.person.username, ()) if door.person else ()
    problems: list[str] = []
    fresh: list[Found] = []
    with signed_in(chromium, address, door.person) as context:
        page = context.new_page()
        page.set_viewport_size({"width": NARROWEST, "height": HEIGHT})
        for found in crawl(context, door, address, kinds[door.service], paths=more):
            if found.kind not in known:
                known.add(found.kind)
                fresh.append(found)
                problems += problems_of(page, found)
        for found in fresh:  # afterwards, since a form may have nothing against being empty
            problems += problems_with_errors(page, found)

    assert problems == []


def problems_of(page: Page, found: Found) -> Iterator[str]:
    for language in ("en", "es"):
        page.goto(in_language(found.url, language))
        yield from look(page, f"{found.kind} {language}")


def problems_with_errors(page: Page, found: Found) -> Iterator[str]:
    page.goto(in_language(found.url, "es"))
    if send_empty(page):
        yield from look(page, f"{found.kind} es with errors")


def look(page: Page, name: str) -> Iterator[str]:
    yield from (f"{name}: {fault}" for fault in page.evaluate(FAULTS))
    for violation in Axe().run(page, options=OPTIONS).response["violations"]:
        places = [node["target"] for node in violation["nodes"]]
        yield f"{name}: {violation['id']}, {violation['help']}: {places[:3]}"


@pytest.mark.parametrize("service", SERVICES)
def test_every_page_of_the_url_map_was_looked_at(
    service: str, reached: dict[str, set[str]], kinds: Mapping[str, Kinds]
) -> None:
    missing = kinds[service].every() - reached[service] - NO_PAGES[service]

    assert sorted(missing) == []
    assert not reached[service] & NO_PAGES[service]


def test_the_eyes_are_open(chromium: Browser) -> None:
    page = chromium.new_page()
    page.set_content("<html><body><img src='data:,'><p style='width:9999px'>wide</p></body></html>")
    found = list(look(page, "planted"))
    page.close()

    assert any("image-alt" in each for each in found)
    assert any("html-has-lang" in each for each in found)
    assert any("scrolls sideways" in each for each in found)
