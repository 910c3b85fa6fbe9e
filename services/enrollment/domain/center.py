"""Enrollment centers: where interviews are held, when, and in which zone their days are counted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from services.enrollment.domain.appointment import Slot
from shared.errors import NotFound

SLOT_NAMESPACE = UUID("6c2f9a54-6a0e-4f35-9b53-6b0f5a0c7d11")
"""Slots of one place and time have one id, so that opening a calendar twice changes nothing."""


@dataclass(frozen=True, kw_only=True)
class Center:
    """A center with its weekly hours, in local time; ``weekdays`` counts Monday as 0."""

    id: str
    name: str
    address: str
    zone: ZoneInfo
    opens: time
    closes: time
    weekdays: frozenset[int]
    slot_minutes: int
    desks: int

    def today(self, now: datetime) -> date:
        """Return the legal date at the center."""
        return now.astimezone(self.zone).date()

    def slots(self, day: date) -> Iterator[Slot]:
        """Yield the slots of one local day; a day of 23 or 25 hours has fewer or more of them."""
        if day.weekday() not in self.weekdays:
            return
        begin = datetime.combine(day, self.opens, self.zone).astimezone(ZoneInfo("UTC"))
        end = datetime.combine(day, self.closes, self.zone).astimezone(ZoneInfo("UTC"))
        while begin < end:
            for desk in range(1, self.desks + 1):
                name = f"{self.id} {desk} {begin.isoformat()}"
                yield Slot(
                    id=uuid5(SLOT_NAMESPACE, name),
                    center=self.id,
                    desk=desk,
                    starts_at=begin,
                    minutes=self.slot_minutes,
                )
            begin += timedelta(minutes=self.slot_minutes)


CENTERS: Mapping[str, Center] = {
    center.id: center
    for center in (
        Center(
            id="sym",
            name="San Ysidro Enrollment Center",
            address="795 E San Ysidro Blvd, San Ysidro, CA 92173",
            zone=ZoneInfo("America/Los_Angeles"),
            opens=time(7),
            closes=time(19),
            weekdays=frozenset(range(7)),
            slot_minutes=15,
            desks=3,
        ),
        Center(
            id="otm",
            name="Otay Mesa Enrollment Center",
            address="9725 Via de la Amistad, San Diego, CA 92154",
            zone=ZoneInfo("America/Los_Angeles"),
            opens=time(8),
            closes=time(16),
            weekdays=frozenset(range(5)),
            slot_minutes=15,
            desks=2,
        ),
    )
}

PORTS: Mapping[str, str] = {
    "sym": "San Ysidro",
    "otm": "Otay Mesa",
    "tec": "Tecate",
    "clw": "Calexico West",
    "clx": "Calexico East",
    "nog": "Nogales (DeConcini)",
    "elp": "El Paso (Stanton)",
    "ysl": "El Paso (Ysleta)",
    "lrd": "Laredo (Colombia)",
    "hid": "Hidalgo (Anzalduas)",
    "bro": "Brownsville (Veterans)",
}
"""Ports of entry with lanes for members, by site id; those with us are in the table of sites."""


def center_of(center_id: str) -> Center:
    """Return the center, or raise ``NotFound``."""
    try:
        return CENTERS[center_id]
    except KeyError:
        raise NotFound(f"No enrollment center {center_id}") from None
