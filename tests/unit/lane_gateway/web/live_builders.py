"""Builders of live pictures, as an agent would send them."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from services.lane_gateway.domain.live import (
    LiveCard,
    LiveList,
    LivePassage,
    LiveState,
    live_json,
)

NOW = datetime(2026, 11, 24, 17, 30, tzinfo=UTC)
SPACE = UUID("a6b1f7a2-3a64-4d55-8c0e-3d1a0d6c3c11")
RUN = uuid5(SPACE, "run")


def named(name: str) -> UUID:
    return uuid5(SPACE, name)


def a_live_card(name: str = "ana", **changes: Any) -> LiveCard:
    values: dict[str, Any] = {
        "credential_id": named(name),
        "epc": named(name).hex[:24],
        "reasons": (),
        "in_grace": False,
        "age_band": "adult",
        "by_officer": False,
    }
    return LiveCard(**values | changes)


def a_live_passage(name: str = "first", **changes: Any) -> LivePassage:
    values: dict[str, Any] = {
        "passage_id": named(name),
        "state": "decided",
        "verdict": "clear",
        "reasons": (),
        "cards": (a_live_card(),),
        "cards_counted": 1,
        "counted": None,
        "plate": "7ABC123",
        "region": "US-CA",
        "plate_confidence": 0.97,
        "plate_by_officer": False,
        "authorisation": None,
        "decided_at": NOW,
        "vehicle_proved": True,
    }
    return LivePassage(**values | changes)


def a_live_state(**changes: Any) -> LiveState:
    front = changes.get("front")
    values: dict[str, Any] = {
        "lane": "l1",
        "run": RUN,
        "scans": 100,
        "at": NOW,
        "word": front.verdict if front is not None and front.verdict else "waiting",
        "mode": "attended",
        "wanted_mode": "attended",
        "health": "ok",
        "gate": "down",
        "faults": (),
        "lamp": "red",
        "sign": "none",
        "signed_on": "boris",
        "reader_live": True,
        "camera_live": True,
        "inputs_live": True,
        "record_ok": True,
        "counter": None,
        "card_list": LiveList(number=4711, age_s=12.0, standing="fresh"),
        "front": None,
        "passing": None,
        "approaching": (),
        "last_command": 0,
        "last_command_refused": None,
    }
    return LiveState(**values | changes)


def datagram(state: LiveState) -> bytes:
    return json.dumps(live_json(state)).encode()
