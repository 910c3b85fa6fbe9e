"""The eyes of ``make pictures``, on pages with known faults."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from deploy.local import pictures
from deploy.local.crawl import Door, Found, crawl, in_language
from deploy.local.maps import Kinds

STYLE = "<style>body{margin:8px;font:16px sans-serif} .box{width:200px}</style>"
ID = "6fa459ea-ee8a-3ca4-894e-db77e160355e"
VISITOR = Door(service="vetting", person=None)
OTHER = f"{ID[:-1]}f"
PAGES = {
    "/en/": f"<a href='/en/one'>one</a><a href='/en/one#x'>again</a><a href='/en/{ID}'>case</a>",
    "/en/one": f"<a href='/en/'>back</a><a href='/en/{OTHER}'>another case</a>",
    f"/en/{ID}": "<a href='/en/sign-out'>out</a><a href='/en/missing'>gone</a>",
}


class Handler(BaseHTTPRequestHandler):
    """Answers with the pages above, in either language."""

    def do_GET(self) -> None:
        body = PAGES.get(self.path.replace("/es/", "/en/"))
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8" if body else "text/plain")
        self.end_headers()
        self.wfile.write(f"<!doctype html>{STYLE}{body}".encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing on the tests' output."""


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page(viewport={"width": 320, "height": 600})
    yield page
    page.close()


@pytest.fixture
def address() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def faults(page: Page, body: str) -> list[str]:
    page.set_content(f"<!doctype html>{STYLE}{body}")
    found: list[str] = page.evaluate(pictures.FAULTS)
    return found


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ("<div style='width:500px'>wide</div>", "scrolls sideways"),
        ("<p style='white-space:nowrap'>" + "word " * 40 + "</p>", "outside the page"),
        ("<p class=box style='overflow:hidden;white-space:nowrap'>" + "cut " * 40, "cut off"),
        ("<p>first line</p><p style='margin-top:-34px'>second line</p>", "overlapping"),
    ],
)
def test_each_fault_is_found(page: Page, body: str, word: str) -> None:
    assert any(fault.startswith(word) for fault in faults(page, body))


@pytest.mark.parametrize(
    "body",
    [
        "<h1>A title that is long enough to be broken</h1><p>Text</p><table><tr><td>a<td>b</table>",
        "<p>Seen <span class='usa-sr-only' style='position:absolute;left:-999em'>heard</span></p>",
        "<ul><li><a href='#'>one</a> <a href='#'>two</a></ul>",
        "<p style='font-size:90px;line-height:1;margin:0'>PASS</p><p style='margin:0'>Open</p>",
        "<details><summary>More</summary><p>hidden</p><p>until chromium</p></details><p>after</p>",
        "<button style='overflow:hidden'>Save and continue</button>",
    ],
)
def test_a_sound_page_has_none(page: Page, body: str) -> None:
    assert faults(page, body) == []


class PlainKinds(Kinds):
    """Kinds of the pages above, which no service has."""

    def __init__(self) -> None:
        """Have no application behind it."""

    def of(self, url: str) -> str | None:
        path = urlsplit(url).path.removeprefix("/en")
        return None if path == "/sign-out" else path.replace(ID, "-").replace(OTHER, "-")


def test_the_crawl_finds_each_kind_of_page_once(chromium: Browser, address: str) -> None:
    context = chromium.new_context()
    found = list(crawl(context, VISITOR, address, PlainKinds()))
    context.close()

    assert [each.kind for each in found] == ["/", "/one", "/-"]
    assert found[0].name == "vetting-visitor-home"


def test_pictures_are_kept_in_both_languages_and_widths(
    chromium: Browser, address: str, tmp_path: Path
) -> None:
    context = chromium.new_context()
    found = Found(door=VISITOR, kind="/one", url=f"{address}/en/one")

    assert list(pictures.look(context, found, tmp_path)) == []

    context.close()
    assert {path.name for path in tmp_path.iterdir()} == {
        f"vetting-visitor-one-{language}-{width}.webp"
        for language in ("en", "es")
        for width in (390, 1280)
    }


def test_kinds_come_from_the_url_map() -> None:
    kinds = Kinds("vetting")

    assert kinds.of(f"http://localhost:1/es/cases/{ID}?x=1") == "/cases/-"
    assert kinds.of("http://localhost:1/es/nothing-of-ours") is None
    assert kinds.of("http://localhost:1/en/sign-in") is None
    assert "/cases/-" in kinds.every()


def test_an_address_in_another_language() -> None:
    assert in_language("http://localhost:1/en/cases", "es") == "http://localhost:1/es/cases"
