import threading

import pytest

from shared.errors import InvalidInput
from shared.process.worker import Timer, keep_running, only_loops, run_worker


def test_a_worker_runs_only_the_loops_that_it_is_told() -> None:
    ran: list[str] = []
    stop = threading.Event()

    def loop(name: str) -> None:
        ran.append(name)
        stop.set()

    loops = {name: lambda _stop, name=name: loop(name) for name in ("relay", "consumer")}
    with only_loops(["relay"]):
        assert run_worker("test", loops, stop) == 0
    assert ran == ["relay"]


def test_a_loop_that_is_none_is_named() -> None:
    with only_loops(["realy"]), pytest.raises(InvalidInput, match="realy"):
        run_worker("test", {"relay": lambda _: None})


def test_a_loop_that_breaks_is_begun_again() -> None:
    stop, tries = threading.Event(), []

    def breaks(_: threading.Event) -> None:
        tries.append(1)
        if len(tries) == 2:
            stop.set()
        raise RuntimeError("a bug of ours")

    keep_running("test", "breaks", breaks, stop)
    assert len(tries) == 2


def test_a_timer_runs_its_task_again_and_again() -> None:
    stop, runs = threading.Event(), []

    def task() -> None:
        runs.append(1)
        if len(runs) == 3:
            stop.set()

    Timer(every=0.001, task=task)(stop)
    assert len(runs) == 3
