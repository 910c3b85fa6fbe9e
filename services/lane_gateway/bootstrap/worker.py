"""The site's worker: follows the feed, takes messages in, carries records away."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from threading import Event

from sqlalchemy import Engine, Table

from services.lane_gateway.bootstrap.command_line import site_chains
from services.lane_gateway.bootstrap.site import (
    key_ring,
    migrate_site,
    only_one,
    pinned_feed_keys,
    site_files,
    site_time,
)
from services.lane_gateway.config import Config
from services.lane_gateway.devices.wake_sockets import WakeSockets
from services.lane_gateway.messages.feed_follower import DoesNotJoin, FeedFollower
from services.lane_gateway.messages.generations import Generations
from services.lane_gateway.messages.handlers import IGNORED, handlers
from services.lane_gateway.messages.headquarters import Headquarters
from services.lane_gateway.messages.roster_reader import roster_reader
from services.lane_gateway.messages.site_checkpoints import SignSiteCheckpoints
from services.lane_gateway.persistence import carrier_tables, desk_tables, lane_tables
from services.lane_gateway.persistence.card_file import CardFileWriter, create_card_file
from services.lane_gateway.persistence.carried_outbox import CarriedOutbox
from services.lane_gateway.persistence.carrier import Carrier, SiteState
from services.lane_gateway.persistence.people_file import PeopleFile
from services.lane_gateway.persistence.site_files import SiteFiles
from services.lane_gateway.use_cases.drop_display_record import DropDisplayRecord
from services.lane_gateway.use_cases.erase_person import ErasePerson
from services.lane_gateway.use_cases.note_head import NoteHead
from services.lane_gateway.use_cases.receive_display_record import ReceiveDisplayRecord
from services.lane_gateway.use_cases.receive_roster import ReceiveRoster
from services.lane_gateway.use_cases.report_applied import ReportApplied
from shared.clock import utc_now
from shared.crypto.keyring import FolderKeyRing
from shared.messaging.broker import Broker
from shared.messaging.consumer import Consumer
from shared.messaging.dead_letters import DeadLetters
from shared.messaging.dispatcher import Dispatcher
from shared.messaging.letter_box import LetterBox
from shared.messaging.opening import open_broker
from shared.messaging.postponed import Postponed
from shared.messaging.relay import Relay
from shared.messaging.topology import dead_letter_queue, site_queue
from shared.persistence.engines import sqlite_engine
from shared.process.assembly import RETRY_EVERY, broker_check
from shared.process.checkpoints import SIGN_EVERY
from shared.process.worker import Loop, Timer, run_worker
from shared.web.health import admin_server

KEPT_GENERATIONS = 2  # the current list, and the one that a lane may be reading still


def run(config: Config) -> int:
    """Run the worker until a signal stops it."""
    migrate_site(config)
    with ExitStack() as stack:
        stack.callback(only_one(config, "worker"))
        ring = key_ring(config)
        broker = open_broker(config.broker_url, production=config.production)
        stack.callback(broker.close)
        loops = _loops(config, ring, broker, stack)
        stack.enter_context(
            admin_server(config.worker_admin_port, {"broker": broker_check(broker)})
        )
        return run_worker("lane_gateway", loops)


def dead_letters(config: Config) -> DeadLetters:
    """Return the site's dead letters, for the command line."""
    engine = sqlite_engine(site_files(config).carrier)
    return DeadLetters(LetterBox(engine, carrier_tables.mailboxes, key_ring(config), utc_now))


def _loops(
    config: Config, ring: FolderKeyRing, broker: Broker, stack: ExitStack
) -> Mapping[str, Loop]:
    files = site_files(config)
    engines = _engines(files, config, stack)
    carrier = Carrier(engines["carrier"][0], ring, utc_now)
    records = PeopleFile(engines.pop("people")[0], utc_now)
    waker = WakeSockets(config.data, lambda: [lane.id for lane in config.lanes])
    stack.callback(waker.close)
    dispatcher = Dispatcher(
        service="lane_gateway",
        handlers=handlers(
            receive=ReceiveDisplayRecord(carrier=carrier, records=records),
            drop=DropDisplayRecord(carrier=carrier, records=records),
            erase=ErasePerson(site=config.site, carrier=carrier, records=records, clock=utc_now),
            roster=ReceiveRoster(
                carrier=carrier,
                read=roster_reader(pinned_feed_keys(config.feed_keys), config.site),
            ),
        ),
        ignored=IGNORED,
    )
    box = LetterBox(engines["carrier"][0], carrier_tables.mailboxes, ring, utc_now)
    queue = site_queue(config.site)
    consumer = Consumer(
        broker=broker,
        queue=queue,
        dispatcher=dispatcher,
        postponed=Postponed(box),
        dead_letters=DeadLetters(box),
    )
    feed = _feed(config, ring, broker, carrier=carrier, waker=waker)
    relays = {
        f"relay-{name}": _relay(config, broker, name, table, source=source, carrier=carrier.engine)
        for name, (source, table) in engines.items()
    }
    return {
        "feed": feed,
        "consumer": consumer.run,
        "net": partial(consumer.run_net, dead_letter_queue(queue)),
        "retry": Timer(every=RETRY_EVERY, task=consumer.retry_due),
        "checkpoints": Timer(every=SIGN_EVERY, task=_checkpoints(config, ring, carrier, stack)),
        **relays,
    }


