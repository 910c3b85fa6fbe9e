"""Our simulator and programs that others wrote, each a process of its own."""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from deploy.local.paths import ROOT
from deploy.local.ports import free_port
from deploy.local.setup import FOREIGN_PYTHON

HOST = "127.0.0.1"
PROGRAMS = Path(__file__).parent / "programs"
LANE = "l1"
UP_WITHIN = 15.0
"""A Python process that loads little is there within a second on an idle machine."""
PROGRAM_WITHIN = 40.0
"""Each program gives up by itself after some 10 s for each thing it waits for."""
HOW = "make test gets the foreign programs; by hand: python3 -m deploy.local.setup --dev --foreign"


def foreign_python() -> Path:
    """Return the Python that has the foreign programs; fail where it is not there."""
    assert FOREIGN_PYTHON.exists(), HOW
    return FOREIGN_PYTHON


def run_program(name: str, *arguments: str, text: str | None = None) -> dict[str, Any]:
    """Run one of the programs to its end and return what it printed."""
    command = [str(foreign_python()), str(PROGRAMS / name), *arguments]
    done = subprocess.run(
        command, input=text, capture_output=True, text=True, timeout=PROGRAM_WITHIN, check=False
    )
    assert done.returncode == 0, f"{name}: {done.stdout}{done.stderr}"
    said = json.loads(done.stdout.splitlines()[-1])
    assert isinstance(said, dict)
    return said


class SimulatorProcess:
    """``python -m services.lane_gateway simulator`` with one lane; a context manager."""

    def __init__(self, folder: Path) -> None:
        self.reader, self.gate, camera, self._control = (free_port() for _ in range(4))
        lane = {
            "id": LANE,
            "site": "sym",
            "mode": "automatic",
            "reader": f"{HOST}:{self.reader}",
            "gate": f"{HOST}:{self.gate}",
            "camera": f"{HOST}:{camera}",
        }
        (folder / "lanes.json").write_text(json.dumps([lane]))
        self._truth, self._log = folder / "truth", folder / "simulator.log"
        self._command = [sys.executable, "-m", "services.lane_gateway", "simulator"]
        self._command += ["--lanes", str(folder / "lanes.json"), "--control", str(self._control)]
        self._command += ["--truth", str(self._truth)]
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(self._command, cwd=ROOT, stdout=log, stderr=log)
        until = time.monotonic() + UP_WITHIN
        while True:
            assert self._process.poll() is None, self._log.read_text()
            assert time.monotonic() < until, "the simulator does not come up"
            with suppress(OSError):
                self.ask("GET", "/lanes")
                return self
            time.sleep(0.05)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process is not None:
            end(self._process)

    def ask(self, method: str, path: str, body: dict[str, object] | None = None) -> Any:
        """Ask its control, and return the answer."""
        data = None if body is None else json.dumps(body).encode()
        url = f"http://{HOST}:{self._control}{path}"
        try:
            with urlopen(Request(url, data, method=method), timeout=5) as answer:
                return json.load(answer)
        except HTTPError as refusal:
            raise AssertionError(refusal.read().decode()) from refusal

    def lane(self) -> dict[str, Any]:
        """Return how the lane stands."""
        picture = self.ask("GET", f"/lanes/{LANE}")
        assert isinstance(picture, dict)
        return picture

    def place(self, cards: dict[str, str], *, front: float = -3.0, **values: object) -> None:
        """Let a vehicle with these cards, number to chip's number, stand before the antenna."""
        told = [{"epc": epc, "tid": tid} for epc, tid in cards.items()]
        body = {"cards": told, "driver": "stop", "front": front, **values}
        self.ask("POST", f"/lanes/{LANE}/vehicles", body)

    def truth(self) -> list[dict[str, Any]]:
        """Return what really happened, from the file that the simulator writes."""
        return [json.loads(line) for line in self._truth.read_text().splitlines()]


class ServingProgram:
    """A program that prints its port and serves until its input is closed."""

    def __init__(self, command: Sequence[str | Path], log: Path) -> None:
        self._command = [str(part) for part in command]
        self._log = log
        self.port = 0

    def __enter__(self) -> Self:
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self._process.stdout is not None
        first = self._process.stdout.readline()
        assert first.strip().isdecimal(), self._log.read_text()
        self.port = int(first)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.finish()

    def finish(self) -> str:
        """Close its input, wait for its end, and return what else it printed."""
        if self._process.stdin is None or self._process.stdin.closed:
            return ""
        try:
            said, _ = self._process.communicate("", timeout=UP_WITHIN)
        except subprocess.TimeoutExpired:
            end(self._process)
            raise
        assert self._process.returncode == 0, self._log.read_text()
        return said


def end(process: subprocess.Popen[Any]) -> None:
    """Tell a process of ours to end, and see that it does."""
    process.terminate()
    try:
        process.wait(UP_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(UP_WITHIN)
