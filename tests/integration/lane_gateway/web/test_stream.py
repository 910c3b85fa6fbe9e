import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
from werkzeug.serving import make_server

from shared.clock import utc_now
from tests.integration.lane_gateway.web.officers import Officer
from tests.integration.lane_gateway.web.site import Site
from tests.integration.lane_gateway.web.voice import VoiceOfAgent
from tests.unit.lane_gateway.web.live_builders import a_live_passage, named

PATIENCE = 10.0
MOST = 3


@dataclass
class Event:
    """One event as a browser gets it."""

    name: str
    age: int | None
    html: str
    came: float


@pytest.fixture
def site(tmp_path: Path, template: Path) -> Iterator[Site]:
    built = Site.build(tmp_path, template=template, max_streams=MOST)
    built.hub.start()
    yield built
    built.close()


@pytest.fixture
def url(site: Site) -> Iterator[str]:
    """The application on a real port, a thread for each caller."""
    server = make_server("127.0.0.1", 0, site.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    site.app.extensions["trustlane"].settings.stop.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def boris(site: Site) -> Officer:
    officer = Officer(site.app)
    officer.post("/en/lanes/l1/sign-on")
    return officer


@contextmanager
def listening(url: str, officer: Officer, path: str) -> Iterator[Iterator[Event]]:
    cookie = officer.client.get_cookie("trustlane_lane_gateway")
    assert cookie is not None
    with requests.get(
        url + path,
        cookies={"trustlane_lane_gateway": cookie.value},
        stream=True,
        timeout=PATIENCE,
    ) as answer:
        assert answer.status_code == 200, answer.text
        assert answer.headers["Cache-Control"] == "no-store"
        yield events(answer)


def events(answer: requests.Response) -> Iterator[Event]:
    name, data = "", []
    for line in answer.iter_lines(chunk_size=1, decode_unicode=True):
        if line.startswith("event: "):
            name = line[7:]
        elif line.startswith("data: "):
            data.append(line[6:])
        elif not line and name:
            said = json.loads(data[0])
            yield Event(name, said.get("age"), "\n".join(data[1:]), time.monotonic())
            name, data = "", []


def first(stream: Iterator[Event], text: str) -> Event:
    return next(event for event in stream if text in event.html)


STREAM = "/en/lanes/l1/booth/stream"


def test_a_verdict_reaches_the_screen_within_half_a_second(
    site: Site, agent: VoiceOfAgent, boris: Officer, url: str
) -> None:
    site.keep_record(named("ana"))
    with listening(url, boris, STREAM) as stream:
        first(stream, 'data-word="waiting"')
        sent = time.monotonic()
        agent.say(front=a_live_passage(decided_at=utc_now()))
        event = first(stream, 'data-word="clear"')
    assert event.came - sent < 0.5
    assert "Ana Luz Robles Vega" in event.html


def test_the_piece_is_in_the_language_of_the_stream(
    agent: VoiceOfAgent, boris: Officer, url: str
) -> None:
    agent.say(front=a_live_passage(decided_at=utc_now(), verdict="refer", reasons=("held",)))
    with listening(url, boris, STREAM.replace("/en/", "/es/")) as stream:
        event = first(stream, 'data-word="refer"')
    assert "REVISIÓN" in event.html
    assert "La membresía está retenida" in event.html
    assert 'action="/es/lanes/l1/booth/command"' in event.html


def test_forms_of_a_stream_can_be_sent(
    site: Site, agent: VoiceOfAgent, boris: Officer, url: str
) -> None:
    agent.say(front=a_live_passage(decided_at=utc_now()))
    with listening(url, boris, STREAM) as stream:
        html = first(stream, 'data-word="clear"').html
    fields = {
        name: html.split(f'name="{name}" value="')[1].partition('"')[0]
        for name in ("csrf_token", "once", "passage_id")
    }
    answer = boris.client.post(
        "/en/lanes/l1/booth/command", data={**fields, "kind": "admit", "counted": "1"}
    )
    assert answer.status_code == 303
    assert site.reads.newest_command("l1") == 1


def test_between_changes_only_beats_go_out_while_the_agent_counts(
    agent: VoiceOfAgent, boris: Officer, url: str
) -> None:
    del agent
    with listening(url, boris, STREAM) as stream:
        first(stream, 'data-word="waiting"')
        following = [next(stream) for _ in range(5)]
    assert {event.name for event in following} == {"beat"}
    assert all(event.age is not None and event.age < 1000 for event in following)


def test_a_screen_hears_within_three_seconds_that_the_agent_has_stopped(
    agent: VoiceOfAgent, boris: Officer, url: str
) -> None:
    agent.say(front=a_live_passage(decided_at=utc_now()))
    with listening(url, boris, STREAM) as stream:
        first(stream, 'data-word="clear"')
        agent.counting.clear()
        stopped = time.monotonic()
        event = first(stream, 'data-word="not_live"')
        assert event.came - stopped < 3
        assert event.age is None
        agent.counting.set()
        first(stream, 'data-word="clear"')


def test_a_stream_that_is_opened_again_does_not_replay_a_green(
    agent: VoiceOfAgent, boris: Officer, url: str
) -> None:
    agent.say(front=a_live_passage(decided_at=utc_now()))
    with listening(url, boris, STREAM) as stream:
        first(stream, 'data-word="clear"')
    agent.say(front=None, word="waiting")
    time.sleep(0.1)
    with listening(url, boris, STREAM) as stream:
        event = next(stream)
    assert 'data-word="waiting"' in event.html


def test_a_picture_that_comes_from_headquarters_later_wakes_the_screen(
    site: Site, agent: VoiceOfAgent, boris: Officer, url: str
) -> None:
    sealed = site.sealed_record(named("ana"), 4, name="Ana Later")
    site.headquarters.records[named("ana")] = {"version": 4, "record": sealed}
    agent.say(front=a_live_passage(decided_at=utc_now()))
    with listening(url, boris, STREAM) as stream:
        first(stream, "Ana Later")


def test_signing_off_hides_the_people_from_an_open_screen(
    site: Site, agent: VoiceOfAgent, boris: Officer, url: str
) -> None:
    site.keep_record(named("ana"))
    agent.say(front=a_live_passage(decided_at=utc_now()))
    with listening(url, boris, STREAM) as stream:
        first(stream, "Ana Luz")
        Officer(site.app, "paula", "port").post("/en/lanes/l1/sign-off")
        event = first(stream, "Nobody is signed on.")
    assert "Ana Luz" not in event.html


def test_a_port_follows_its_lanes(
    site: Site, agent: VoiceOfAgent, boris: Officer, url: str
) -> None:
    del boris
    paula = Officer(site.app, "paula", "port")
    with listening(url, paula, "/en/lanes/stream") as stream:
        first(stream, 'data-word="waiting"')
        agent.say(front=a_live_passage(decided_at=utc_now(), verdict="refer", reasons=("held",)))
        event = first(stream, 'data-word="refer"')
    assert 'data-word="not_live"' in event.html  # the other lane has no agent
    assert "7ABC123" not in event.html


def test_more_screens_than_there_are_places_are_told_so(
    agent: VoiceOfAgent, boris: Officer, url: str
) -> None:
    del agent
    with (
        listening(url, boris, STREAM) as one,
        listening(url, boris, STREAM) as two,
        listening(url, boris, "/en/lanes/stream") as three,
    ):
        for stream in (one, two, three):
            next(stream)
        cookie = boris.client.get_cookie("trustlane_lane_gateway")
        assert cookie is not None
        cookies = {"trustlane_lane_gateway": cookie.value}
        answer = requests.get(url + STREAM, cookies=cookies, timeout=PATIENCE)
        assert answer.status_code == 503
        assert requests.get(url + "/en/lanes", cookies=cookies, timeout=PATIENCE).ok
