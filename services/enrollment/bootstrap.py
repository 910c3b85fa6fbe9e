"""The one place where enrollment's parts are chosen and joined."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from threading import Event

from sqlalchemy import Engine
from sqlalchemy.orm import sessionmaker

from services.enrollment.config import KEY_NAMES, Config
from services.enrollment.domain.center import CENTERS
from services.enrollment.domain.policy_rows import POLICY
from services.enrollment.domain.retention import RETENTION
from services.enrollment.messages.feed_relay import FeedRelay
from services.enrollment.messages.handlers import IGNORED, handlers
from services.enrollment.messages.publications import Publications
from services.enrollment.persistence.feed_log import SqlFeedLog
from services.enrollment.persistence.mapping import map_aggregates
from services.enrollment.persistence.queries import SqlQueries
from services.enrollment.persistence.snapshots import SnapshotFolder, WriteSnapshot
from services.enrollment.persistence.tables import audit, mailboxes
from services.enrollment.persistence.tidying import Tidy
from services.enrollment.persistence.unit_of_work import EnrollmentUnitOfWork, conflict_of
from services.enrollment.use_cases.front_door import UseCases, open_front_door
from services.enrollment.use_cases.ports import Transactions, UnitOfWork
from services.enrollment.web.doors import Doors
from services.enrollment.web.site_callers import site_verifier
from shared.clock import Clock, utc_now
from shared.crypto.dossier import seal_dossier
from shared.crypto.feed import KEY as FEED_KEY
from shared.crypto.jwk import PublicKeyForm
from shared.crypto.keyring import FolderKeyRing, KeyRing
from shared.crypto.signing import public_keys, to_jwks
from shared.events import Cause
from shared.ids import NewId, new_id
from shared.messaging.broker import Broker
from shared.messaging.dispatcher import Dispatcher
from shared.messaging.opening import open_broker
from shared.persistence.engines import postgres_engine
from shared.persistence.unit_of_work import Journal
from shared.process.assembly import Stores, message_loops
from shared.process.checkpoints import checkpoint_loop, pinned_keys, witness_handler
from shared.process.retention import retention_loop
from shared.process.worker import Loop, Timer
from shared.web.settings import Issuer, IssuerName, WebSettings

SOURCE = "/enrollment"
QUEUE = "enrollment"
HEAD_BEAT = 5.0  # seconds; a head is due every 20, promised every 30
HOLD_BEAT = 15.0  # seconds; lists leave out a hold that has run out anyway
DAY_BEAT = 600.0  # seconds; what happens at midnight in some zone is noticed within these
SNAPSHOT_BEAT = 60.0  # seconds between looks at how far the feed is ahead of the snapshot
SNAPSHOT_AHEAD = 10_000  # entries that a site can read one by one in a few seconds


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What the service is made of, once a database and keys are there."""

    engine: Engine
    ring: KeyRing = field(repr=False)
    vetting_key: PublicKeyForm = field(repr=False)
    snapshots: SnapshotFolder
    clock: Clock = utc_now
    new_id: NewId = new_id
    random: Callable[[int], bytes] = field(default=secrets.token_bytes, repr=False)

    def stores(self) -> Stores:
        """Return the database with mailboxes and keys."""
        return Stores(engine=self.engine, mailboxes=mailboxes, ring=self.ring, clock=self.clock)

    def queries(self) -> SqlQueries:
        """Return the read models."""
        return SqlQueries(self.engine, self.clock)

    def write_snapshot(self) -> WriteSnapshot:
        """Return what writes snapshots."""
        return WriteSnapshot(
            engine=self.engine, ring=self.ring, folder=self.snapshots, clock=self.clock
        )

    def transactions(self) -> Transactions:
        """Return what opens units of work."""
        map_aggregates()
        sessions = sessionmaker(self.engine, expire_on_commit=False)
        journal = Journal(
            mailboxes=mailboxes,
            audit=audit,
            ring=self.ring,
            translate=Publications(seal=self._seal),
            clock=self.clock,
            new_id=self.new_id,
            conflicts=conflict_of,
        )

        def begin(cause: Cause | None = None) -> UnitOfWork:
            return EnrollmentUnitOfWork(sessions, journal, cause)

        return begin

    def use_cases(self) -> UseCases:
        """Return everything the service can be asked to do."""
        return open_front_door(
            transactions=self.transactions(),
            queries=self.queries(),
            policy=POLICY,
            retention=RETENTION,
            centers=tuple(CENTERS.values()),
            random=self.random,
            clock=self.clock,
            new_id=self.new_id,
        )

    def _seal(self, payload: Mapping[str, object], about: str) -> str:
        return seal_dossier(self.vetting_key, payload, about=about)


