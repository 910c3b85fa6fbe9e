"""``make drive``: let a car drive up to a lane of the running demo, and say what happens to it."""

import argparse
import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from deploy.local.paths import RUN

WORDS = {
    "placed": "the car is on its way",
    "card_in_field": "the reader sees the card",
    "plate_read": "the camera reads the plate",
    "at_gate": "the car stands at the gate",
    "under_arm": "the car drives under the raised arm",
    "passed": "the car has passed",
    "turned_back": "the car has gone back",
}
ENDS = frozenset({"passed", "turned_back"})
PATIENCE = 600.0  # seconds that the car waits for an officer
LOOK_EVERY = 0.3
TIMEOUT = 5.0


def main() -> int:
    """Drive one car; 0 once it has left, 1 if the demo does not run or refuses."""
    parser = argparse.ArgumentParser(prog="make drive", description=__doc__)
    parser.add_argument("--folder", type=Path, default=RUN, help="the demo's folder")
    parser.add_argument("--lane", default="l1")
    parser.add_argument("--epc", action="append", default=[], help="a card's number; repeatable")
    parser.add_argument("--tid", action="append", default=[], help="that card's chip number")
    parser.add_argument("--plate", default="")
    parser.add_argument("--region", default="CA", help="as a camera names it, such as CA or BCN")
    parser.add_argument("--back", action="store_true", help="have the waiting cars back out")
    chosen = parser.parse_args()
    try:
        control = json.loads((chosen.folder / "simulator.json").read_text())["control"]
        return _back_out(control, chosen.lane) if chosen.back else _drive(control, chosen)
    except FileNotFoundError:
        print("No demo runs here; start one with 'make demo'.", file=sys.stderr)
    except HTTPError as error:
        print(f"The simulator refuses: {error.read().decode()}", file=sys.stderr)
    except (URLError, OSError) as error:
        print(f"The simulator does not answer: {error}", file=sys.stderr)
    except KeyboardInterrupt:
        print("The car stays where it is; 'make drive BACK=1' has it back out.")
    return 1


def _drive(control: str, chosen: argparse.Namespace) -> int:
    cards = [{"epc": epc, "tid": tid} for epc, tid in zip(chosen.epc, chosen.tid, strict=True)]
    body = {"cards": cards, "plate": chosen.plate, "region": chosen.region}
    vehicle = _ask(control, "POST", f"/lanes/{chosen.lane}/vehicles", body)["vehicle"]
    seen, end = 0, time.monotonic() + PATIENCE
    while time.monotonic() < end:
        for line in _ask(control, "GET", f"/truth?after={seen}")["lines"]:
            seen = line["number"]
            if line.get("vehicle") == vehicle and line["what"] in WORDS:
                print(WORDS[line["what"]], flush=True)
                if line["what"] in ENDS:
                    return 0
        time.sleep(LOOK_EVERY)
    print("Nobody let the car pass.", file=sys.stderr)
    return 1


def _back_out(control: str, lane: str) -> int:
    for vehicle in _ask(control, "GET", f"/lanes/{lane}")["vehicles"]:
        path = f"/lanes/{lane}/vehicles/{vehicle['vehicle']}"
        _ask(control, "POST", path, {"driver": "back"})
    return 0


def _ask(control: str, method: str, path: str, body: Mapping[str, object] | None = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = Request(control + path, data=data, method=method)  # noqa: S310 - the demo's own file
    request.add_header("Content-Type", "application/json")
    with urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310 - the demo's own file
        return json.loads(answer.read())


if __name__ == "__main__":
    sys.exit(main())
