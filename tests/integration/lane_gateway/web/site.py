"""A site on real files, with a web application and an agent that is only a voice."""

import base64
import io
import json
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from shutil import copytree
from typing import Any
from uuid import UUID

from flask import Flask
from PIL import Image
from sqlalchemy import insert, select

from services.lane_gateway.bootstrap.passkeys import passkey_use_cases, voucher
from services.lane_gateway.bootstrap.site import MIGRATIONS
from services.lane_gateway.domain.visit import Visit
from services.lane_gateway.messages.publications import desk_translator, lane_translator
from services.lane_gateway.messages.roster_reader import roster_reader
from services.lane_gateway.persistence.carrier import Carrier
from services.lane_gateway.persistence.desk import DeskStore
from services.lane_gateway.persistence.desk_tables import audit, lanes, mailboxes
from services.lane_gateway.persistence.lane_record import LaneRecordFile
from services.lane_gateway.persistence.people_file import PeopleFile
from services.lane_gateway.persistence.queries import SiteReads
from services.lane_gateway.persistence.queries_access import DeskAccessLog
from services.lane_gateway.persistence.queries_people import SiteHolderRecords
from services.lane_gateway.persistence.roster_file import RosterFile
from services.lane_gateway.persistence.site_files import SiteFiles
from services.lane_gateway.persistence.site_seal import SiteSeal
from services.lane_gateway.use_cases.acknowledge_alarm import AcknowledgeAlarm
from services.lane_gateway.use_cases.arrive_at_secondary import ArriveAtSecondary
from services.lane_gateway.use_cases.command_lane import CommandLane
from services.lane_gateway.use_cases.find_display_record import FindDisplayRecord
from services.lane_gateway.use_cases.find_missing_vehicles import FindMissingVehicles
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
from shared.crypto.feed import KEY
from shared.crypto.jwk import public_jwk
from shared.crypto.keyring import FolderKeyRing
from shared.crypto.roster import sign_roster
from shared.crypto.signing import public_keys
from shared.crypto.site_seal import seal_to_site
from shared.errors import NotFound
from shared.ids import new_id
from shared.persistence.engines import sqlite_engine
from shared.persistence.migrate import migrate
from shared.web.settings import Issuer, WebSettings
from tests.integration.lane_gateway.web.voice import VoiceOfAgent
from tests.unit.lane_gateway.web.compiled import COMPILED

SITE = "sym"
LANES = ("l1", "l2")
ZONE = "America/Los_Angeles"
BASE_URL = "http://localhost:8003"
KEYS = ("kek", "session", "audit-signing", "site", "client", "feed-signing")
"""The site's own, and in place of headquarters the one that signs rosters."""


class NotedWaker:
    """Notes which lanes were woken."""

    def __init__(self) -> None:
        self.woken: list[str] = []

    def wake(self, lane: str) -> None:
        self.woken.append(lane)

    def wake_all(self) -> None:
        self.woken.append("all")


@dataclass
class FarHeadquarters:
    """Headquarters with the records that a test gave it."""

    records: dict[UUID, dict[str, object]] = field(default_factory=dict)
    asked: list[UUID] = field(default_factory=list)
    fail: Exception | None = None

    def display_record(self, credential_id: UUID) -> dict[str, object]:
        self.asked.append(credential_id)
        if self.fail is not None:
            raise self.fail
        if credential_id not in self.records:
            raise NotFound("No record")
        return self.records[credential_id]


