"""The one place where vetting's parts are chosen and joined."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

from flask import Flask
from sqlalchemy import Engine

from services.vetting.config import KEY_NAMES, Config
from services.vetting.domain.retention import RETENTION
from services.vetting.messages.handlers import IGNORED, Handlers
from services.vetting.messages.publications import translate
from services.vetting.persistence.measures import measure
from services.vetting.persistence.queries import SqlQueries
from services.vetting.persistence.tables import audit, mailboxes
from services.vetting.persistence.unit_of_work import conflicts, transactions
from services.vetting.use_cases.ports import Rescreen, Transactions
from services.vetting.use_cases.screen_subjects import ScreenSubjects
from services.vetting.use_cases.screening_people import Screeners
from services.vetting.use_cases.use_cases import UseCases, build
from services.vetting.web.app import create_app
from shared.clock import Clock, utc_now
from shared.crypto.dossier import open_dossier
from shared.crypto.keyring import FolderKeyRing, KeyRing
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
from shared.web.settings import Issuer, WebSettings

SOURCE = "/vetting"
QUEUE = "vetting"
LEASE_BEAT = 5.0  # seconds; a lease lasts half an hour
HOLD_BEAT = 5.0  # seconds; a hold lasts three days
RESCREEN_BEAT = 0.5  # seconds until a new list is looked at: a hold must reach lanes within two
MEASURE_BEAT = 15.0  # seconds; as often as metrics are collected


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What the service is made of, once a database and keys are there."""

    engine: Engine
    ring: KeyRing = field(repr=False)
    clock: Clock = utc_now
    new_id: NewId = new_id

    def stores(self) -> Stores:
        """Return the database with mailboxes and keys."""
        return Stores(engine=self.engine, mailboxes=mailboxes, ring=self.ring, clock=self.clock)

    def queries(self) -> SqlQueries:
        """Return the read models."""
        return SqlQueries(self.engine, self.clock)

    def transactions(self) -> Transactions:
        """Return what opens units of work."""
        journal = Journal(
            mailboxes=mailboxes,
            audit=audit,
            ring=self.ring,
            translate=translate,
            clock=self.clock,
            new_id=self.new_id,
            conflicts=conflicts,
        )
        return transactions(self.engine, journal)

    def use_cases(self) -> UseCases:
        """Return everything the service can be asked to do."""
        return build(self.transactions(), retention=RETENTION, clock=self.clock, new_id=self.new_id)

    def screen_subjects(self) -> ScreenSubjects:
        """Return what screens people from outside."""
        return ScreenSubjects(transactions=self.transactions(), screeners=Screeners())

    def handlers(self) -> Handlers:
        """Return what is done on hearing from others."""
        return Handlers(use_cases=self.use_cases(), open_dossier=self._open)

    def _open(self, token: str, about: str) -> Mapping[str, Any]:
        return open_dossier(self.ring, "dossier", token, about=about, now=self.clock())


def parts(config: Config) -> Parts:
    """Return the parts that the settings name; keys that are missing stop the start."""
    ring = key_ring(config)
    ring.check(KEY_NAMES)
    return Parts(engine=postgres_engine(config.database_url), ring=ring)


def key_ring(config: Config) -> FolderKeyRing:
    """Return the service's keys."""
    return FolderKeyRing(config.keys, production=config.production)


def broker(config: Config) -> Broker:
    """Return the broker that the settings name."""
    return open_broker(config.broker_url, production=config.production, name="vetting")


def web(made: Parts, config: Config, stop: Event) -> Flask:
    """Return the web application."""
    settings = WebSettings(
        service="vetting",
        secret_key=made.ring.active("session").secret,
        old_secret_keys=_old_session_keys(made.ring),
        production=config.production,
        base_url=config.base_url,
        issuers={
            "staff": Issuer(
                url=config.oidc_staff_url,
                client_id=config.oidc_client_id,
                client_secret=config.client_secret(),
            )
        },
        clock=made.clock,
        stop=stop,
    )
    return create_app(made.use_cases(), made.queries(), settings)


def documented() -> Flask:
    """Return an application for its OpenAPI document and the guards; it reaches nothing."""
    engine = postgres_engine("postgresql+psycopg://nowhere/vetting")
    made = Parts(engine=engine, ring=FolderKeyRing(Path("nowhere")))
    nobody = Issuer(url="http://localhost", client_id="none", client_secret="")
    settings = WebSettings(
        service="vetting",
        secret_key=bytes(32),
        production=False,
        base_url="http://localhost",
        issuers={"people": nobody, "staff": nobody},
    )
    return create_app(made.use_cases(), made.queries(), settings)


def dispatcher(made: Parts, config: Config) -> Dispatcher:
    """Return what gives each message to its handler."""
    keep = witness_handler(made.stores().box(), audit, pinned_keys(config.audit_keys))
    witnessed = {f"{name}.checkpoint_signed.v1": keep for name in ("enrollment", "lane_gateway")}
    return Dispatcher(
        service="vetting",
        handlers={**made.handlers().table(), **witnessed},
        ignored=IGNORED,
    )


def loops(made: Parts, config: Config, broker: Broker) -> Mapping[str, Loop]:
    """Return everything that a worker does."""
    use_cases, stores = made.use_cases(), made.stores()
    return {
        **message_loops(
            stores,
            broker=broker,
            queue=QUEUE,
            source=SOURCE,
            dispatcher=dispatcher(made, config),
        ),
        "checkpoints": checkpoint_loop(stores, audit, SOURCE),
        "leases": Timer(every=LEASE_BEAT, task=use_cases.lose_leases),
        "holds": Timer(every=HOLD_BEAT, task=use_cases.expire_holds),
        "rescreens": Timer(every=RESCREEN_BEAT, task=partial(until_done, use_cases)),
        "retention": retention_loop(use_cases.forget_old_records),
        "measures": Timer(every=MEASURE_BEAT, task=partial(measure, made.queries())),
    }


def until_done(use_cases: UseCases, *, say: Callable[[Rescreen], object] | None = None) -> None:
    """Go on with re-screening until nothing is left to be done."""
    while (run := use_cases.continue_rescreen()) is not None:
        if say is not None and run.finished_at is not None:
            say(run)


def _old_session_keys(ring: KeyRing) -> tuple[bytes, ...]:
    return tuple(key.secret for key in ring.every("session") if key.state == "retired")
