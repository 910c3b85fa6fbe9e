"""A connection's thread: what it does in which order, and how it comes back."""

import time
from collections.abc import Iterator
from threading import Event, get_ident

import pytest

from shared.errors import NotFound, Unavailable
from shared.messaging.line import Line

PATIENCE = 5.0


class BrokenLine(Exception):  # noqa: N818 - reads as plain words
    """The library's error when the broker is gone."""


class FakeLink:
    """A link that can be cut."""

    def __init__(self) -> None:
        self.cut = Event()
        self.closed = Event()
        self._woken = Event()

    def process(self, seconds: float) -> None:
        self._woken.wait(seconds)
        self._woken.clear()
        if self.cut.is_set():
            raise BrokenLine

    def wake(self) -> None:
        self._woken.set()

    def close(self) -> None:
        self.closed.set()


class FakeServer:
    """Opens links, or refuses to."""

    def __init__(self) -> None:
        self.links: list[FakeLink] = []
        self.down = False
        self.words: list[str] = []

    def open_link(self, generation: int) -> FakeLink:
        del generation
        if self.down:
            raise BrokenLine
        self.links.append(FakeLink())
        return self.links[-1]

    def fall(self) -> None:
        self.down = True
        self.links[-1].cut.set()
        self.links[-1].wake()
        assert self.links[-1].closed.wait(PATIENCE)


@pytest.fixture
def server() -> FakeServer:
    return FakeServer()


@pytest.fixture
def line(server: FakeServer) -> Iterator[Line[FakeLink]]:
    line = Line(
        server.open_link,
        said=lambda error: f"lost: {type(error).__name__}",
        lost=server.words.append,
        restored=lambda: server.words.append("restored"),
    )
    line.start()
    yield line
    line.close()


def test_work_is_done_in_the_threads_own_order(line: Line[FakeLink]) -> None:
    done: list[int] = []
    for number in range(100):
        line.post(lambda _, number=number: done.append(number))  # type: ignore[misc]

    threads = line.call(lambda _: get_ident())

    assert done == list(range(100))
    assert threads != get_ident()


def test_an_error_of_our_tree_leaves_the_link(server: FakeServer, line: Line[FakeLink]) -> None:
    def refuse(_link: FakeLink) -> None:
        raise NotFound("nothing there")

    with pytest.raises(NotFound):
        line.call(refuse)

    assert line.call(lambda link: link) is server.links[0]


def test_an_error_of_the_library_ends_the_link_and_the_next_one_works(
    server: FakeServer, line: Line[FakeLink]
) -> None:
    def fail(_link: FakeLink) -> None:
        raise BrokenLine

    with pytest.raises(Unavailable, match="lost: BrokenLine"):
        line.call(fail)

    assert server.links[0].closed.wait(PATIENCE)
    assert line.call(lambda link: link) is server.links[1]
    assert server.words == ["restored", "lost: BrokenLine", "restored"]


def test_without_a_link_a_call_is_unavailable(server: FakeServer, line: Line[FakeLink]) -> None:
    line.call(lambda link: link)
    server.fall()

    with pytest.raises(Unavailable, match="lost: BrokenLine"):
        line.call(lambda link: link)

    server.down = False
    deadline = time.monotonic() + PATIENCE
    while len(server.links) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert line.call(lambda link: link) is server.links[1]


def test_what_was_meant_for_an_earlier_link_is_dropped(line: Line[FakeLink]) -> None:
    done: list[str] = []
    line.call(lambda link: link)

    line.post(lambda _: done.append("early"), generation=line.generation - 1)
    line.post(lambda _: done.append("now"), generation=line.generation)
    line.call(lambda link: link)

    assert done == ["now"]


def test_closing_does_what_was_posted_and_says_goodbye(server: FakeServer) -> None:
    line = Line(server.open_link, said=repr)
    line.start()
    line.call(lambda link: link)
    done: list[str] = []

    line.post(lambda _: done.append("last"))
    line.close()
    line.close()

    assert done == ["last"]
    assert server.links[0].closed.is_set()
    with pytest.raises(Unavailable):
        line.call(lambda link: link)
