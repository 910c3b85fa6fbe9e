"""A booth officer at a lane's page, and the page's own live picture."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

import requests

from tests.actors.browsing import LANGUAGES, PATIENCE, Browser, Unexpected
from tests.actors.markup import Element, read_page

AT_GATE = ("At the gate", "En la barrera")
LOOK_EVERY = 0.02  # seconds between two looks at what the stream has brought


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What the booth's page showed, and when it came."""

    came_at: datetime
    word: str
    said: str
    passage_id: UUID | None
    names: tuple[str, ...] = field(repr=False)
    at_gate: bool
    """The page says so of the vehicle that it shows."""


class Screen:
    """What a lane's page shows, as its stream brings it."""

    def __init__(self, stream: requests.Response) -> None:
        self._stream = stream
        self._shown: list[Shown] = []
        self._ended = False
        self._thread = threading.Thread(target=self._follow, name="booth screen", daemon=True)
        self._thread.start()

    def wait_for(
        self, wanted: Callable[[Shown], bool], what: str, *, patience: float = PATIENCE
    ) -> Shown:
        """Return the newest picture once it is as wanted; ``Unexpected`` says what was shown."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline and not self._ended:
            newest = self.newest()
            if newest is not None and wanted(newest):
                return newest
            time.sleep(LOOK_EVERY)
        newest = self.newest()
        shown = f"{newest.word}: {newest.said}" if newest else "nothing"
        raise Unexpected(f"{what} was not shown within {patience:.0f} s, but {shown}")

    def newest(self) -> Shown | None:
        """Return what is shown now."""
        return self._shown[-1] if self._shown else None

    def close(self) -> None:
        """Leave the page."""
        self._ended = True
        self._stream.close()
        self._thread.join(timeout=5)

    def _follow(self) -> None:
        try:
            for event, data in _events(self._stream):
                if event == "state":
                    self._shown.append(_read(data))
                if self._ended:
                    return
        except (requests.RequestException, AttributeError, OSError):
            return  # closed while it waited
        finally:
            self._ended = True


class BoothOfficer:
    """One officer at a browser."""

    def __init__(
        self, address: str, username: str = "boris", *, language: str = LANGUAGES[0]
    ) -> None:
        self.username = username
        self.browser = Browser(address, language)

    def sign_in(self) -> None:
        """Sign in with the roles that the staff's provider knows."""
        self.browser.sign_in("staff", self.username)

    def sign_on(self, lane: str) -> None:
        """Take over a lane, unless it is ours already."""
        page = self.browser.open(f"/lanes/{lane}/booth")
        if any(form.action.endswith("/sign-on") for form in page.forms):
            self.browser.send(page, page.form("/sign-on"), {})

    @contextmanager
    def watching(self, lane: str) -> Iterator[Screen]:
        """Look at a lane's page while the block runs."""
        screen = Screen(self.browser.stream(f"/lanes/{lane}/booth/stream"))
        try:
            yield screen
        finally:
            screen.close()

    def tell(self, lane: str, kind: str, **values: str) -> None:
        """Press a button of the page, for the vehicle that it names."""
        page = self.browser.open(f"/lanes/{lane}/booth")
        for form in page.forms:
            if form.hidden.get("kind") == kind:
                self.browser.send(page, form, values)
                return
        word = page.one("div", id_="live").attributes["data-word"]
        raise Unexpected(f"the page of lane {lane} offers no {kind} at {word}")

    def photo(self, lane: str) -> bytes:
        """Return the picture of the first card holder in the lane, as the page shows it."""
        page = self.browser.open(f"/lanes/{lane}/booth")
        for element in page.elements:
            if element.tag == "img" and "/photo/" in element.attributes.get("src", ""):
                return self.browser.fetch(element.attributes["src"])
        raise Unexpected(f"the page of lane {lane} shows no picture")

    def visits(self) -> dict[UUID, UUID]:
        """Return the vehicles at secondary by their passage."""
        found = self.browser.call("GET", "/visits")
        return {UUID(visit["passage_id"]): UUID(visit["visit_id"]) for visit in found}

    def arrive(self, visit_id: UUID) -> None:
        """Note that a vehicle has come to secondary."""
        page = self.browser.open("/secondary")
        self.browser.send(page, page.form(f"/secondary/{visit_id}/arrive"), {})

    def inspect(self, visit_id: UUID, *, note: str = "") -> None:
        """Record for every person that nothing was found."""
        page = self.browser.open_file(f"/secondary/{visit_id}", purpose="inspection")
        form = page.form(f"/secondary/{visit_id}/results")
        people = [name.rpartition("-")[0] for name in form.hidden if name.startswith("people-")]
        values = {f"{person}-result": "nothing" for person in people}
        values |= {f"{person}-note": note for person in people}
        self.browser.send(page, form, values)

    def release(self, visit_id: UUID) -> None:
        """Let an inspected vehicle go."""
        page = self.browser.open("/secondary")
        self.browser.send(page, page.form(f"/secondary/{visit_id}/release"), {})

    def close(self) -> None:
        """Leave."""
        self.browser.close()


def _events(stream: requests.Response) -> Iterator[tuple[str, str]]:
    event, data = "message", list[str]()
    for raw in stream.iter_lines(chunk_size=1):
        line = raw.decode("utf-8")
        if line.startswith("event: "):
            event = line.removeprefix("event: ")
        elif line.startswith("data: "):
            data.append(line.removeprefix("data: "))
        elif not line and data:
            yield event, "\n".join(data)
            event, data = "message", []


def _read(data: str) -> Shown:
    came_at = datetime.now(UTC)
    elements, _ = read_page(data.partition("\n")[2])
    live = next(each for each in elements if each.attributes.get("id") == "live")
    passage = live.attributes.get("data-passage")
    return Shown(
        came_at=came_at,
        word=live.attributes["data-word"],
        said=live.attributes.get("data-said", ""),
        passage_id=UUID(passage) if passage else None,
        names=tuple(each.text.strip() for each in elements if _is_name(each)),
        at_gate=any(words in live.text for words in AT_GATE),
    )


def _is_name(element: Element) -> bool:
    return element.attributes.get("class") == "tl-holder"
