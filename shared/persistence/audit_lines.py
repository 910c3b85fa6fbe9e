"""What the audit keeps of an event: its name, whom it is about, and a digest, never a value."""

import dataclasses
import hashlib
import re
from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from uuid import UUID

from shared.audit.words import AuditLine
from shared.crypto.sealing import Erased, Sealer
from shared.events import Aggregate, Event
from shared.persistence.sealed_columns import dump_json


def line_of(event: Event, aggregate: Aggregate, sealer: Sealer) -> AuditLine:
    """Return the audit line of ``event``, its digest keyed by the person's data key.

    An erased person's key is gone, and so is the means to test a guess at the values.
    """
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", type(event).__name__).lower()
    return AuditLine(
        event=name, subject=str(aggregate.id), digest=_digest(event, aggregate, sealer)
    )


def _digest(event: Event, aggregate: Aggregate, sealer: Sealer) -> str:
    values = dump_json({f.name: _plain(getattr(event, f.name)) for f in dataclasses.fields(event)})
    person = getattr(event, "person_id", None) or getattr(aggregate, "person_id", None)
    if person is None:
        return hashlib.sha256(values).hexdigest()
    try:
        return sealer.digest(person, values)
    except Erased:
        return "erased"


def _plain(value: object) -> object:  # noqa: PLR0911 - one line per kind of value
    match value:
        case Enum():
            return _plain(value.value)
        case datetime() | date():
            return value.isoformat()
        case UUID():
            return str(value)
        case bytes():
            return hashlib.sha256(value).hexdigest()
        case Mapping():
            return {str(_plain(key)): _plain(item) for key, item in value.items()}
        case frozenset() | set():
            return sorted((_plain(item) for item in value), key=str)
        case list() | tuple():
            return [_plain(item) for item in value]
        case _ if dataclasses.is_dataclass(value) and not isinstance(value, type):
            fields = dataclasses.fields(value)
            return {field.name: _plain(getattr(value, field.name)) for field in fields}
        case None | bool() | int() | float() | str():
            return value
        case _:
            return str(value)
