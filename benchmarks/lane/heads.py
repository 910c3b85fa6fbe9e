"""Stands in for the site's worker: ``python -m benchmarks.lane.heads DATA KEYS``.

It names the list's generation, keeps the list's file open for writing, as the worker does, and
brings a fresh head every few seconds, until a signal stops it.
"""

import signal
import sys
from pathlib import Path
from threading import Event

from services.lane_gateway.bootstrap.site import site_time
from services.lane_gateway.devices.wake_sockets import WakeSockets
from services.lane_gateway.domain.feed import NewestHead
from services.lane_gateway.persistence.card_file import CardFileWriter
from services.lane_gateway.persistence.carrier import Carrier
from services.lane_gateway.persistence.site_files import SiteFiles
from shared.clock import utc_now
from shared.crypto.keyring import FolderKeyRing
from shared.persistence.engines import sqlite_engine

GENERATION = 1
EVERY = 20.0
"""Seconds between two heads: enrollment signs one at least every thirty."""


def main(data: Path, keys: Path) -> int:
    """Work until a signal comes."""
    stop = Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    files = SiteFiles(folder=data)
    engine = sqlite_engine(files.carrier)
    carrier = Carrier(engine, FolderKeyRing(keys), utc_now)
    waker = WakeSockets(data, files.lanes)
    cards = CardFileWriter(files.cards(GENERATION))
    number, _ = cards.mark()
    while True:
        with carrier() as work:
            work.name_generation(GENERATION)
            work.note_head(_head(number))
            work.commit()
        waker.wake_all()
        if stop.wait(EVERY):
            break
    cards.close()
    waker.close()
    engine.dispose()
    return 0


def _head(number: int) -> NewestHead:
    now = site_time()
    return NewestHead(
        position=number,
        at=now.wall,
        arrived_at=now.wall,
        monotonic=now.monotonic,
        boot_id=now.boot_id,
    )


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
