"""Chips are challenged by the whole agent; keys of single chips are all that a site has."""

import json
import secrets
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from services.lane_gateway.agent.chip_check import ChipParts
from services.lane_gateway.agent.key_finder import KeyFinder
from services.lane_gateway.bootstrap.site import (
    KEYS,
    MIGRATIONS,
    MasterKeyHere,
    key_ring,
    migrate_site,
    site_files,
)
from services.lane_gateway.config import Config, SettingMissing
from services.lane_gateway.devices.chip import LlrpChipAuthenticator
from services.lane_gateway.devices.llrp.reader import LlrpReader
from services.lane_gateway.domain.events import ChipChallenged, ChipJudged
from services.lane_gateway.persistence.chip_keys import SiteChipKeys
from services.lane_gateway.persistence.desk_reader import DeskReader
from services.lane_gateway.persistence.people_file import PeopleFile
from services.lane_gateway.persistence.site_seal import SiteSeal
from services.lane_gateway.simulator.reader_chip import ChipManner, SimulatedChip
from services.lane_gateway.simulator.vehicle import Driver, SimulatedCard
from shared.crypto.chip_keys import chip_key
from shared.crypto.jwk import public_half
from shared.crypto.keyring import FolderKeyRing
from shared.crypto.site_seal import seal_to_site
from shared.crypto.tampering import Tampered
from shared.persistence.engines import sqlite_engine
from shared.persistence.migrate import migrate
from tests.integration.lane_gateway.running_lane import RunningLane
from tests.unit.lane_gateway.builders import a_lane, epc_of, named, tid_of

SITE = "otay"
MASTER = secrets.token_bytes(32)
KEY = chip_key(MASTER, tid_of("ana"))