def _checkpoints(
    config: Config, ring: FolderKeyRing, carrier: Carrier, stack: ExitStack
) -> SignSiteCheckpoints:
    chains = site_chains(config)
    for _, engine, _ in chains:
        stack.callback(engine.dispose)
    return SignSiteCheckpoints(
        begin=carrier, chains=chains, own=carrier_tables.audit, ring=ring, clock=utc_now
    )


def _engines(files: SiteFiles, config: Config, stack: ExitStack) -> dict[str, tuple[Engine, Table]]:
    """Return every file with its outbox; only the worker's own are open for writing."""
    engines = {
        "carrier": (sqlite_engine(files.carrier), carrier_tables.mailboxes.outbox),
        "people": (sqlite_engine(files.people), carrier_tables.mailboxes.outbox),
        "desk": (sqlite_engine(files.desk, read_only=True), desk_tables.mailboxes.outbox),
    }
    for lane in config.lanes:
        engine = sqlite_engine(files.lane(lane.id), read_only=True)
        engines[f"lane-{lane.id}"] = (engine, lane_tables.outbox)
    for engine, _ in engines.values():
        stack.callback(engine.dispose)
    return engines


def _relay(
    config: Config, broker: Broker, name: str, table: Table, *, source: Engine, carrier: Engine
) -> Loop:
    open_outbox = partial(
        CarriedOutbox, file=name, source=source, outbox=table, carrier=carrier, clock=utc_now
    )
    return Relay(broker=broker, open_outbox=open_outbox, source=f"/lane_gateway/{config.site}").run


def _feed(
    config: Config, ring: FolderKeyRing, broker: Broker, *, carrier: Carrier, waker: WakeSockets
) -> Loop:
    files = site_files(config)
    headquarters = Headquarters(
        address=config.enrollment_url, site=config.site, ring=ring, clock=utc_now
    )
    keys = pinned_feed_keys(config.feed_keys)
    generations = Generations(
        source=headquarters,
        path_of=files.cards,
        create_empty=create_card_file,
        name=partial(_name_generation, carrier),
        keys=keys,
    )
    note_head = NoteHead(carrier=carrier, clock=site_time, waker=waker)
    report = ReportApplied(site=config.site, carrier=carrier, clock=utc_now, waker=waker)

    def follow(stop: Event) -> None:
        path, generation = _current(files, generations)
        cards = CardFileWriter(path)
        follower = FeedFollower(
            broker=broker,
            cards=cards,
            keys=keys,
            entries_after=headquarters.entries,
            on_head=note_head,
            on_applied=report,
        )
        try:
            follower.run(stop)
        except DoesNotJoin:
            generations.begin(generation + 1)
            _remove_old(files.cards, generation + 1)
        finally:
            cards.close()

    return follow


def _current(files: SiteFiles, generations: Generations) -> tuple[Path, int]:
    state = SiteState(files.carrier)
    generation = state.generation()
    state.close()
    if generation and files.cards(generation).exists():
        return files.cards(generation), generation
    return generations.begin(generation + 1), generation + 1


def _remove_old(path_of: Callable[[int], Path], current: int) -> None:
    for generation in range(1, current - KEPT_GENERATIONS + 1):
        for suffix in ("", "-wal", "-shm"):
            path = path_of(generation)
            path.with_name(path.name + suffix).unlink(missing_ok=True)


def _name_generation(carrier: Carrier, generation: int) -> None:
    with carrier() as work:
        work.name_generation(generation)
        work.commit()
