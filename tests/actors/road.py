"""The road before the lanes: vehicles that the simulator lets come, and what really happened."""

import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import requests

from tests.actors.browsing import until

TIMEOUT = 10.0
COIL_EVERY = 0.01  # seconds: how exactly the coil is timed


class Road:
    """The simulator's control."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._session = requests.Session()

    def drive(
        self,
        lane: str,
        *,
        cards: Iterable[Mapping[str, str]],
        plate: str,
        region: str,
        occupants: int = 1,
    ) -> int:
        """Let a vehicle come; its driver obeys the light. Return its number."""
        body = {
            "cards": list(cards),
            "plate": plate,
            "region": region,
            "occupants": occupants,
        }
        return int(self._ask("POST", f"/lanes/{lane}/vehicles", body)["vehicle"])

    def lane(self, lane: str) -> Mapping[str, Any]:
        """Return a lane's arm, light, coils and vehicles as they are."""
        found: Mapping[str, Any] = self._ask("GET", f"/lanes/{lane}")
        return found

    def truth(self, after: int = 0) -> list[Mapping[str, Any]]:
        """Return what really happened."""
        return list(self._ask("GET", f"/truth?after={after}")["lines"])

    def when(self, lane: str, vehicle: int, what: str) -> datetime:
        """Wait until something happened to a vehicle; return when it did."""

        def look() -> datetime | None:
            for line in self.truth():
                if (line["lane"], line.get("vehicle"), line["what"]) == (lane, vehicle, what):
                    return datetime.fromisoformat(line["at"])
            return None

        return until(look, f"{what} of vehicle {vehicle} in lane {lane}")

    @contextmanager
    def watching_coil(self, lane: str) -> Iterator[list[float]]:
        """Note in the list when the gate's coil closes, while the block runs."""
        closed: list[float] = []
        over = threading.Event()

        def look() -> None:
            eye = Road(self.address)
            while not over.is_set() and not closed:
                if eye.lane(lane)["coils"]["open"]:
                    closed.append(time.monotonic())
                time.sleep(COIL_EVERY)
            eye.close()

        thread = threading.Thread(target=look, name="coil", daemon=True)
        thread.start()
        try:
            yield closed
        finally:
            over.set()
            thread.join()

    def close(self) -> None:
        """Let go of connections."""
        self._session.close()

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        answer = self._session.request(method, self.address + path, json=body, timeout=TIMEOUT)
        answer.raise_for_status()
        return answer.json()
