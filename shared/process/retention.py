"""The worker's loop that forgets what has been kept for long enough, and says what it did."""

from collections.abc import Callable, Mapping
from threading import Event

from prometheus_client import Counter
from structlog import get_logger

from shared.process.worker import Loop

log = get_logger(__name__)

FORGET_EVERY = 3_600.0  # seconds: rules count days, and a day's load is spread over its hours

FORGOTTEN = Counter(
    "trustlane_forgotten_records", "Records forgotten since the process began", ("kind",)
)


def retention_loop(forget: Callable[[], Mapping[str, int]]) -> Loop:
    """Return a loop that forgets at its start and then every hour."""

    def run(stop: Event) -> None:
        while not stop.is_set():
            for kind, rows in forget().items():
                FORGOTTEN.labels(kind).inc(rows)
                log.info("records_forgotten", kind=kind, rows=rows)
            stop.wait(FORGET_EVERY)

    return run