class Site:
    """The site's folder of keys, and its file of display records."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ring = FolderKeyRing(folder / "keys")
        self.ring.ensure(KEYS)
        self.path = folder / "people.db"
        engine = sqlite_engine(self.path)
        migrate(engine, MIGRATIONS / "people")
        self.people = PeopleFile(engine, lambda: datetime.now(UTC))
        self.keys = SiteChipKeys(self.path, ring=self.ring, site=SITE)

    def keep(self, credential_id: UUID, key: object, *, version: int = 1) -> None:
        about = f"display_record {credential_id} {version}"
        public = public_half(self.ring.active("site"))
        data = json.dumps({"name": "Ana", "chip_key": key}).encode()
        sealed = seal_to_site(public, data, site=SITE, about=about)
        self.people.keep(credential_id, version, sealed)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


@pytest.fixture
def lane(tmp_path: Path, site: Site) -> Iterator[RunningLane]:
    site.keep(named("ana"), KEY.hex())
    keys = KeyFinder(site.keys.find)

    def parts(reader: LlrpReader) -> ChipParts:
        return ChipParts(
            authenticator=LlrpChipAuthenticator(reader), keys=keys, random=secrets.token_bytes
        )

    running = RunningLane(tmp_path)
    running.chips = parts
    running.desk.set(policy=a_lane(needs_chip=True))
    with running.simulator:
        running.start()
        try:
            running.until(lambda seen: seen["reader_live"] and seen["gate"] == "down")
            yield running
        finally:
            running.stop()
            running.incoming.close()
            running.feed.close()
            keys.close()


def come(lane: RunningLane, manner: ChipManner) -> dict[str, object]:
    """Let a car come; return the picture with its verdict."""
    chip = SimulatedChip(KEY, manner)
    card = SimulatedCard(epc=epc_of("ana"), tid=tid_of("ana"), chip=chip)
    lane.car("ana", cards=(card,), driver=Driver.WAIT)
    picture = lane.until(lambda seen: seen["front"] and seen["front"]["verdict"])
    front = picture["front"]
    assert isinstance(front, dict)
    return front


@pytest.mark.statement(40)
def test_a_chip_proves_its_key_to_the_whole_lane(lane: RunningLane) -> None:
    front = come(lane, ChipManner.HONEST)
    assert (front["verdict"], front["reasons"]) == ("clear", [])
    assert [judged.outcome for judged in lane.record.of(ChipJudged)] == ["authenticated"]
    (sent,) = lane.record.of(ChipChallenged)
    assert len(bytes.fromhex(sent.challenge)) == 10


@pytest.mark.statement(41)
@pytest.mark.parametrize(
    ("manner", "reason"),
    [(ChipManner.WRONG, "wrong_chip_answer"), (ChipManner.SILENT, "chip_no_answer")],
)
def test_a_forged_chip_and_a_silent_one_are_referred_with_words_of_their_own(
    lane: RunningLane, manner: ChipManner, reason: str
) -> None:
    front = come(lane, manner)
    assert (front["verdict"], front["reasons"]) == ("refer", [reason])


@pytest.mark.statement(38)
def test_a_key_is_found_in_its_sealed_record_and_goes_with_it(site: Site) -> None:
    card = uuid4()
    assert site.keys.find(card) is None
    site.keep(card, None)
    assert site.keys.find(card) is None
    site.keep(card, KEY.hex(), version=2)
    assert site.keys.find(card) == KEY
    site.people.drop(card, 3)
    assert site.keys.find(card) is None
    site.keep(card, KEY.hex(), version=4)
    site.people.erase([card])
    assert site.keys.find(card) is None


@pytest.mark.statement(38)
@pytest.mark.parametrize("written", ["00", "no key", 5, ["00"] * 16])
def test_a_record_that_holds_no_whole_key_proves_nothing(site: Site, written: object) -> None:
    card = uuid4()
    site.keep(card, written)
    with pytest.raises(Tampered):
        site.keys.find(card)


@pytest.mark.statement(38)
def test_a_sites_files_hold_no_key_that_can_be_read_and_no_master(site: Site) -> None:
    site.keep(named("ana"), KEY.hex())
    files = [path.read_bytes() for path in site.folder.rglob("*") if path.is_file()]
    assert len(files) > len(KEYS)
    for secret in (KEY, MASTER):
        for form in (secret, secret.hex().encode()):
            assert not any(form in data for data in files)
    assert not (site.folder / "keys" / "chip-master").exists()


def test_keys_are_looked_for_in_a_thread_of_their_own() -> None:
    waiting, threads = threading.Event(), []

    def find(credential_id: UUID) -> bytes | None:
        threads.append(threading.current_thread())
        waiting.wait(5)
        if credential_id == named("eva"):
            raise Tampered("changed")
        return KEY

    finder = KeyFinder(find)
    began = time.monotonic()
    for name in ("ana", "eva"):
        finder.ask(named(name))
    assert finder.take() == []
    assert time.monotonic() - began < 1.0
    waiting.set()
    found: list[tuple[UUID, bytes | None]] = []
    while len(found) < 2:
        assert time.monotonic() - began < 10.0
        found += finder.take()
    finder.close()
    finder.close()
    assert found == [(named("ana"), KEY), (named("eva"), None)]
    assert threading.current_thread() not in threads


def config_of(folder: Path, **lane: object) -> Config:
    lanes = folder / "lanes.json"
    devices = {"reader": "127.0.0.1:5084", "gate": "127.0.0.1:5020", "camera": "127.0.0.1:5090"}
    lanes.write_text(json.dumps([{"id": "l1", "mode": "attended", **devices, **lane}]))
    elsewhere = ("BROKER_URL", "ENROLLMENT_URL", "FEED_KEYS", "VETTING_DOSSIER_KEY", "BASE_URL")
    sign_in = ("OIDC_STAFF_URL", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET_FILE")
    values = dict.fromkeys((*elsewhere, *sign_in), "unused")
    values |= dict.fromkeys(("PORT", "ADMIN_PORT", "WORKER_ADMIN_PORT"), "1")
    values |= {"SITE": SITE, "ZONE": "America/Tijuana", "MODE": "demo", "LANES": str(lanes)}
    values |= {"DATA": str(folder / "data"), "KEYS": str(folder / "keys")}
    return Config.from_env({f"LANE_GATEWAY_{name}": value for name, value in values.items()})


@pytest.mark.statement(38)
def test_a_site_that_holds_the_master_key_starts_nothing(site: Site) -> None:
    config = config_of(site.folder)
    assert key_ring(config).active("site")
    site.ring.ensure(["chip-master"])
    with pytest.raises(MasterKeyHere, match="chip-master"):
        key_ring(config)


@pytest.mark.parametrize("said", [{}, {"needs_chip": False}, {"needs_chip": True}])
def test_a_lane_asks_only_where_the_file_of_lanes_says_so(
    site: Site, said: dict[str, object]
) -> None:
    config = config_of(site.folder, **said)
    migrate_site(config)
    seal = SiteSeal(site.ring)
    needs = config.lane("l1").needs_chip
    desk = DeskReader(site_files(config).desk, lane="l1", seal=seal, needs_chip=needs)
    assert desk.lane().policy.needs_chip is said.get("needs_chip", False)
    desk.close()


@pytest.mark.parametrize("said", ["yes", 1, None])
def test_a_word_that_is_neither_true_nor_false_stops_the_start(site: Site, said: object) -> None:
    with pytest.raises(SettingMissing, match="lane l1, needs_chip"):
        config_of(site.folder, needs_chip=said)