def parts(config: Config) -> Parts:
    """Return the parts that the settings name; keys that are missing stop the start."""
    ring = key_ring(config)
    ring.check(KEY_NAMES)
    return Parts(
        engine=postgres_engine(config.database_url),
        ring=ring,
        vetting_key=config.vetting_key(),
        snapshots=SnapshotFolder(folder=config.snapshots),
    )


def key_ring(config: Config) -> FolderKeyRing:
    """Return the service's keys."""
    return FolderKeyRing(config.keys, production=config.production)


def broker(config: Config) -> Broker:
    """Return the broker that the settings name."""
    return open_broker(config.broker_url, production=config.production, name="enrollment")


def settings(made: Parts, config: Config, stop: Event) -> WebSettings:
    """Return the settings of the web application."""
    session, secret = made.ring.active("session"), config.client_secret()
    urls: dict[IssuerName, str] = {
        "people": config.oidc_people_url,
        "staff": config.oidc_staff_url,
    }
    return WebSettings(
        service="enrollment",
        secret_key=session.secret,
        old_secret_keys=tuple(
            key.secret for key in made.ring.every("session") if key.kid != session.kid
        ),
        production=config.production,
        base_url=config.base_url,
        issuers={
            name: Issuer(url=url, client_id=config.oidc_client_id, client_secret=secret)
            for name, url in urls.items()
        },
        verify_client=site_verifier(made.queries(), audience=config.base_url, clock=made.clock),
        stop=stop,
    )


def doors(made: Parts) -> Doors:
    """Return all that pages and interfaces may call."""
    return Doors(
        use_cases=made.use_cases(),
        queries=made.queries(),
        snapshots=made.snapshots,
        policy=POLICY,
        feed_keys=lambda: to_jwks(public_keys(made.ring, FEED_KEY)),
        clock=made.clock,
    )


def dispatcher(made: Parts, config: Config) -> Dispatcher:
    """Return what gives each message to its handler."""
    keep = witness_handler(made.stores().box(), audit, pinned_keys(config.audit_keys))
    witnessed = {f"{name}.checkpoint_signed.v1": keep for name in ("vetting", "lane_gateway")}
    return Dispatcher(
        service="enrollment",
        handlers={**handlers(made.use_cases()), **witnessed},
        ignored=IGNORED,
    )


def loops(made: Parts, config: Config, broker: Broker) -> Mapping[str, Loop]:
    """Return everything that a worker does."""
    use_cases, stores = made.use_cases(), made.stores()
    snapshot = partial(made.write_snapshot().if_stale, entries=SNAPSHOT_AHEAD)
    return {
        **message_loops(
            stores,
            broker=broker,
            queue=QUEUE,
            source=SOURCE,
            dispatcher=dispatcher(made, config),
        ),
        "checkpoints": checkpoint_loop(stores, audit, SOURCE),
        "feed": FeedRelay(broker=broker, open_log=partial(SqlFeedLog, made.engine)),
        "heads": at_once(HEAD_BEAT, use_cases.sign_head),
        "holds": Timer(every=HOLD_BEAT, task=use_cases.expire_holds),
        "calendars": at_once(DAY_BEAT, use_cases.open_calendars),
        "lapses": Timer(every=DAY_BEAT, task=use_cases.lapse_applications),
        "activations": Timer(every=DAY_BEAT, task=use_cases.lapse_cards),
        "birthdays": Timer(every=DAY_BEAT, task=use_cases.move_age_bands),
        "rosters": at_once(DAY_BEAT, use_cases.sign_rosters),
        "retention": retention_loop(use_cases.forget_old_records),
        "reports": Timer(every=DAY_BEAT, task=Tidy(engine=made.engine, clock=made.clock)),
        "snapshots": Timer(every=SNAPSHOT_BEAT, task=snapshot),
    }


def at_once(every: float, task: Callable[[], object]) -> Loop:
    """Return a loop that does its task at the start and then again and again."""

    def run(stop: Event) -> None:
        while not stop.is_set():
            task()
            stop.wait(every)

    return run
