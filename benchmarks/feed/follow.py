"""Sites that follow the credential feed: ``python -m benchmarks.feed.follow FILE``.

FILE is a list of sites (``SitePlan``). Each has keys, stores and broker connections of its own and
runs two loops of a site's worker: the one that follows the feed, and the one that carries away
what the site reports. They share a process, as two cores have no room for a worker per site.
"""

import json
import signal
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from threading import Event, Thread

from services.lane_gateway.bootstrap.site import migrate_site, pinned_feed_keys, site_time
from services.lane_gateway.config import Config
from services.lane_gateway.devices.wake_sockets import WakeSockets
from services.lane_gateway.messages.feed_follower import FeedFollower
from services.lane_gateway.messages.generations import Generations
from services.lane_gateway.messages.headquarters import Headquarters
from services.lane_gateway.persistence import carrier_tables
from services.lane_gateway.persistence.card_file import CardFileWriter, create_card_file
from services.lane_gateway.persistence.carried_outbox import CarriedOutbox
from services.lane_gateway.persistence.carrier import Carrier
from services.lane_gateway.persistence.site_files import SiteFiles
from services.lane_gateway.use_cases.note_head import NoteHead
from services.lane_gateway.use_cases.report_applied import ReportApplied
from shared.clock import utc_now
from shared.crypto.keyring import FolderKeyRing
from shared.messaging.opening import open_broker
from shared.messaging.relay import Relay
from shared.persistence.engines import sqlite_engine

GENERATION = 1
NOWHERE = Path("/nonexistent")


@dataclass(frozen=True, kw_only=True)
class SitePlan:
    """Where one site keeps its things, and whom it talks to."""

    site: str
    data: str
    keys: str
    feed_keys: str
    enrollment_url: str
    broker_url: str = field(repr=False)

    @property
    def files(self) -> SiteFiles:
        """Return the site's files."""
        return SiteFiles(folder=Path(self.data))

    def config(self) -> Config:
        """Return the settings of the site; it has no lanes and no web here."""
        return Config(
            site=self.site,
            zone="America/Los_Angeles",
            data=Path(self.data),
            keys=Path(self.keys),
            lanes=(),
            broker_url=self.broker_url,
            enrollment_url=self.enrollment_url,
            feed_keys=Path(self.feed_keys),
            vetting_dossier_key=NOWHERE,
            production=False,
            base_url="",
            port=0,
            admin_port=0,
            worker_admin_port=0,
            oidc_staff_url="",
            oidc_client_id="",
            oidc_client_secret_file=NOWHERE,
        )


def write_plans(path: Path, plans: list[SitePlan]) -> None:
    """Write what one process shall run; readable by its owner alone, for the passwords in it."""
    path.touch(mode=0o600)
    path.write_text(json.dumps([asdict(plan) for plan in plans]), encoding="utf-8")


def main(path: Path) -> int:
    """Run all sites of the file until a signal comes."""
    stop = Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    loops = [
        loop
        for plan in json.loads(path.read_text(encoding="utf-8"))
        for loop in _loops(SitePlan(**plan))
    ]
    threads = [Thread(target=loop, args=(stop,)) for loop in loops]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return 0


def _loops(plan: SitePlan) -> list[Callable[[Event], None]]:
    migrate_site(plan.config())
    ring = FolderKeyRing(Path(plan.keys))
    engine = sqlite_engine(plan.files.carrier)
    carrier = Carrier(engine, ring, utc_now)
    broker = open_broker(plan.broker_url, production=False, name=plan.site)
    box = carrier_tables.mailboxes.outbox
    outbox = partial(
        CarriedOutbox, file="carrier", source=engine, outbox=box, carrier=engine, clock=utc_now
    )
    relay = Relay(broker=broker, open_outbox=outbox, source=f"/lane_gateway/{plan.site}")
    waker = WakeSockets(Path(plan.data), list)
    headquarters = Headquarters(
        address=plan.enrollment_url, site=plan.site, ring=ring, clock=utc_now
    )
    keys = pinned_feed_keys(Path(plan.feed_keys))
    path = Generations(
        source=headquarters,
        path_of=plan.files.cards,
        create_empty=create_card_file,
        name=partial(_name, carrier),
        keys=keys,
    ).begin(GENERATION)

    def follow(stop: Event) -> None:
        FeedFollower(
            broker=broker,
            cards=CardFileWriter(path),
            keys=keys,
            entries_after=headquarters.entries,
            on_head=NoteHead(carrier=carrier, clock=site_time, waker=waker),
            on_applied=ReportApplied(site=plan.site, carrier=carrier, clock=utc_now, waker=waker),
        ).run(stop)

    return [follow, relay.run]


def _name(carrier: Carrier, generation: int) -> None:
    with carrier() as work:
        work.name_generation(generation)
        work.commit()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
