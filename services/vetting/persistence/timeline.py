"""The history of a case, written from events in the transaction that makes them."""

import re
from collections.abc import Sequence

from sqlalchemy import insert
from sqlalchemy.orm import Session

from services.vetting.persistence.tables import timeline
from shared.events import Event

ACTORS = ("by", "decided_by", "officer")
DETAILS = ("outcome", "verdict", "why", "code", "kind")
"""Attributes of events that say in one word what happened; none is about the person."""


def write_timeline(session: Session, happened: Sequence[Event]) -> None:
    """Add a line for each event that belongs to a case."""
    rows = [
        {
            "case_id": getattr(event, "case_id", None),
            "at": getattr(event, "at", None),
            "event": event_name(event),
            "by": _first(event, ACTORS) or "system",
            "detail": _first(event, DETAILS),
        }
        for event in happened
        if getattr(event, "case_id", None) is not None
    ]
    if rows:
        session.execute(insert(timeline), rows)


def event_name(event: Event) -> str:
    """Return ``case_opened`` for ``CaseOpened``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(event).__name__).lower()


def _first(event: Event, names: Sequence[str]) -> str:
    for name in names:
        value = getattr(event, name, None)
        if value:
            return str(value)
    return ""
