"""gunicorn, started by our own program: one process with threads, and the admin port beside it.

A service that needs more starts more of these; so metrics and streams are counted in one place.
"""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from threading import Event
from types import FrameType

from flask import Flask
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]
from gunicorn.config import Config  # type: ignore[import-untyped]
from gunicorn.glogging import Logger  # type: ignore[import-untyped]
from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]

from shared.web.health import Checks, admin_server

GRACE = 2  # seconds; event streams look at the stop event each second
SILENCE = 60  # seconds without a sign of life after which the worker is replaced
KEEP_ALIVE = 15  # seconds; longer than a browser takes from one page to the next file
MOST_HEADER = 16_384  # bytes; a sealed session and a form kept in cookies
ANYWHERE = "0.0.0.0"  # noqa: S104 - the network decides who reaches a service


class _Logger(Logger):  # type: ignore[misc]  # gunicorn is untyped
    """Leaves the writing of lines to the logging of the process."""

    def setup(self, cfg: Config) -> None:
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            log.handlers.clear()
            log.propagate = True


class _Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn is untyped
    """Tells the streams when it is asked to leave."""

    stop: Event

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.stop.set()
        super().handle_exit(sig, frame)

    def handle_quit(self, sig: int, frame: FrameType | None) -> None:
        self.stop.set()
        super().handle_quit(sig, frame)


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn is untyped
    def __init__(self, load: Callable[[], Flask], options: dict[str, object]) -> None:
        self._load = load
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._load()


def serve(
    load: Callable[[], Flask],
    *,
    port: int,
    admin_port: int,
    checks: Checks,
    stop: Event,
    host: str = ANYWHERE,
    threads: int = 40,
) -> None:
    """Serve what ``load`` builds until a signal ends the process.

    ``load`` runs in the worker process, so connections are opened there. ``stop`` is the event of
    the application's settings; ``threads`` must exceed its number of streams.
    """
    admin = ExitStack()
    worker = type("_StoppableWorker", (_Worker,), {"stop": stop})
    options: dict[str, object] = {
        "bind": f"{host}:{port}",
        "workers": 1,
        "threads": threads,
        "worker_class": worker,
        "logger_class": _Logger,
        "control_socket_disable": True,
        "graceful_timeout": GRACE,
        "timeout": SILENCE,
        "keepalive": KEEP_ALIVE,
        "limit_request_field_size": MOST_HEADER,
        "worker_tmp_dir": "/dev/shm" if Path("/dev/shm").is_dir() else None,  # noqa: S108 - gunicorn keeps its sign of life in memory
        "post_worker_init": lambda _worker: admin.enter_context(admin_server(admin_port, checks)),
        "worker_exit": lambda _server, _worker: admin.close(),
    }
    _Server(load, options).run()
