"""The shipped reader simulator in a network of its own, with one card that never leaves.

``python -m tests.faults.reader_on_a_cable`` prints its process's id once it runs. Then each line
says what happened and when (monotonic): ``served`` a client, ``free`` again. It ends with its
input.
"""

import json
import os
import sys
import threading
import time

from services.lane_gateway.simulator.reader import ReaderSimulator
from services.lane_gateway.simulator.reader_field import Tag

PORT = 5084
CARD = Tag(epc=bytes(range(12)), tid=b"\xe2\x80\x11\x05" * 3)
LOOK_EVERY = 0.005


def main() -> None:
    """Serve until the input ends."""
    ended = threading.Event()
    threading.Thread(target=_wait_for_end, args=(ended,), daemon=True).start()
    # All addresses: the cable is not there yet.
    with ReaderSimulator(host="0.0.0.0", port=PORT) as reader:  # noqa: S104
        reader.field.place(CARD)
        print(os.getpid(), flush=True)
        before = False
        while not ended.wait(LOOK_EVERY):
            if reader.is_connected != before:
                before = not before
                said = {"what": "served" if before else "free", "at": time.monotonic()}
                print(json.dumps(said), flush=True)


def _wait_for_end(ended: threading.Event) -> None:
    sys.stdin.read()
    ended.set()


if __name__ == "__main__":
    main()
