"""A person at a browser, without the browser: cookies, pages, forms with their hidden fields."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar
from urllib.parse import urljoin, urlsplit
from uuid import uuid4
from zoneinfo import ZoneInfo

import requests

from tests.actors.markup import Element, PageForm, read_page

TIMEOUT = 30.0  # seconds for one page: a machine that runs the whole system may be slow
PATIENCE = 30.0  # seconds for what must come; several messages may be on their way
LOOK_EVERY = 0.05
LANGUAGES = ("en", "es")
ZONE = ZoneInfo("America/Los_Angeles")
"""In which the days of the demo's center and lanes are counted."""

SIGN_OUT = "/sign-out"

Values = Mapping[str, str | Sequence[str]]
Files = Mapping[str, tuple[str, bytes, str]]
T = TypeVar("T")


class Unexpected(AssertionError):  # noqa: N818 - reads as plain words
    """A page, or an answer, is not what it had to be; the text holds nothing that was typed."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page that came, with where it came from."""

    url: str
    status: int
    text: str = field(repr=False)
    forms: list[PageForm] = field(repr=False)
    elements: list[Element] = field(repr=False)

    @property
    def path(self) -> str:
        """The address without host and language."""
        path = urlsplit(self.url).path
        return path.removeprefix(f"/{self.language}")

    @property
    def language(self) -> str:
        """The language in the address; the first one where there is none."""
        first = urlsplit(self.url).path.split("/")[1]
        return first if first in LANGUAGES else LANGUAGES[0]

    def form(self, action: str = "") -> PageForm:
        """Return the form whose address ends with ``action``, or the page's own form."""
        for form in self.forms:
            address = urlsplit(urljoin(self.url, form.action)).path
            wanted = address.endswith(action) if action else not address.endswith(SIGN_OUT)
            if wanted and form.method == "post":
                return form
        raise Unexpected(f"{self.path} has no form for {action or 'itself'}")

    def one(self, tag: str, **attributes: str) -> Element:
        """Return the first element with these attributes (``id_`` for ``id`` and the like)."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        for element in self.elements:
            if element.tag == tag and wanted.items() <= element.attributes.items():
                return element
        raise Unexpected(f"{self.path} has no {tag} {wanted}")

    def links(self, part: str) -> list[str]:
        """Return the addresses of links in which ``part`` occurs."""
        found = [each.attributes.get("href", "") for each in self.elements if each.tag == "a"]
        return [urljoin(self.url, address) for address in found if part in address]


class Browser:
    """One person's browser at one service."""

    def __init__(self, address: str, language: str = LANGUAGES[0]) -> None:
        self.address = address
        self.language = language
        self._session = requests.Session()
        self._session.headers["Accept-Language"] = language
        self._token = ""

    @property
    def session(self) -> requests.Session:
        """The connections and cookies, for who asks in a manner of their own."""
        return self._session

    @property
    def token(self) -> str:
        """What the last page said that a call has to show against forgery."""
        return self._token

    def close(self) -> None:
        """Let go of connections."""
        self._session.close()

    def sign_in(self, issuer: Literal["people", "staff"], username: str) -> Page:
        """Go through the provider by the real code flow, and end up where the service leads."""
        asked = self._session.get(self._url(f"/sign-in/{issuer}"), timeout=TIMEOUT)
        came = self._session.post(asked.url, data={"sub": username}, timeout=TIMEOUT)
        page = self._page(came)
        if not page.url.startswith(self.address) or page.status != requests.codes.ok:
            raise Unexpected(f"the sign-in ended at {urlsplit(page.url).path}, {page.status}")
        return page

    def open(self, path: str) -> Page:
        """Open a page by its path without the language."""
        return self._expect(self._session.get(self._url(path), timeout=TIMEOUT))

    def open_file(self, path: str, *, purpose: str) -> Page:
        """Open a person's file and say why, where that is asked."""
        page = self.open(path)
        if any(form.action.endswith("/purpose") for form in page.forms):
            page = self.send(page, page.form("/purpose"), {"purpose": purpose})
        return page

    def send(
        self, page: Page, form: PageForm, values: Values, *, files: Files | None = None
    ) -> Page:
        """Send a form with its hidden fields and ``values``; a page full of errors is refused."""
        url = urljoin(page.url, form.action or page.url)
        answer = self._session.post(
            url, data={**form.hidden, **values}, files=files, timeout=TIMEOUT
        )
        return self._expect(answer)

    def post(self, path: str, values: Values) -> requests.Response:
        """Send a form to a path without the language; return the answer, whatever it is."""
        return self._session.post(self._url(path), data=values, timeout=TIMEOUT)

    def fetch(self, address: str) -> bytes:
        """Fetch what a page names beside its text, such as a picture."""
        answer = self._session.get(urljoin(self.address, address), timeout=TIMEOUT)
        if answer.status_code != requests.codes.ok:
            raise Unexpected(f"{urlsplit(answer.url).path}: {answer.status_code}")
        return answer.content

    def copy(self) -> "Browser":
        """Return a second window with the same cookies."""
        other = Browser(self.address, self.language)
        other._session.cookies.update(self._session.cookies)
        return other

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        version: str | None = None,
        expect: Iterable[int] = (200, 201, 202, 204),
    ) -> Any:
        """Call the JSON interface as the page's own script would; return what it answers."""
        answer = self.ask(method, path, body, version=version)
        if answer.status_code not in expect:
            code = answer.json().get("code") if "json" in answer.headers["Content-Type"] else ""
            raise Unexpected(f"{method} {path}: {answer.status_code} {code}")
        return answer.json() if answer.content else None

    def ask(
        self, method: str, path: str, body: object = None, *, version: str | None = None
    ) -> requests.Response:
        """Call the JSON interface and return the answer, whatever it is."""
        headers = {"X-CSRFToken": self._token, "Idempotency-Key": str(uuid4())}
        if version is not None:
            headers["If-Match"] = version
        url = f"{self.address}/api/v1{path}"
        return self._session.request(method, url, json=body, headers=headers, timeout=TIMEOUT)

    def stream(self, path: str) -> requests.Response:
        """Open a stream of events."""
        return self._session.get(self._url(path), stream=True, timeout=TIMEOUT)

    def _url(self, path: str) -> str:
        return f"{self.address}/{self.language}{path}"

    def _expect(self, answer: requests.Response) -> Page:
        page = self._page(answer)
        if page.status != requests.codes.ok:
            raise Unexpected(f"{page.path}: {page.status} {_errors(page)}")
        return page

    def _page(self, answer: requests.Response) -> Page:
        elements, forms = read_page(answer.text)
        for element in elements:
            if element.tag == "meta" and element.attributes.get("name") == "csrf-token":
                self._token = element.attributes.get("content", "")
        return Page(
            url=answer.url,
            status=answer.status_code,
            text=answer.text,
            forms=forms,
            elements=elements,
        )


def until(look: Callable[[], T | None], what: str, *, patience: float = PATIENCE) -> T:
    """Look until something true is seen, and return it; ``Unexpected`` names what did not come."""
    deadline = time.monotonic() + patience
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > deadline:
            raise Unexpected(f"{what} did not come within {patience:.0f} s")
        time.sleep(LOOK_EVERY)


def _errors(page: Page) -> list[str]:
    """Return what the page says is wrong, by the names of the fields."""
    return [
        element.attributes["href"]
        for element in page.elements
        if element.tag == "a"
        and element.attributes.get("href", "").startswith("#")
        and element.attributes.get("class") != "usa-skipnav"
    ]
