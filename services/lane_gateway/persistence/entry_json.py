"""A lane's events as JSON, with what is personal in them sealed.

It stands between the reader's report and the gate, so how a type is written is worked out once.
"""

import dataclasses
import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from enum import Enum, StrEnum
from typing import Any
from uuid import UUID

from shared.events import Event

SEALED = frozenset({"plate", "reason", "challenge", "secret"})
"""Fields that hold a plate, words an officer typed, which may name anybody, or a secret seed."""

Seal = Callable[[str], str]
_Write = Callable[[Any, Seal], object]
_encode = json.JSONEncoder(separators=(",", ":")).encode


class _Kinds(dict[type[Any], str]):
    def __missing__(self, event: type[Any]) -> str:
        self[event] = name = re.sub(r"(?<!^)(?=[A-Z])", "_", event.__name__).lower()
        return name


class _Fields(dict[type[Any], tuple[tuple[str, bool], ...]]):
    """The fields of each type, and whether they are sealed."""

    def __missing__(self, kind: type[Any]) -> tuple[tuple[str, bool], ...]:
        known = dataclasses.fields(kind)
        self[kind] = named = tuple((field.name, field.name in SEALED) for field in known)
        return named


class _Writers(dict[type[Any], _Write]):
    """How values of each type are written; an unknown one is taken apart by its fields."""

    def __missing__(self, kind: type[Any]) -> _Write:
        if issubclass(kind, StrEnum):
            _PLAIN.add(kind)
        fits = (write for known, write in _ORDER if issubclass(kind, known))
        self[kind] = write = next(fits, _write_fields)
        return write


_PLAIN = {type(None), bool, int, float, str}
"""Types that JSON has as they are; enumerations of text join them as they are met."""
_kinds, _fields, _writers = _Kinds(), _Fields(), _Writers()


def kind_of(event: Event) -> str:
    """Return the event's name: ``PassageEnded`` is ``passage_ended``."""
    return _kinds[type(event)]


def body_of(event: Event, seal: Seal) -> str:
    """Return the event's fields as JSON; ``seal`` is applied to the personal ones."""
    return _encode(_write_fields(event, seal))


def _write_fields(value: object, seal: Seal) -> dict[str, object]:
    written: dict[str, object] = {}
    for name, is_sealed in _fields[type(value)]:
        item = getattr(value, name)
        if is_sealed and item and isinstance(item, str):
            written[name] = seal(item)
        elif (kind := type(item)) in _PLAIN:
            written[name] = item
        else:
            written[name] = _writers[kind](item, seal)
    return written


def _write_all(values: Any, seal: Seal) -> list[object]:
    return [_writers[type(item)](item, seal) for item in values]


def _write_set(values: Any, seal: Seal) -> list[object]:
    return sorted(_write_all(values, seal), key=str)


def _write_mapping(values: Any, seal: Seal) -> dict[str, object]:
    return {
        str(_writers[type(key)](key, seal)): _writers[type(item)](item, seal)
        for key, item in values.items()
    }


_ORDER: tuple[tuple[type[Any] | tuple[type[Any], ...], _Write], ...] = (
    (Enum, lambda value, _: value.value),
    ((type(None), bool, int, float, str), lambda value, _: value),
    (UUID, lambda value, _: str(value)),
    ((datetime, date), lambda value, _: value.isoformat()),
    (timedelta, lambda value, _: value.total_seconds()),
    (bytes, lambda value, _: value.hex()),
    ((tuple, list), _write_all),
    ((set, frozenset), _write_set),
    (Mapping, _write_mapping),
)
