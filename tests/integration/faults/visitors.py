"""A browser without a screen: it keeps the cookie, reads a form's inputs and sends them back."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from html.parser import HTMLParser

import requests

from deploy.local.children import alive
from tests.faults.applicants import CONSENT, Applicant
from tests.faults.headquarters import Headquarters

PATIENCE = 60.0
"""Seconds for what must happen by itself; a busy machine restarts a server meanwhile."""
ANSWER = 30.0


class Visitor:
    """An applicant at enrollment's pages."""

    def __init__(self, headquarters: Headquarters, applicant: Applicant) -> None:
        self._url = headquarters.layout.url("enrollment")
        self._applicant = applicant
        self._session = requests.Session()
        self._session.headers["Cookie"] = applicant.cookie

    def get(self, path: str) -> requests.Response:
        return self._session.get(f"{self._url}{path}", timeout=ANSWER, allow_redirects=False)

    def post(self, path: str, form: Mapping[str, str]) -> requests.Response:
        return self._session.post(
            f"{self._url}{path}", data=form, timeout=ANSWER, allow_redirects=False
        )

    def submit(self) -> requests.Response:
        return requests.post(
            f"{self._url}{self._applicant.path}",
            data=CONSENT,
            headers=self._applicant.headers,
            timeout=ANSWER,
        )

    def form(self, path: str) -> dict[str, str]:
        """Return what stands in the inputs of the form on a page, the hidden ones too."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.status_code
        reader = _Inputs()
        reader.feed(answer.text)
        return reader.values

    def close(self) -> None:
        self._session.close()


class _Inputs(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "input" and found.get("name"):
            self.values[str(found["name"])] = found.get("value") or ""


@contextmanager
def visiting(headquarters: Headquarters, applicant: Applicant) -> Iterator[Visitor]:
    visitor = Visitor(headquarters, applicant)
    try:
        yield visitor
    finally:
        visitor.close()


@contextmanager
def without_broker(headquarters: Headquarters) -> Iterator[None]:
    """Kill the broker for the length of the block, and see that all of ours live on."""
    pid = headquarters.rabbitmq.pid
    assert pid is not None, "the broker did not run"
    with _living_on(headquarters):
        headquarters.rabbitmq.kill9()
        assert not alive(pid), "the broker survived"
        try:
            yield
        finally:
            headquarters.rabbitmq.start()


@contextmanager
def without_database(headquarters: Headquarters) -> Iterator[None]:
    """Kill the database for the length of the block, and see that all of ours live on."""
    pid = headquarters.postgres.pid
    assert pid is not None, "the database did not run"
    with _living_on(headquarters):
        headquarters.postgres.kill9()
        assert not alive(pid), "the database survived"
        try:
            yield
        finally:
            headquarters.postgres.start()


@contextmanager
def _living_on(headquarters: Headquarters) -> Iterator[None]:
    yield
    assert headquarters.supervisor.ended() == []


def until(condition: Callable[[], bool]) -> None:
    """Wait until it is so."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)
