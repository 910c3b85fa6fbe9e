"""A message with its attributes, and how it looks on the wire.

CloudEvents binary mode as the ``cloudevents`` package's RabbitMQ binding writes it: attributes are
headers ``ce-<name>``, the body is JSON. The extensions are ``requestid`` and either ``sequence``
(counts the messages of an aggregate) or ``version`` (messages to one site, the highest wins).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from cloudevents.core.bindings.rabbitmq import (
    CE_PREFIX,
    RabbitMQMessage,
    from_binary_event,
    to_binary_event,
)
from cloudevents.core.exceptions import CloudEventValidationError
from cloudevents.core.v1.event import CloudEvent

from shared.errors import Forbidden, Unreadable
from shared.messaging.broker import Wire
from shared.messaging.topology import CENTRAL_SERVICES, SITE, SITE_SERVICE

CONTENT_TYPE = "application/json"
REQUIRED = ("specversion", "id", "source", "type", "subject", "time", "requestid")

_PRODUCERS = "|".join((*CENTRAL_SERVICES, SITE_SERVICE))
_TYPE = re.compile(rf"({_PRODUCERS})\.([a-z_]+\.v[1-9][0-9]{{0,3}})")
_SOURCE = re.compile(rf"/({'|'.join(CENTRAL_SERVICES)}|{SITE_SERVICE}/({SITE}))")
_WORD = re.compile(r"[!-~]{1,200}")
"""Subjects and request ids are kept in tables and logs: printable, and of a bounded length."""
_COUNT = re.compile(r"[1-9][0-9]{0,17}")


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """One message; ``site`` is the destination of a message to one site."""

    id: UUID
    type: str
    source: str
    """``/enrollment``, ``/vetting`` or ``/lane_gateway/<site>``."""
    subject: str
    time: datetime
    request_id: str
    body: Mapping[str, object] = field(repr=False)
    sequence: int | None = None
    version: int | None = None
    site: str | None = None


def to_wire(envelope: Envelope) -> Wire:
    """Write ``envelope`` for the broker.

    Raise ``ValueError`` if it could not be read again: our own message is a bug, not an input.
    """
    try:
        _check_order(envelope)
        routing_key, attributes = _routing_key(envelope), _attributes(envelope)
    except (Unreadable, Forbidden) as error:
        raise ValueError(str(error)) from error
    message = to_binary_event(CloudEvent(attributes, dict(envelope.body)))
    return Wire(routing_key=routing_key, headers=message.headers, body=message.body)


def from_wire(wire: Wire) -> Envelope:
    """Read a message.

    Raise ``Unreadable`` naming the attribute that is missing or malformed, and ``Forbidden`` when
    the producer does not own the type or the routing key is not the producer's.
    """
    event = _read_event(wire)
    envelope = Envelope(
        id=_uuid(event.get_id()),
        type=_matching("type", _TYPE, event.get_type()),
        source=_matching("source", _SOURCE, event.get_source()),
        subject=_matching("subject", _WORD, str(event.get_subject())),
        time=_instant(event.get_time()),
        request_id=_matching("requestid", _WORD, event.get_extension("requestid")),
        body=_body(event),
        sequence=_count("sequence", event.get_extension("sequence")),
        version=_count("version", event.get_extension("version")),
        site=_destination(wire.routing_key, event.get_type()),
    )
    _check_order(envelope)
    if _routing_key(envelope) != wire.routing_key:
        raise Forbidden(f"{envelope.source} may not send {wire.routing_key}")
    return envelope


def _attributes(envelope: Envelope) -> dict[str, object]:
    optional = {"sequence": envelope.sequence, "version": envelope.version}
    return {
        "id": str(envelope.id),
        "source": envelope.source,
        "type": envelope.type,
        "subject": _matching("subject", _WORD, envelope.subject),
        "time": envelope.time.astimezone(UTC),
        "datacontenttype": CONTENT_TYPE,
        "requestid": _matching("requestid", _WORD, envelope.request_id),
    } | {name: str(value) for name, value in optional.items() if value is not None}


def _routing_key(envelope: Envelope) -> str:
    """Return the only routing key that this producer may use for this message."""
    service, rest = _parts("type", _TYPE, envelope.type)
    producer, site = _parts("source", _SOURCE, envelope.source)
    if producer.partition("/")[0] != service:
        raise Forbidden(f"{envelope.source} does not own {envelope.type}")
    if not site:
        return f"{envelope.type}.{envelope.site}" if envelope.site else envelope.type
    if envelope.site:
        raise Forbidden(f"{envelope.source} may not send to a site")
    return f"{SITE_SERVICE}.{site}.{rest}"


def _check_order(envelope: Envelope) -> None:
    """Demand a sequence, or a version where the message goes to one site."""
    wanted, other = envelope.sequence, envelope.version
    name = "sequence"
    if envelope.site:
        wanted, other, name = other, wanted, "version"
    if wanted is None or wanted < 1 or other is not None:
        raise Unreadable(f"the message's attribute {name} is missing or has another beside it")


def _read_event(wire: Wire) -> CloudEvent:
    headers = {name.lower(): value for name, value in wire.headers.items()}
    for name in REQUIRED:
        # The library invents an id and a time where they are missing.
        if not headers.get(f"{CE_PREFIX}{name}"):
            raise Unreadable(f"the message's attribute {name} is missing")
    message = RabbitMQMessage(headers=headers, content_type=CONTENT_TYPE, body=wire.body)
    try:
        return from_binary_event(message)
    except CloudEventValidationError as error:
        names = ", ".join(sorted(error.errors))
        raise Unreadable(f"the message's attribute {names} is malformed") from None
    except (ValueError, OverflowError):
        raise Unreadable("the message's attribute time is malformed") from None
    except RecursionError:
        raise Unreadable("the message's body is nested too deeply") from None


def _uuid(text: str) -> UUID:
    try:
        parsed = UUID(text)
    except ValueError:
        raise Unreadable("the message's attribute id is not a UUID") from None
    if str(parsed) != text:
        raise Unreadable("the message's attribute id is not written as a UUID is")
    return parsed


def _instant(time: datetime | None) -> datetime:
    if time is None or time.tzinfo is None:
        raise Unreadable("the message's attribute time has no zone")
    try:
        return time.astimezone(UTC)
    except OverflowError:
        raise Unreadable("the message's attribute time is out of range") from None


def _body(event: CloudEvent) -> Mapping[str, object]:
    data = event.get_data()
    if not isinstance(data, dict):
        raise Unreadable("the message's body is not a JSON object")
    return data


def _count(name: str, text: str | None) -> int | None:
    return None if text is None else int(_matching(name, _COUNT, text))


def _destination(routing_key: str, message_type: str) -> str | None:
    site = routing_key.removeprefix(f"{message_type}.")
    return site if site != routing_key and re.fullmatch(SITE, site) else None


def _matching(name: str, pattern: re.Pattern[str], text: str) -> str:
    if not pattern.fullmatch(text):
        raise Unreadable(f"the message's attribute {name} is malformed")
    return text


def _parts(name: str, pattern: re.Pattern[str], text: str) -> tuple[str, str]:
    match = pattern.fullmatch(text)
    if match is None:
        raise Unreadable(f"the message's attribute {name} is malformed")
    return match[1], match[2] or ""
