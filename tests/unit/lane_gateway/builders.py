"""Builders with sensible defaults for what a lane deals with."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from services.lane_gateway.domain.admission import CardEvidence, VehicleEvidence
from services.lane_gateway.domain.credentials import AgeBand, CardRecord, CardStatus
from services.lane_gateway.domain.lane_policy import Direction, LanePolicy, LaneType
from services.lane_gateway.domain.list_age import ListState
from shared.plates import plate_mark

NOW = datetime(2026, 11, 24, 17, 30, tzinfo=UTC)
ZONE = ZoneInfo("America/Los_Angeles")
SPACE = UUID("7d0f2b3c-7d0e-4f5e-9c61-1df2e6a8b0aa")
PLATE = "7ABC123"
REGION = "CA"
LANE = "l1"
OFFICER = "olga"


def named(name: str) -> UUID:
    return uuid5(SPACE, name)


def epc_of(name: str) -> bytes:
    return hashlib.sha256(b"epc " + name.encode()).digest()[:12]


def tid_of(name: str) -> bytes:
    return hashlib.sha256(b"tid " + name.encode()).digest()[:12]


def a_record(name: str = "ana", **changes: Any) -> CardRecord:
    values: dict[str, Any] = {
        "credential_id": named(name),
        "epc": epc_of(name),
        "tid_digest": hashlib.sha256(tid_of(name)).digest(),
        "status": CardStatus.ACTIVE,
        "programs": frozenset({"sentri"}),
        "age_band": AgeBand.ADULT,
        "valid_until": date(2028, 5, 17),
        "plates": (plate_mark(tid_of(name), REGION, PLATE),),
    }
    return CardRecord(**values | changes)


def a_card(name: str = "ana", *, tid: bytes | None = b"own", **changes: Any) -> CardEvidence:
    """Return a card in a vehicle; ``changes`` go to its record."""
    own = tid_of(name) if tid == b"own" else tid
    return CardEvidence(epc=epc_of(name), tid=own, record=a_record(name, **changes))


def a_vehicle(plate: str = PLATE, **changes: Any) -> VehicleEvidence:
    values: dict[str, Any] = {"plate": plate, "region": REGION, "confidence": 0.97}
    return VehicleEvidence(**values | changes)


def a_lane(**changes: Any) -> LanePolicy:
    values: dict[str, Any] = {
        "lane": LANE,
        "lane_type": LaneType.SENTRI,
        "direction": Direction.INBOUND,
        "zone": ZONE,
    }
    return LanePolicy(**values | changes)


def a_list(**changes: Any) -> ListState:
    values: dict[str, Any] = {"number": 4711, "age": timedelta(seconds=20)}
    return ListState(**values | changes)
