"""Stops each part between a lane's agent and the eyes of its officer, and looks at the screen."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from deploy.local.ports import free_port

HERE = "tests.integration.lane_gateway.web"
START_LIMIT = 30.0  # seconds; the imports of Flask on a busy machine
SOON = 3.0  # seconds
LATER_MS = 15_000
BOOTH = "/en/lanes/l1/booth"

LOOK = """() => {
  window.diedAt = null;
  const dead = document.querySelector('.tl-dead');
  const look = () => {
    const said = document.querySelector('.tl-verdict .tl-word').textContent === 'NOT LIVE';
    const covered = getComputedStyle(dead).visibility === 'visible';
    if (said || covered) window.diedAt = Date.now() / 1000;
    else requestAnimationFrame(look);
  };
  look();
}"""
"""Notes, frame by frame, when NOT LIVE is on the screen: as its word, or in front of everything."""

WATCH = """() => {
  window.seen = [];
  const live = document.getElementById('live');
  const note = () => window.seen.push(
    live.hasAttribute('data-dead') ? 'not_live' : live.dataset.word);
  new MutationObserver(note).observe(live, {attributes: true});
}"""


@dataclass
class Booth:
    """The three parts as processes, and the screen at their end."""

    agent: subprocess.Popen[bytes]
    web: subprocess.Popen[bytes]
    line: subprocess.Popen[bytes]
    page: Page

    def say(self, word: str) -> None:
        assert self.agent.stdin is not None
        self.agent.stdin.write(f"{word}\n".encode())
        self.agent.stdin.flush()


@pytest.fixture(scope="module")
def booth(
    tmp_path_factory: pytest.TempPathFactory, template: Path, chromium: Browser
) -> Iterator[Booth]:
    folder = tmp_path_factory.mktemp("booth")
    port, admin_port, line_port = free_port(), free_port(), free_port()
    with ExitStack() as stack:
        ports = [str(port), str(admin_port)]
        web = stack.enter_context(running("serving", str(folder), str(template), *ports))
        wait_until_alive(f"http://127.0.0.1:{admin_port}/healthz", web)
        line = stack.enter_context(running("line", str(line_port), str(port)))
        agent = stack.enter_context(running("speaking", str(folder / "site" / "web-live.sock")))
        url = f"http://127.0.0.1:{line_port}"
        context = chromium.new_context()
        cookie = (folder / "cookie").read_text()
        context.add_cookies([{"name": "trustlane_lane_gateway", "value": cookie, "url": url}])
        page = context.new_page()
        open_page(page, url + BOOTH)
        yield Booth(agent=agent, web=web, line=line, page=page)
        context.close()


@contextmanager
def running(name: str, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run one of the programs in a group of its own, so that all of it can be stopped."""
    process = subprocess.Popen(
        [sys.executable, "-m", f"{HERE}.{name}", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGCONT)
        os.killpg(process.pid, signal.SIGTERM)
        process.communicate(timeout=15)


@contextmanager
def stopped(process: subprocess.Popen[bytes]) -> Iterator[float]:
    """Stop a program for the length of the block; give the moment when it stopped."""
    os.killpg(process.pid, signal.SIGSTOP)
    try:
        yield time.time()
    finally:
        os.killpg(process.pid, signal.SIGCONT)


def wait_until_alive(url: str, process: subprocess.Popen[bytes]) -> None:
    limit = time.monotonic() + START_LIMIT
    while time.monotonic() < limit:
        assert process.poll() is None
        try:
            requests.get(url, timeout=1)
        except requests.ConnectionError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"Nothing answered at {url}")


def open_page(page: Page, url: str) -> None:
    limit = time.monotonic() + START_LIMIT
    while time.monotonic() < limit:
        try:
            page.goto(url)
        except Exception:  # noqa: BLE001 - the line's process may not listen yet
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"No page at {url}")


def seconds_to_not_live(page: Page, began: float) -> float:
    """Return how long after ``began`` the screen said NOT LIVE, by what is to be seen on it."""
    page.wait_for_function("() => window.diedAt !== null", timeout=LATER_MS)
    return float(page.evaluate("() => window.diedAt")) - began


@pytest.mark.parametrize("victim", ["agent", "web", "line"])
def test_the_screen_says_not_live_within_three_seconds_whatever_stops(
    booth: Booth, victim: str
) -> None:
    page, process = booth.page, getattr(booth, victim)
    booth.say("clear")
    live = page.locator("#live:not([data-dead])")
    expect(live).to_have_attribute("data-word", "clear", timeout=LATER_MS)

    page.evaluate(LOOK)
    with stopped(process) as began:
        taken = seconds_to_not_live(page, began)
        if victim != "agent":
            booth.say("waiting")  # the vehicle leaves while nobody sees it
            time.sleep(1.0)
        page.evaluate(WATCH)

    assert taken < SOON
    word = "clear" if victim == "agent" else "waiting"
    expect(live).to_have_attribute("data-word", word, timeout=LATER_MS)
    if victim != "agent":
        seen: list[Any] = page.evaluate("() => window.seen")
        assert "clear" not in seen, "a green was shown again that was over"


def test_the_style_sheet_alone_says_not_live_where_the_script_has_died(booth: Booth) -> None:
    page = booth.page
    booth.say("clear")
    page.reload()
    expect(page.locator("#live:not([data-dead])")).to_have_attribute(
        "data-word", "clear", timeout=LATER_MS
    )
    page.evaluate(
        "() => { for (let id = 1; id < 10000; id++) { clearInterval(id); }"
        " window.EventSource = undefined; window.dispatchEvent(new Event('pagehide'));"
        " document.getElementById('live').removeAttribute('data-dead'); }"
    )
    began = time.time()
    page.evaluate(LOOK)
    assert seconds_to_not_live(page, began) < SOON
