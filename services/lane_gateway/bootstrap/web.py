"""The site's web: pages and API of booths, secondary and the port."""

from collections.abc import Callable, Mapping
from functools import partial
from threading import Event, Thread
from typing import Any

from flask import Flask

from services.lane_gateway.bootstrap.passkeys import passkey_use_cases, voucher
from services.lane_gateway.bootstrap.site import (
    LIVE_SOCKET,
    first_key,
    key_ring,
    migrate_site,
    only_one,
    pinned_feed_keys,
    site_files,
)
from services.lane_gateway.config import Config
from services.lane_gateway.devices.wake_sockets import WakeSockets, socket_path
from services.lane_gateway.domain.retention import RETENTION
from services.lane_gateway.messages.headquarters import Headquarters
from services.lane_gateway.messages.publications import desk_translator
from services.lane_gateway.messages.roster_reader import roster_reader
from services.lane_gateway.persistence.carried_rows import CLEAN_EVERY
from services.lane_gateway.persistence.desk import DeskStore
from services.lane_gateway.persistence.queries import SiteReads
from services.lane_gateway.persistence.queries_access import DeskAccessLog
from services.lane_gateway.persistence.queries_people import SiteHolderRecords
from services.lane_gateway.persistence.roster_file import RosterFile
from services.lane_gateway.use_cases.acknowledge_alarm import AcknowledgeAlarm
from services.lane_gateway.use_cases.arrive_at_secondary import ArriveAtSecondary
from services.lane_gateway.use_cases.command_lane import CommandLane
from services.lane_gateway.use_cases.find_display_record import FindDisplayRecord
from services.lane_gateway.use_cases.find_missing_vehicles import FindMissingVehicles
from services.lane_gateway.use_cases.forget_old_words import ForgetOldWords
from services.lane_gateway.use_cases.keep_schedules import KeepSchedules
from services.lane_gateway.use_cases.plan_lane import PlanLane
from services.lane_gateway.use_cases.record_inspection import RecordInspection
from services.lane_gateway.use_cases.release_visit import ReleaseVisit
from services.lane_gateway.use_cases.set_lane_mode import SetLaneMode
from services.lane_gateway.use_cases.show_display_record import ShowDisplayRecord
from services.lane_gateway.use_cases.show_passage import ShowPassage
from services.lane_gateway.use_cases.sign_off_lane import SignOffLane
from services.lane_gateway.use_cases.sign_on_to_lane import SignOnToLane
from services.lane_gateway.web.app import SiteSettings, UseCases, create_app
from services.lane_gateway.web.live_hub import LiveHub
from shared.clock import utc_now
from shared.crypto.keyring import FolderKeyRing
from shared.ids import new_id
from shared.persistence.engines import sqlite_engine
from shared.process.retention import retention_loop
from shared.process.worker import Loop, Timer, keep_running
from shared.web.openapi import openapi as document_of
from shared.web.principal import Principal
from shared.web.serving import serve
from shared.web.settings import Issuer, WebSettings

SCREENS = 48  # booths, secondary and supervisors of a port; each holds one thread
THREADS = SCREENS + 16
LOOK_AT_SCHEDULES_EVERY = 2.0  # seconds that a planned change may be late
LOOK_FOR_MISSING_EVERY = 5.0  # seconds: a vehicle is missing after three minutes


def run(config: Config) -> int:
    """Serve until a signal stops the process; a second one at a site is refused."""
    migrate_site(config)
    release = only_one(config, "web")
    stop = Event()
    checks: dict[str, Callable[[], None]] = {}
    try:
        serve(
            lambda: _load(config, stop, checks),
            port=config.port,
            admin_port=config.admin_port,
            checks=checks,
            stop=stop,
            threads=THREADS,
        )
    finally:
        release()
    return 0


def openapi() -> Mapping[str, object]:
    """Return the OpenAPI document; nothing is opened for it."""
    settings = WebSettings(
        service="lane_gateway", secret_key=bytes(32), production=False, base_url="", issuers={}
    )
    nothing: Any = None
    app = create_app(nothing, nothing, nothing, SiteSettings(web=settings, site="site", zone="UTC"))
    return document_of(app)


