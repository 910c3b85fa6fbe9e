"""What a reader tells beside its reports, as the lane understands it."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime

from services.lane_gateway.devices.llrp.tags import reader_time
from services.lane_gateway.devices.llrp.values import Message, Parameter
from services.lane_gateway.use_cases.ports import ReaderEvent, ReaderEventKind

START, END, PREEMPTED = 0, 1, 2
CONNECTED = 1
ANOTHER_CLIENT = 4
MAX_DETAIL = 120
_LONG_NUMBER = re.compile(r"[0-9A-Fa-f]{8,}")


def timestamp(notification: Message) -> int | None:
    """Return the reader's time in microseconds since 1970; ``None`` if it counts from its start."""
    time = notification.find("ReaderEventNotificationData", "UTCTimestamp")
    return None if time is None else time.number("Microseconds")


def cleaned(text: str) -> str:
    """Shorten a reader's own words, and take out what might be a card's number."""
    return _LONG_NUMBER.sub("...", text)[:MAX_DETAIL]


def inventory_change(notification: Message, rospec_id: int) -> int | None:
    """Return ``START`` or ``END`` if the notification is about our inventory."""
    event = notification.find("ReaderEventNotificationData", "ROSpecEvent")
    if event is None or event.number("ROSpecID") != rospec_id:
        return None
    return START if event.number("EventType") == START else END


def says_goodbye(notification: Message) -> bool:
    """Whether the reader closes the connection."""
    return notification.find("ReaderEventNotificationData", "ConnectionCloseEvent") is not None


def reader_events(notification: Message, rospec_id: int, now: float) -> Iterator[ReaderEvent]:
    """Yield one event for each thing in the notification that a lane cares about."""
    data = notification.get("ReaderEventNotificationData")
    at = reader_time(timestamp(notification))
    for inner in data.parameters:
        if inner.name == "ROSpecEvent" and inner.number("ROSpecID") != rospec_id:
            continue
        event = _event(inner, now, at)
        if event is not None:
            yield event


def _event(inner: Parameter, now: float, at: datetime | None) -> ReaderEvent | None:
    interpret = _MEANINGS.get(inner.name)
    meaning = None if interpret is None else interpret(inner)
    if meaning is None:
        return None
    kind, port, detail = meaning
    return ReaderEvent(kind=kind, arrived=now, port=port, detail=detail, reader_time=at)


Meaning = tuple[ReaderEventKind, int | None, str]


def _inventory(inner: Parameter) -> Meaning:
    change = inner.number("EventType")
    if change == START:
        return ReaderEventKind.INVENTORY_STARTED, None, ""
    return ReaderEventKind.INVENTORY_ENDED, None, "preempted" if change == PREEMPTED else ""


def _antenna(inner: Parameter) -> Meaning:
    there = inner.number("EventType") == CONNECTED
    kind = ReaderEventKind.ANTENNA_CONNECTED if there else ReaderEventKind.ANTENNA_LOST
    return kind, inner.number("AntennaID"), ""


def _input(inner: Parameter) -> Meaning:
    kind = ReaderEventKind.INPUT_HIGH if inner.number("GPIEvent") else ReaderEventKind.INPUT_LOW
    return kind, inner.number("GPIPortNumber"), ""


def _filling(inner: Parameter) -> Meaning:
    full = inner.number("ReportBufferPercentageFull")
    return ReaderEventKind.BUFFER_FILLING, None, f"{full} % full"


def _overflow(_inner: Parameter) -> Meaning:
    return ReaderEventKind.BUFFER_OVERFLOW, None, ""


def _exception(inner: Parameter) -> Meaning:
    antenna = inner.find("AntennaID")
    port = None if antenna is None else antenna.number("AntennaID")
    return ReaderEventKind.EXCEPTION, port, cleaned(inner.text("Message"))


def _attempt(inner: Parameter) -> Meaning | None:
    if inner.number("Status") != ANOTHER_CLIENT:
        return None
    return ReaderEventKind.OTHER, None, "another client asked for the reader"


_MEANINGS: dict[str, Callable[[Parameter], Meaning | None]] = {
    "ROSpecEvent": _inventory,
    "AntennaEvent": _antenna,
    "GPIEvent": _input,
    "ReportBufferLevelWarningEvent": _filling,
    "ReportBufferOverflowErrorEvent": _overflow,
    "ReaderExceptionEvent": _exception,
    "ConnectionAttemptEvent": _attempt,
}
