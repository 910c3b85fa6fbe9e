import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.lane_gateway.domain.live import live_json
from services.lane_gateway.web.live_state import read_live
from shared.errors import Unreadable
from tests.unit.lane_gateway.web.live_builders import (
    a_live_card,
    a_live_passage,
    a_live_state,
    datagram,
)

FULL = a_live_state(
    front=a_live_passage(cards=(a_live_card(), a_live_card(credential_id=None))),
    passing=a_live_passage("second", decided_at=None, verdict=None, plate=None),
    approaching=(a_live_passage("third"),),
    faults=("lamp_proof",),
)


def test_a_picture_comes_back_as_it_was_sent() -> None:
    assert read_live(datagram(FULL)) == FULL


def test_fields_of_a_newer_agent_are_ignored() -> None:
    said = dict(live_json(FULL)) | {"weather": "fine"}
    assert read_live(json.dumps(said).encode()) == FULL


def test_a_time_without_zone_is_refused() -> None:
    said = dict(live_json(FULL)) | {"at": "2026-11-24T17:30:00"}
    with pytest.raises(Unreadable):
        read_live(json.dumps(said).encode())


def test_the_error_does_not_hold_what_was_sent() -> None:
    said: dict[str, Any] = dict(live_json(FULL)) | {"front": {"plate": "CANARY1"}}
    with pytest.raises(Unreadable) as refused:
        read_live(json.dumps(said).encode())
    assert "CANARY1" not in str(refused.value)


@given(st.binary(max_size=200))
def test_bytes_are_read_or_refused(data: bytes) -> None:
    with pytest.raises(Unreadable):
        read_live(data)
