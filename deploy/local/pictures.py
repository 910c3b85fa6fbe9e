"""``make pictures``: every page in both languages and two widths into docs/pictures.

Fails on text that is cut off, overlaps or lies outside, and on pages that scroll sideways, also at
320 px, for which no picture is kept. Live pages are looked at in their first state.
"""

import io
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from PIL import Image
from playwright.sync_api import BrowserContext, Page

from deploy.local.crawl import Found, browser, crawl, doors, in_language, send_empty, signed_in
from deploy.local.layout import Layout
from deploy.local.maps import Kinds
from deploy.local.paths import ROOT, RUN
from deploy.local.running import running_demo
from tests.furnished import Paths, furnish, people

FOLDER = ROOT / "docs" / "pictures"
LANGUAGES = ("en", "es")
KEPT_WIDTHS = (390, 1280)
NARROWEST = 320
HEIGHT = 900
TALLEST = 4000
"""Pixels: a longer page is cut in its picture, not in its examination."""
QUALITY = 45
FAULTS = Path(__file__).with_name("layout_faults.js").read_text(encoding="utf-8")


def main(words: Sequence[str]) -> int:
    """Take pictures of the services named, or of all; 1 if a page has a fault."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    faults: list[str] = []
    taken = 0
    with running_demo(RUN / "pictures") as installation:
        for found in take(installation.layout, furnish(installation.layout), words, faults):
            taken += 1
            print(f"{found.name}  {found.kind}", flush=True)
    print(f"{taken} kinds of pages in {FOLDER.relative_to(ROOT)}, {len(faults)} faults")
    print(*faults, sep="\n")
    return 1 if faults or not taken else 0


def take(layout: Layout, paths: Paths, words: Sequence[str], faults: list[str]) -> Iterator[Found]:
    """Take the pictures of each kind of page once, by the first person who reaches it."""
    seen: set[tuple[str, str]] = set()
    with browser() as opened:
        for door in doors(*people()):
            if words and door.service not in words:
                continue
            address, kinds = layout.url(door.service), Kinds(door.service)
            with signed_in(opened, address, door.person) as context:
                more = paths.get(door.person.username, ()) if door.person else ()
                for found in crawl(context, door, address, kinds, paths=more):
                    if (door.service, found.kind) not in seen:
                        seen.add((door.service, found.kind))
                        faults += look(context, found, FOLDER)
                        yield found


def look(context: BrowserContext, found: Found, folder: Path) -> Iterator[str]:
    """Take a page's pictures into ``folder``, also with errors, and yield its faults."""
    page = context.new_page()
    for language in LANGUAGES:
        for width in (NARROWEST, *KEPT_WIDTHS):
            page.set_viewport_size({"width": width, "height": HEIGHT})
            page.goto(in_language(found.url, language), wait_until="load")
            name = f"{found.name}-{language}-{width}"
            if width in KEPT_WIDTHS:
                _keep(page, folder / f"{name}.webp")
            yield from _faults(page, name)
    if send_empty(page):
        name = f"{found.name}-errors-{LANGUAGES[-1]}-{KEPT_WIDTHS[-1]}"
        _keep(page, folder / f"{name}.webp")
        yield from _faults(page, name)
    page.close()


def _faults(page: Page, name: str) -> Iterator[str]:
    yield from (f"{name}: {fault}" for fault in page.evaluate(FAULTS))


def _keep(page: Page, path: Path) -> None:
    with Image.open(io.BytesIO(page.screenshot(full_page=True))) as picture:
        shown = picture.convert("RGB").crop((0, 0, picture.width, min(picture.height, TALLEST)))
        shown.save(path, quality=QUALITY, method=6)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
