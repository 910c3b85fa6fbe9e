"""The lane's live picture as it comes by datagram, turned back into values of the domain."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from services.lane_gateway.domain.live import (
    LiveCard,
    LiveList,
    LiveOverride,
    LivePassage,
    LiveState,
)
from shared.errors import Unreadable

Value = TypeVar("Value")


def read_live(data: bytes) -> LiveState:
    """Return the picture in ``data``, or raise ``Unreadable``; unknown fields are ignored."""
    try:
        return _state(json.loads(data))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Unreadable(f"A live picture cannot be read: {type(error).__name__}") from None


def _state(said: Mapping[str, Any]) -> LiveState:
    known: dict[str, Any] = {
        "run": UUID(said["run"]),
        "at": datetime.fromisoformat(said["at"]),
        "faults": tuple(said["faults"]),
        "card_list": LiveList(**_fields(LiveList, said["card_list"])),
        "front": _maybe(_passage, said["front"]),
        "passing": _maybe(_passage, said["passing"]),
        "approaching": tuple(_passage(each) for each in said["approaching"]),
        "override": _maybe(_override, said.get("override")),
    }
    state = LiveState(**{**_fields(LiveState, {"override": None, **said}), **known})
    if state.at.tzinfo is None or not isinstance(state.scans, int):
        raise ValueError
    return state


def _override(said: Mapping[str, Any]) -> LiveOverride:
    return LiveOverride(**_fields(LiveOverride, said))


def _passage(said: Mapping[str, Any]) -> LivePassage:
    known: dict[str, Any] = {
        "passage_id": UUID(said["passage_id"]),
        "reasons": tuple(said["reasons"]),
        "cards": tuple(_card(each) for each in said["cards"]),
        "decided_at": _maybe(datetime.fromisoformat, said["decided_at"]),
    }
    return LivePassage(**{**_fields(LivePassage, {"vehicle_proved": False, **said}), **known})


def _card(said: Mapping[str, Any]) -> LiveCard:
    known: dict[str, Any] = {
        "credential_id": _maybe(UUID, said["credential_id"]),
        "reasons": tuple(said["reasons"]),
    }
    return LiveCard(**{**_fields(LiveCard, said), **known})


def _fields(kind: type[Any], said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: said[name] for name in kind.__dataclass_fields__}


def _maybe(read: Callable[[Any], Value], said: Any) -> Value | None:
    return None if said is None else read(said)
