"""A lane's events as JSON, with what is personal in them sealed."""

import dataclasses
import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from enum import Enum
from uuid import UUID

from shared.events import Event

SEALED = frozenset({"plate", "reason"})
"""Fields that hold a plate, or words an officer typed, which may name anybody."""

Seal = Callable[[str], str]


def kind_of(event: Event) -> str:
    """Return the event's name: ``PassageEnded`` is ``passage_ended``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(event).__name__).lower()


def body_of(event: Event, seal: Seal) -> str:
    """Return the event's fields as JSON; ``seal`` is applied to the personal ones."""
    return json.dumps(_fields(event, seal), separators=(",", ":"))


def _fields(value: object, seal: Seal) -> dict[str, object]:
    fields = {}
    for field in dataclasses.fields(value):  # type: ignore[arg-type]
        item = getattr(value, field.name)
        sealed = field.name in SEALED and isinstance(item, str) and item
        fields[field.name] = seal(item) if sealed else _plain(item, seal)
    return fields


def _plain(value: object, seal: Seal) -> object:  # noqa: PLR0911 - one line per kind of value
    match value:
        case Enum():
            return value.value
        case None | bool() | int() | float() | str():
            return value
        case UUID():
            return str(value)
        case datetime() | date():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case bytes():
            return value.hex()
        case tuple() | list():
            return [_plain(item, seal) for item in value]
        case set() | frozenset():
            return sorted((_plain(item, seal) for item in value), key=str)
        case Mapping():
            return {str(_plain(key, seal)): _plain(item, seal) for key, item in value.items()}
        case _:
            return _fields(value, seal)
