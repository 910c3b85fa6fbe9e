"""The worker process: a service's loops in threads of their own, until a signal stops them."""

import signal
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from threading import Event, Thread

from structlog import get_logger

from shared.context import acting
from shared.errors import InvalidInput, Unavailable

log = get_logger(__name__)

RESTART_PAUSE = 1.0  # seconds before a loop that broke is begun again
STOP_TIMEOUT = 5.0  # seconds that a loop gets to end; it looks at the stop event every second

Loop = Callable[[Event], None]

_only: ContextVar[frozenset[str]] = ContextVar("trustlane_worker_loops", default=frozenset())


@contextmanager
def only_loops(names: Collection[str]) -> Iterator[None]:
    """Let workers started inside run these loops alone; all of them where ``names`` is empty."""
    token = _only.set(frozenset(names))
    try:
        yield
    finally:
        _only.reset(token)


@dataclass(frozen=True, kw_only=True)
class Timer:
    """A task that is run again and again, ``every`` so many seconds."""

    every: float
    task: Callable[[], object]

    def __call__(self, stop: Event) -> None:
        """Run the task until ``stop`` is set; a task that fails is tried at its next turn."""
        while not stop.wait(self.every):
            self.task()


def run_worker(service: str, loops: Mapping[str, Loop], stop: Event | None = None) -> int:
    """Run the loops until SIGTERM or SIGINT; return the exit status.

    Raise ``InvalidInput`` where ``only_loops`` names one that is none of them.
    """
    loops = _chosen(loops)
    stop = stop or Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    threads = [
        Thread(target=keep_running, args=(service, name, loop, stop), name=name, daemon=True)
        for name, loop in loops.items()
    ]
    for thread in threads:
        thread.start()
    log.info("worker_started", service=service, loops=sorted(loops))
    while not stop.wait(1.0):
        pass
    for thread in threads:
        thread.join(STOP_TIMEOUT)
    late = [thread.name for thread in threads if thread.is_alive()]
    log.info("worker_stopped", service=service, late=late)
    return 0


def _chosen(loops: Mapping[str, Loop]) -> Mapping[str, Loop]:
    wanted = _only.get()
    unknown = sorted(wanted - set(loops))
    if unknown:
        known = ", ".join(sorted(loops))
        raise InvalidInput({"only": unknown}, f"No loop {', '.join(unknown)}; there are {known}")
    return {name: loop for name, loop in loops.items() if not wanted or name in wanted}


def keep_running(service: str, name: str, loop: Loop, stop: Event) -> None:
    """Run a loop until ``stop`` is set, again when it breaks; every break is logged."""
    while not stop.is_set():
        try:
            with acting(actor=f"service:{service}"):
                loop(stop)
        except Unavailable as error:
            log.warning("loop_waits", loop=name, code=error.code, error=str(error))
        except Exception:
            log.exception("loop_broke", loop=name)
        stop.wait(RESTART_PAUSE)
