"""Somebody who follows every link of a service, and fills in the purpose where one is asked for."""

import re
from collections import Counter, deque
from collections.abc import Iterator
from html import unescape
from urllib.parse import urldefrag, urljoin, urlsplit

import requests

from benchmarks.browser import PATIENCE, signed_in
from deploy.local.people import TestPerson

LINK = re.compile(r'href="([^"#]+)')
PURPOSE_FORM = re.compile(r'<form[^>]* action="([^"]*/purpose)"[^>]*>(.*?)</form>', re.DOTALL)
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
PURPOSE = "own_case"
IDENTIFIER = re.compile(r"/[0-9a-f]{8}-[0-9a-f-]{27}(?=/|$)|/\d+(?=/|$)")
LEFT_OUT = re.compile(
    r"/(sign-in|sign-out|signed-out|signed-in|assets|api|photo|stream|export)(/|$)|\.(csv|pdf)$"
)
"""Ways in and out, and what is no page."""
MOST_PAGES = 200
INSTANCES = 3
"""Pages of one kind that are opened for their links: a case with a hit leads on, another not."""


class Visitor:
    """One person, or nobody in particular, at one service."""

    def __init__(self, address: str, person: TestPerson | None) -> None:
        self._address = address
        self._browser = requests.Session() if person is None else signed_in(address, person)

    def get(self, url: str) -> requests.Response:
        """Open a page; give a purpose if it asks for one."""
        answer = self._browser.get(url, timeout=PATIENCE)
        asked = PURPOSE_FORM.search(answer.text)
        if asked is None:
            return answer
        given = {name: unescape(value) for name, value in HIDDEN.findall(asked[2])}
        target = urljoin(answer.url, unescape(asked[1]))
        return self._browser.post(target, data={**given, "purpose": PURPOSE}, timeout=PATIENCE)

    def pages(self) -> Iterator[requests.Response]:
        """Follow all links from the start; yield one page of each kind."""
        waiting, seen = deque([f"{self._address}/en/"]), {f"{self._address}/en/"}
        opened, shown = Counter[str](), set[str]()
        while waiting and len(seen) < MOST_PAGES:
            answer = self.get(waiting.popleft())
            if not self._is_own_page(answer):
                continue
            if kind_of(answer.url) not in shown:
                shown.add(kind_of(answer.url))
                yield answer
            for link in self._links(answer):
                kind = kind_of(link)
                if link not in seen and opened[kind] < INSTANCES:
                    seen.add(link)
                    opened[kind] += 1
                    waiting.append(link)

    def close(self) -> None:
        """Let go of all connections."""
        self._browser.close()

    def _is_own_page(self, answer: requests.Response) -> bool:
        kind = answer.headers.get("content-type", "")
        return answer.url.startswith(self._address) and kind.startswith("text/html")

    def _links(self, answer: requests.Response) -> Iterator[str]:
        for href in LINK.findall(answer.text):
            url = urldefrag(urljoin(answer.url, unescape(href))).url
            if url.startswith(f"{self._address}/en/") and not LEFT_OUT.search(urlsplit(url).path):
                yield url


def kind_of(url: str) -> str:
    """Return an address's path without what differs between two pages of one kind."""
    return IDENTIFIER.sub("/-", urlsplit(url).path)
