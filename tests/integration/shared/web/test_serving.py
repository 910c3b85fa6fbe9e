import json
import signal
import time

import pytest
import requests

from tests.integration.shared.web.conftest import Served

STOP_LIMIT = 4.0  # seconds; two of grace, one to look at the stop event, one of a busy machine


def test_health_readiness_and_metrics_have_a_port_of_their_own(served: Served) -> None:
    assert requests.get(f"{served.admin}/healthz", timeout=5).json() == {"status": "alive"}
    assert requests.get(f"{served.admin}/readyz", timeout=5).json() == {"database": "ok"}
    assert requests.get(f"{served.url}/healthz", timeout=5).status_code == 404
    served.down.touch()
    answer = requests.get(f"{served.admin}/readyz", timeout=5)
    assert (answer.status_code, answer.json()) == (503, {"database": "unavailable"})
    assert requests.get(f"{served.admin}/healthz", timeout=5).status_code == 200


def test_requests_are_counted_by_endpoint_and_never_by_path(served: Served) -> None:
    requests.get(f"{served.url}/en/person/welcome?name=Canary", timeout=5)
    requests.get(f"{served.url}/Canary/Cantilever", timeout=5)
    text = requests.get(f"{served.admin}/metrics", timeout=5).text
    assert 'endpoint="person.welcome",method="GET",service="sample",status="200"' in text
    assert 'le="0.0005"' in text
    assert "Canary" not in text
    assert "Canary" not in served.lines()


def test_every_line_of_the_log_is_json_with_the_request_id(served: Served) -> None:
    requests.get(f"{served.url}/en/desk/broken", headers={"X-Request-ID": "asked-for-1"}, timeout=5)
    lines = [json.loads(line) for line in served.lines().splitlines()]
    mine = [line for line in lines if line.get("request_id") == "asked-for-1"]
    assert {line["event"] for line in mine} == {"unexpected error", "request"}
    assert mine[0]["error"] == ["builtins.RuntimeError"]
    assert "Cantilever" not in served.lines()


def test_streams_beyond_the_cap_get_503_and_others_are_still_served(served: Served) -> None:
    live = f"{served.url}/en/desk/live"
    with (
        requests.get(live, stream=True, timeout=5) as first,
        requests.get(live, stream=True, timeout=5) as second,
    ):
        assert [first.status_code, second.status_code] == [200, 200]
        full = requests.get(live, timeout=5)
        assert full.status_code == 503
        assert full.headers["Retry-After"] == "5"
        assert requests.get(f"{served.url}/en/person/welcome", timeout=5).status_code == 200
    assert eventually_open(live)


def test_an_open_stream_does_not_hold_the_stop(served: Served) -> None:
    with requests.get(f"{served.url}/en/desk/live", stream=True, timeout=5) as stream:
        assert next(stream.iter_lines()) == b"retry: 2000"
        begun = time.monotonic()
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(10) == 0
        assert time.monotonic() - begun < STOP_LIMIT


def test_no_control_socket_is_opened(served: Served) -> None:
    assert served.process.poll() is None
    assert "ontrol socket" not in served.lines()


def test_a_body_over_the_limit_is_refused_before_it_is_read(served: Served) -> None:
    answer = requests.post(
        f"{served.url}/api/v1/things",
        data=b"x" * 300_000,
        headers={"Content-Type": "application/json"},
        timeout=5,
    )
    assert answer.status_code in (401, 413)


def test_a_body_that_nobody_reads_gets_its_answer_in_full(served: Served) -> None:
    body = bytes(8 * 1024 * 1024)  # more than the sockets between us hold
    answer = requests.post(f"{served.url}/api/v1/things", data=body, timeout=30)
    assert answer.status_code in (401, 413)
    assert answer.json()["code"] in ("not_signed_in", "too_large")


def eventually_open(live: str) -> bool:
    limit = time.monotonic() + 5
    while time.monotonic() < limit:
        with requests.get(live, stream=True, timeout=5) as answer:
            if answer.status_code == 200:
                return True
        time.sleep(0.2)
    pytest.fail("The places of closed streams were never given back")