def _load(config: Config, stop: Event, checks: dict[str, Callable[[], None]]) -> Flask:
    ring, files = key_ring(config), site_files(config)
    translate = desk_translator(vetting_key=first_key(config.vetting_dossier_key), new_id=new_id)
    desk = DeskStore(sqlite_engine(files.desk), ring=ring, clock=utc_now, translate=translate)
    reads = SiteReads(files, ring=ring)
    hub = LiveHub(socket_path(files.folder, LIVE_SOCKET))
    hub.start()
    keep = KeepSchedules(reads=reads, desk=desk, waker=_waker(config), clock=utc_now)
    timers: dict[str, Loop] = {
        "schedules": Timer(every=LOOK_AT_SCHEDULES_EVERY, task=keep),
        "missing": Timer(
            every=LOOK_FOR_MISSING_EVERY, task=FindMissingVehicles(desk=desk, clock=utc_now)
        ),
        "carried": Timer(every=CLEAN_EVERY, task=partial(desk.forget_carried, files.carrier)),
        "retention": retention_loop(ForgetOldWords(desk=desk, retention=RETENTION, clock=utc_now)),
    }
    for name, timer in timers.items():
        Thread(
            target=keep_running, args=("lane_gateway", name, timer, stop), name=name, daemon=True
        ).start()
    checks |= {"desk": lambda: _ask(reads.lanes), "live": hub.check}
    use_cases = _use_cases(config, ring, desk, reads)
    settings = _settings(config, ring, stop, vouched=voucher(use_cases.passkeys.trust))
    return create_app(use_cases, reads, hub, settings)


def _ask(read: Callable[[], object]) -> None:
    read()


def _settings(
    config: Config, ring: FolderKeyRing, stop: Event, *, vouched: Callable[[Principal], bool]
) -> SiteSettings:
    secret = config.oidc_client_secret_file.read_text(encoding="utf-8").strip()
    staff = Issuer(url=config.oidc_staff_url, client_id=config.oidc_client_id, client_secret=secret)
    web = WebSettings(
        service="lane_gateway",
        secret_key=ring.active("session").secret,
        production=config.production,
        base_url=config.base_url,
        issuers={"staff": staff},
        vouched=vouched,
        stop=stop,
        max_streams=SCREENS,
    )
    return SiteSettings(web=web, site=config.site, zone=config.zone)


def _waker(config: Config) -> WakeSockets:
    return WakeSockets(config.data, lambda: [lane.id for lane in config.lanes])


def _use_cases(config: Config, ring: FolderKeyRing, desk: DeskStore, reads: SiteReads) -> UseCases:
    files = site_files(config)
    waker = _waker(config)
    headquarters = Headquarters(
        address=config.enrollment_url, site=config.site, ring=ring, clock=utc_now
    )
    records = SiteHolderRecords(files.people, ring=ring, site=config.site)
    access = DeskAccessLog(desk)
    command = CommandLane(desk=desk, waker=waker, clock=utc_now, new_id=new_id)
    read_roster = roster_reader(pinned_feed_keys(config.feed_keys), config.site)
    return UseCases(
        command=command,
        sign_on=SignOnToLane(desk=desk, waker=waker, clock=utc_now),
        sign_off=SignOffLane(desk=desk, waker=waker),
        set_mode=SetLaneMode(desk=desk, waker=waker),
        plan=PlanLane(desk=desk, clock=utc_now, new_id=new_id),
        arrive=ArriveAtSecondary(desk=desk, clock=utc_now),
        inspect=RecordInspection(desk=desk, clock=utc_now),
        release=ReleaseVisit(desk=desk, clock=utc_now),
        acknowledge=AcknowledgeAlarm(reads=reads, desk=desk, clock=utc_now),
        find_record=FindDisplayRecord(records=records, headquarters=headquarters),
        show_record=ShowDisplayRecord(access=access),
        show_passage=ShowPassage(reads=reads, access=access),
        passkeys=passkey_use_cases(
            desk=desk,
            rosters=RosterFile(files.carrier, read_roster),
            command=command,
            base_url=config.base_url,
        ),
    )
