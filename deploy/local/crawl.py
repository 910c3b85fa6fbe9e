"""Every page that somebody can reach by links, once per kind of page: for pictures and for axe.

A browser signs in as each person through the real sign-in and follows every link within the
service. Pages whose addresses differ only in identifiers count as one kind.
"""

import re
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urldefrag, urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from deploy.local.chromium import ARGUMENTS, find
from deploy.local.layout import SERVICES
from deploy.local.people import PEOPLE, TestPerson

PAGE_LIMIT = 120
"""Kinds of pages for one person in one service: more shows a loop of addresses."""
PATIENCE_MS = 20_000
IDENTIFIER = re.compile(r"/[0-9a-f]{8}-[0-9a-f-]{27}(?=/|$)|/\d+(?=/|$)")
LEFT_OUT = re.compile(r"/(sign-in|sign-out|signed-out|assets|api)(/|$)")
"""Ways in and out, and what is no page."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """A kind of page, and an address of it."""

    service: str
    person: TestPerson | None
    kind: str
    url: str

    @property
    def name(self) -> str:
        """A name for files: service, role and what the address says."""
        role = self.person.role if self.person else "visitor"
        words = re.sub(r"[^a-z0-9]+", "-", self.kind.lower()).strip("-") or "home"
        return f"{self.service}-{role}-{words}"


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


def doors() -> list[tuple[str, TestPerson | None]]:
    """Return who has business in which service: each role once, and somebody not signed in."""
    first = {person.role: person for person in reversed(PEOPLE)}.values()
    pairs: list[tuple[str, TestPerson | None]] = []
    for service in SERVICES:
        pairs.append((service, None))
        pairs += [
            (service, person)
            for person in first
            if person.issuer == "staff" or service == "enrollment"
        ]
    return pairs


def crawl(
    context: BrowserContext, address: str, *, service: str, person: TestPerson | None
) -> Iterator[Found]:
    """Follow the links from the start page; yield each kind of page once, in English."""
    page = context.new_page()
    start = f"{address}/en/"
    waiting, seen, shown = deque([start]), {kind_of(start)}, set[str]()
    while waiting and len(shown) < PAGE_LIMIT:
        url = waiting.popleft()
        answer = page.goto(url)
        if answer is None or not _is_page(answer.headers.get("content-type", "")):
            continue
        if not page.url.startswith(address) or kind_of(page.url) in shown:
            continue  # a redirect led out, or to a page that was shown already
        shown.add(kind_of(page.url))
        yield Found(service=service, person=person, kind=kind_of(page.url), url=page.url)
        for link in _links(page, address):
            if kind_of(link) not in seen:
                seen.add(kind_of(link))
                waiting.append(link)
    page.close()


def kind_of(url: str) -> str:
    """Return an address's path without what differs between two pages of one kind."""
    return IDENTIFIER.sub("/-", urlsplit(url).path).removeprefix("/en").removeprefix("/es")


def in_language(url: str, language: str) -> str:
    """Return the same page's address in another language."""
    return re.sub(r"^(https?://[^/]+)/(en|es)(/|$)", rf"\1/{language}\3", url)


def _is_page(content_type: str) -> bool:
    return content_type.startswith("text/html")


def _links(page: Page, address: str) -> list[str]:
    hrefs: list[str] = page.eval_on_selector_all("a[href]", "all => all.map(one => one.href)")
    inside = (urldefrag(href).url for href in hrefs if href.startswith(f"{address}/en"))
    return [url for url in inside if not LEFT_OUT.search(urlsplit(url).path)]