@dataclass
class Site:
    """One site with everything that a test needs to look at."""

    files: SiteFiles
    ring: FolderKeyRing
    desk: DeskStore
    reads: SiteReads
    holders: SiteHolderRecords
    hub: LiveHub
    waker: NotedWaker
    headquarters: FarHeadquarters
    use_cases: UseCases
    rosters: RosterFile
    app: Flask

    @classmethod
    def build(cls, folder: Path, *, template: Path | None = None, **web: Any) -> "Site":
        """Build a site in ``folder``, with the empty files of ``template`` if there are any."""
        ring = FolderKeyRing(folder / "keys", for_demo=True)
        ring.ensure(KEYS)
        data = folder / "site"
        files = SiteFiles(folder=data)
        if template is None:
            make_files(files)
        else:
            copytree(template, data)
        desk = DeskStore(
            sqlite_engine(files.desk),
            ring=ring,
            clock=utc_now,
            translate=desk_translator(vetting_key=public_jwk(ring, "site"), new_id=new_id),
        )
        reads, hub = SiteReads(files, ring=ring), LiveHub(data / "web-live.sock")
        holders = SiteHolderRecords(files.people, ring=ring, site=SITE)
        waker, headquarters = NotedWaker(), FarHeadquarters()
        access = DeskAccessLog(desk)
        command = CommandLane(desk=desk, waker=waker, clock=utc_now, new_id=new_id)
        base_url = str(web.get("base_url", BASE_URL))
        rosters = RosterFile(files.carrier, roster_reader(lambda: public_keys(ring, KEY), SITE))
        use_cases = UseCases(
            command=command,
            sign_on=SignOnToLane(desk=desk, waker=waker, clock=utc_now),
            sign_off=SignOffLane(desk=desk, waker=waker),
            set_mode=SetLaneMode(desk=desk, waker=waker),
            plan=PlanLane(desk=desk, clock=utc_now, new_id=new_id),
            arrive=ArriveAtSecondary(desk=desk, clock=utc_now),
            inspect=RecordInspection(desk=desk, clock=utc_now),
            release=ReleaseVisit(desk=desk, clock=utc_now),
            acknowledge=AcknowledgeAlarm(reads=reads, desk=desk, clock=utc_now),
            find_record=FindDisplayRecord(records=holders, headquarters=headquarters),
            show_record=ShowDisplayRecord(access=access),
            show_passage=ShowPassage(reads=reads, access=access),
            passkeys=passkey_use_cases(
                desk=desk, rosters=rosters, command=command, base_url=base_url
            ),
        )
        nowhere = Issuer(url="http://localhost:9", client_id="lanes", client_secret="s")
        settings = WebSettings(
            service="lane_gateway",
            secret_key=ring.active("session").secret,
            production=False,
            issuers={"people": nowhere, "staff": nowhere},
            vouched=voucher(use_cases.passkeys.trust),
            **{"base_url": base_url, **web},
        )
        app = create_app(use_cases, reads, hub, SiteSettings(web=settings, site=SITE, zone=ZONE))
        app.jinja_env.bytecode_cache = COMPILED
        return cls(
            files, ring, desk, reads, holders, hub, waker, headquarters, use_cases, rosters, app
        )

    def agent(self, lane: str = "l1") -> VoiceOfAgent:
        return VoiceOfAgent(self.files.folder / "web-live.sock", lane, now=utc_now)

    def record_of(self, lane: str) -> LaneRecordFile:
        return LaneRecordFile(
            self.files.lane(lane),
            lane=lane,
            seal=SiteSeal(self.ring),
            translate=lane_translator(clock=utc_now),
            new_id=new_id,
        )

    def keep_record(self, credential_id: UUID, version: int = 1, **changes: Any) -> None:
        engine = sqlite_engine(self.files.people)
        sealed = self.sealed_record(credential_id, version, **changes)
        PeopleFile(engine, utc_now).keep(credential_id, version, sealed)
        engine.dispose()

    def forget_record(self, credential_id: UUID) -> None:
        engine = sqlite_engine(self.files.people)
        PeopleFile(engine, utc_now).erase([credential_id])
        engine.dispose()

    def sealed_record(self, credential_id: UUID, version: int = 1, **changes: Any) -> str:
        plain = {
            "name": "Ana Luz Robles Vega",
            "birth_year": 1988,
            "photo": base64.b64encode(a_picture()).decode(),
            "passid": "123456789",
            "plates": [{"region": "US-CA", "plate": "7ABC123"}],
            "chip_key": None,
        }
        about = f"display_record {credential_id} {version}"
        data = json.dumps(plain | changes).encode()
        return seal_to_site(public_jwk(self.ring, "site"), data, site=SITE, about=about)

    def sent(self, kind: str) -> list[Any]:
        """Return the desk's outgoing messages of a type."""
        outbox = mailboxes.outbox
        with self.desk.engine.connect() as connection:
            return list(connection.execute(select(outbox).where(outbox.c.type == kind)))

    def audit_lines(self, event: str) -> list[tuple[str, str]]:
        """Return actor and lines of the desk's audit entries that name an event."""
        with self.desk.engine.connect() as connection:
            rows = connection.execute(select(audit.entries.c.actor, audit.entries.c.lines)).all()
        return [(actor, lines) for actor, lines in rows if event in lines]

    def keep_roster(
        self, entries: list[dict[str, Any]], *, number: int = 1, **changes: Any
    ) -> None:
        """Sign a roster as headquarters does, and keep it as the worker does."""
        known = {"site": SITE, "number": number, "entries": entries, "now": utc_now()}
        statement = sign_roster(self.ring, **{**known, **changes})
        engine = sqlite_engine(self.files.carrier)
        with Carrier(engine, self.ring, utc_now)() as work:
            work.keep_roster(number, statement)
            work.commit()
        engine.dispose()

    def miss_a_vehicle(self) -> None:
        """Let a vehicle be sent to secondary and not arrive."""
        sent_at = utc_now() - timedelta(minutes=4)
        with self.desk() as work:
            visit = Visit.expect(
                new_id(),
                passage_id=new_id(),
                lane="l1",
                credential_ids=[],
                officer="boris",
                now=sent_at,
            )
            work.visits.add(visit)
            work.commit()
        FindMissingVehicles(desk=self.desk, clock=utc_now)()

    def close(self) -> None:
        self.app.extensions["trustlane_lanes"].holders.close()
        self.hub.close()
        self.reads.close()
        self.holders.close()
        self.rosters.close()
        self.desk.engine.dispose()


def make_files(files: SiteFiles) -> None:
    """Make the empty files of a site with its lanes."""
    files.folder.mkdir()
    paths = {"desk": [files.desk], "carrier": [files.carrier], "people": [files.people]}
    paths["lane"] = [files.lane(lane) for lane in LANES]
    for store, each in paths.items():
        for path in each:
            engine = sqlite_engine(path)
            migrate(engine, MIGRATIONS / store)
            engine.dispose()
    desk = sqlite_engine(files.desk)
    with desk.begin() as connection:
        connection.execute(insert(lanes), [a_lane_row(lane) for lane in LANES])
    desk.dispose()


def a_lane_row(lane: str) -> dict[str, object]:
    return {
        "lane": lane,
        "mode": "attended",
        "lane_type": "sentri",
        "direction": "inbound",
        "zone": ZONE,
        "counter_grants_automatic": 0,
        "version": 1,
    }


def a_picture(colour: str = "steelblue") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (240, 300), colour).save(out, "JPEG")
    return out.getvalue()
