"""Every page that somebody can reach by links, once per kind of page: for pictures and for axe.

A browser signs in as each person through the real sign-in and follows every link within the
service.
"""

import re
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urldefrag

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from deploy.local.chromium import ARGUMENTS, find
from deploy.local.layout import SERVICES
from deploy.local.maps import Kinds
from deploy.local.people import PEOPLE, TestPerson

PATIENCE_MS = 20_000
INSTANCES = 8
"""Pages of one kind that are opened for their links."""
PURPOSE = "main select#purpose[name=purpose]"
FORM = "main form.tl-form"
"""A form with fields of ours; buttons alone are forms of another class."""
EMPTY = """form => {
  for (const field of form.elements) {
    if (["hidden", "submit", "button"].includes(field.type)) continue;
    if (["radio", "checkbox"].includes(field.type)) field.checked = false; else field.value = "";
  }
}"""


@dataclass(frozen=True, kw_only=True)
class Door:
    """Somebody with business in a service; ``None`` is somebody who has not signed in."""

    service: str
    person: TestPerson | None

    @property
    def name(self) -> str:
        """The service and the role."""
        return f"{self.service}-{self.person.role if self.person else 'visitor'}"


@dataclass(frozen=True, kw_only=True)
class Found:
    """A kind of page, and an address of it."""

    door: Door
    kind: str
    url: str

    @property
    def name(self) -> str:
        """A name for files: service, role and what the address says."""
        words = re.sub(r"[^a-z0-9]+", "-", self.kind.lower()).strip("-") or "home"
        return f"{self.door.name}-{words}"


@contextmanager
def browser() -> Iterator[Browser]:
    """Start the system's Chromium, or say how to get one."""
    program = find()
    if program is None:
        msg = "Chromium is not installed: apt-get install chromium"
        raise FileNotFoundError(msg)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        yield opened
        opened.close()


@contextmanager
def signed_in(
    opened: Browser, address: str, person: TestPerson | None, *, language: str = "en"
) -> Iterator[BrowserContext]:
    """Open a browser's profile that is signed in as ``person``, or as nobody."""
    context = opened.new_context(locale=language)
    context.set_default_timeout(PATIENCE_MS)
    try:
        if person is not None:
            page = context.new_page()
            page.goto(f"{address}/{language}/sign-in/{person.issuer}")
            page.fill("input[name=sub]", person.username)
            page.click("button:has-text('Authorize')")
            page.wait_for_url(f"{address}/**")
            page.close()
        yield context
    finally:
        context.close()


def doors(*applicants: TestPerson) -> list[Door]:
    """Return who has business where: each role of staff once, applicants, and somebody unknown."""
    staff = {person.role: person for person in reversed(PEOPLE) if person.issuer == "staff"}
    inside: list[Door] = []
    for service in SERVICES:
        people = [None, *(applicants if service == "enrollment" else ()), *staff.values()]
        inside += [Door(service=service, person=person) for person in people]
    return inside


def crawl(
    context: BrowserContext, door: Door, address: str, kinds: Kinds, *, paths: Sequence[str] = ()
) -> Iterator[Found]:
    """Follow the links from the start page and ``paths``; yield each kind once, in English.

    Several pages of one kind are looked at for their links, since a case with a hit leads on where
    one without does not. The page that asks for the purpose is a kind of its own.
    """
    page = context.new_page()
    waiting = deque([f"{address}/en/", *(f"{address}/en{path}" for path in paths)])
    seen, opened, shown = set(waiting), Counter[str](), set[str]()
    while waiting:
        answer = page.goto(waiting.popleft())
        kind = kinds.of(page.url) if page.url.startswith(address) else None
        if kind is None or not _is_page(answer.headers if answer else {}):
            continue  # a redirect led out, or this is no page
        if page.locator(PURPOSE).count():
            yield from _once(Found(door=door, kind="/purpose", url=page.url), shown)
            page.select_option(PURPOSE, index=1)
            with page.expect_navigation():
                page.locator(PURPOSE).evaluate("field => field.form.requestSubmit()")
        yield from _once(Found(door=door, kind=kind, url=page.url), shown)
        for link in _links(page, address):
            linked = kinds.of(link)
            if linked is not None and link not in seen and opened[linked] < INSTANCES:
                seen.add(link)
                opened[linked] += 1
                waiting.append(link)
    page.close()


def _once(found: Found, shown: set[str]) -> Iterator[Found]:
    if found.kind not in shown:
        shown.add(found.kind)
        yield found


def send_empty(page: Page) -> bool:
    """Send the page's first form with nothing in it; tell whether it came back with errors."""
    form = page.locator(FORM).first
    if form.locator("input:not([type=hidden]), select, textarea").count() == 0:
        return False
    form.evaluate(EMPTY)
    with page.expect_navigation() as moved:
        form.evaluate("form => form.requestSubmit(form.querySelector('button[type=submit]'))")
    answer = moved.value
    return answer is not None and answer.status == 422  # noqa: PLR2004 - a form with errors


def in_language(url: str, language: str) -> str:
    """Return the same page's address in another language."""
    return re.sub(r"^(https?://[^/]+)/(en|es)(/|$)", rf"\1/{language}\3", url)


def _is_page(headers: dict[str, str]) -> bool:
    return headers.get("content-type", "").startswith("text/html")


def _links(page: Page, address: str) -> list[str]:
    hrefs: list[str] = page.eval_on_selector_all(
        "a[href]:not([download])", "all => all.map(one => one.href)"
    )
    return [urldefrag(href).url for href in hrefs if href.startswith(f"{address}/en")]
