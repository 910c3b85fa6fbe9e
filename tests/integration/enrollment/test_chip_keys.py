"""Each card's chip has a key of its own, derived here and sent to sites with its record."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from services.enrollment.bootstrap import Parts
from services.enrollment.domain.card import Card
from services.enrollment.domain.site import Site
from services.lane_gateway.persistence.chip_keys import SiteChipKeys
from services.lane_gateway.persistence.people_file import PeopleFile, metadata
from shared.crypto.chip_keys import chip_key
from shared.crypto.keyring import FolderKeyRing, KeyMissing
from shared.persistence.engines import sqlite_engine
from tests.integration.enrollment.conftest import OWN_KEYS, MovableClock, Office
from tests.integration.enrollment.web import Browser, open_file
from tests.unit.enrollment.builders import TID

MASTER = "chip-master"
SENT = "enrollment.display_record_sent.v1"


@pytest.fixture
def ring(tmp_path: Path) -> FolderKeyRing:
    """Return keys of this test's own: others' cards have no keys."""
    made = FolderKeyRing(tmp_path / "keys", for_demo=True)
    made.ensure([*OWN_KEYS, MASTER])
    return made


def master_of(ring: FolderKeyRing) -> bytes:
    return ring.active(MASTER).secret


def sent_records(engine: Engine) -> list[Mapping[str, Any]]:
    query = text("SELECT body FROM outbox WHERE type = :type ORDER BY number")
    with engine.connect() as connection:
        return list(connection.scalars(query, {"type": SENT}))


class AtSite:
    """What a site keeps of the records that were sent to it."""

    def __init__(self, folder: Path, ring: FolderKeyRing, clock: MovableClock) -> None:
        path = folder / "people.db"
        self._engine = sqlite_engine(path)
        metadata.create_all(self._engine)
        self._people = PeopleFile(self._engine, clock)
        self.path = path
        self.keys = SiteChipKeys(path, ring=ring, site="sym")

    def take(self, records: Sequence[Mapping[str, Any]], card: Card) -> bytes | None:
        for each in records:
            self._people.keep(card.id, each["version"], each["record"])
        return self.keys.find(card.id)

    def close(self) -> None:
        self.keys.close()
        self._engine.dispose()


@pytest.fixture
def at_site(tmp_path: Path, site_ring: FolderKeyRing, clock: MovableClock) -> Iterator[AtSite]:
    made = AtSite(tmp_path, site_ring, clock)
    yield made
    made.close()


@pytest.mark.statement(38)
def test_a_chips_key_goes_to_the_site_sealed_and_the_master_stays(
    office: Office, parts: Parts, ring: FolderKeyRing, site: Site, at_site: AtSite
) -> None:
    del site
    member = office.member()
    card, _, key = office.use_cases.issue_card(member.id, tid=TID)
    records = sent_records(parts.engine)

    assert key == chip_key(master_of(ring), TID)
    assert at_site.take(records, card) == key
    written = json.dumps(records).encode() + at_site.path.read_bytes()
    for secret in (key, master_of(ring)):
        assert secret is not None
        assert secret not in written
        assert secret.hex().encode() not in written


@pytest.mark.statement(38)
def test_neither_a_chips_key_nor_the_master_is_in_the_database(
    office: Office, parts: Parts, ring: FolderKeyRing, site: Site
) -> None:
    del site
    _, _, key = office.use_cases.issue_card(office.member().id, tid=TID)
    with parts.engine.connect() as connection:
        names = connection.scalars(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        ).all()
        dump = "".join(
            str(connection.execute(text(f"SELECT * FROM {name}")).all())  # noqa: S608 - our tables
            for name in names
        )
    assert key is not None
    for secret in (key, master_of(ring)):
        assert secret.hex() not in dump
        assert repr(secret)[2:-1] not in dump


@pytest.mark.statement(38)
def test_a_card_keeps_the_key_it_was_issued_with_when_the_master_changes(
    office: Office, parts: Parts, ring: FolderKeyRing, site: Site, at_site: AtSite
) -> None:
    before = master_of(ring)
    card = office.active(office.member())
    ring.activate(MASTER, ring.new(MASTER).kid)
    assert master_of(ring) != before

    asked = office.use_cases.read_display_record(site.id, card.id)
    records = [{"version": asked.version, "record": asked.record}]
    assert at_site.take(records, card) == chip_key(before, card.tid)

    other = office.mailed(office.member())
    assert at_site.take(sent_records(parts.engine)[-1:], other) == chip_key(
        master_of(ring), other.tid
    )


def test_without_a_master_cards_have_no_key_and_old_ones_get_none_later(
    parts: Parts, tmp_path: Path, site: Site, at_site: AtSite
) -> None:
    bare = FolderKeyRing(tmp_path / "bare", for_demo=True)
    bare.ensure(OWN_KEYS)
    without = replace(parts, ring=bare)
    office = Office(parts=without, use_cases=without.use_cases())
    member = office.member()
    card, _, key = office.use_cases.issue_card(member.id, tid=TID)
    assert key is None
    bare.ensure([MASTER])

    asked = office.use_cases.read_display_record(site.id, card.id)
    records = [{"version": asked.version, "record": asked.record}]
    assert at_site.take(records, card) is None


def test_a_master_that_is_gone_is_said_and_no_other_key_sent(
    office: Office, ring: FolderKeyRing, site: Site
) -> None:
    card = office.active(office.member())
    kid = ring.active(MASTER).kid
    ring.activate(MASTER, ring.new(MASTER).kid)
    (ring.folder / MASTER / f"{kid}.key").unlink()
    fresh = replace(office.parts, ring=FolderKeyRing(ring.folder, for_demo=True)).use_cases()
    with pytest.raises(KeyMissing):
        fresh.read_display_record(site.id, card.id)


@pytest.mark.statement(38)
def test_the_encoder_is_shown_the_key_once(app: Flask, office: Office, ring: FolderKeyRing) -> None:
    member = office.member()
    carla = Browser(app, "staff", "carla", ("center",))
    page = f"/members/{member.id}/card"
    open_file(carla, page)
    shown = carla.send(page, tid=TID.hex()).get_data(as_text=True)
    key = chip_key(master_of(ring), TID).hex()
    assert ("Chip key (AES-128)" in shown, key in shown) == (True, True)
    assert key not in carla.get(page)
