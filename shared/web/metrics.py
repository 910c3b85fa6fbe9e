"""Counts and times of requests, by endpoint: a path could name a person, an endpoint cannot."""

from time import perf_counter

import structlog
from flask import Flask, Response, g, request
from prometheus_client import Gauge, Histogram

SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

REQUESTS = Histogram(
    "trustlane_http_request_seconds",
    "Time from the first look at a request to its answer",
    ("service", "endpoint", "method", "status"),
    buckets=SECONDS,
)
STREAMS = Gauge("trustlane_event_streams", "Event streams that are open", ("service",))

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

log = structlog.get_logger()


def measure(app: Flask, service: str) -> None:
    """Measure every request of ``app``, and write one line about it."""

    @app.before_request
    def begin() -> None:
        g.begun = perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        endpoint = request.endpoint or "none"
        method = request.method if request.method in METHODS else "other"
        taken = perf_counter() - g.get("begun", perf_counter())
        REQUESTS.labels(service, endpoint, method, str(response.status_code)).observe(taken)
        if endpoint != "assets.asset":
            log.info(
                "request",
                endpoint=endpoint,
                method=method,
                status=response.status_code,
                milliseconds=round(taken * 1000, 1),
            )
        return response
