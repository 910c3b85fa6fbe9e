"""A credential list of any length, and the vehicles whose cards are in it.

Everything follows from a card's place in the list, so that nothing has to be kept in memory: the
numbers are spread evenly, and the four cards of a vehicle lie far apart in the file.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import pysqlite3.dbapi2 as sqlite

from deploy.local.paths import RUN
from services.lane_gateway.persistence.card_file import create_card_file
from shared.plates import plate_mark

IN_VEHICLE = 4
REGION = "US-CA"
EPC_BYTES = TID_BYTES = 12
ALL_NUMBERS = 1 << 8 * EPC_BYTES
_COLUMNS = (
    "epc, credential_id, tid_digest, status, programs, age_band, valid_until, grace_until, "
    "list_age_limit_s, plates, position"
)
_PUT = f"INSERT INTO cards ({_COLUMNS}) VALUES ({', '.join('?' * 11)})"  # noqa: S608 - names of ours


@dataclass(frozen=True, kw_only=True)
class Card:
    """One card: its number and its chip's own."""

    epc: bytes = field(repr=False)
    tid: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Vehicle:
    """One vehicle with everybody's card in it."""

    plate: str = field(repr=False)
    cards: tuple[Card, ...]


@dataclass(frozen=True, kw_only=True)
class CardList:
    """``count`` cards of members of SENTRI, four to a vehicle."""

    count: int

    @property
    def vehicles(self) -> int:
        """Return how many vehicles there are."""
        return self.count // IN_VEHICLE

    def vehicle(self, number: int) -> Vehicle:
        """Return one vehicle; its cards lie a quarter of the list apart."""
        places = range(number, self.vehicles * IN_VEHICLE, self.vehicles)
        return Vehicle(plate=_plate(number), cards=tuple(self._card(place) for place in places))

    def rows(self) -> Iterator[tuple[object, ...]]:
        """Yield the rows of the list's file in the order of their numbers."""
        for place in range(self.vehicles * IN_VEHICLE):
            card = self._card(place)
            mark = plate_mark(card.tid, REGION, _plate(place % self.vehicles))
            digest = sha256(card.tid).digest()
            credential = str(UUID(bytes=card.epc + b"card"))
            known = (card.epc, credential, digest, "active", "sentri", "adult", "2099-12-31")
            yield (*known, None, None, mark, place + 1)

    def _card(self, place: int) -> Card:
        told = sha256(b"%d" % place).digest()
        step = ALL_NUMBERS // self.count
        number = place * step + int.from_bytes(told[:EPC_BYTES]) % step
        return Card(epc=number.to_bytes(EPC_BYTES), tid=told[-TID_BYTES:])


def card_file(cards: CardList) -> Path:
    """Return the list as a finished file, made once and kept for the next run."""
    path = RUN / f"bench-cards-{cards.count}.db"
    if path.exists():
        return path
    RUN.mkdir(exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}")
    create_card_file(fresh)
    connection = sqlite.connect(fresh, isolation_level=None)
    try:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "locking_mode=EXCLUSIVE"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN")
        connection.executemany(_PUT, cards.rows())
        connection.execute("UPDATE meta SET number = ?", (cards.count,))
        connection.execute("COMMIT")
    finally:
        connection.close()
    fresh.replace(path)
    return path


def _plate(vehicle: int) -> str:
    return f"7{vehicle:07d}"
