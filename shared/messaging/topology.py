"""Which queues there are, what reaches them, and who may speak: both brokers are made from it.

Every service has one queue, every site one of its own (``lane_gateway.<site>``), each with a
dead-letter queue beside it (``<queue>.dead``), and there is one log. Processes declare nothing in
production: RabbitMQ is started with ``definitions``.
"""

import base64
import hashlib
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

EXCHANGE = "trustlane"
DEAD_LETTER_EXCHANGE = "trustlane.dead"
STREAM = "trustlane.feed"
STREAM_EXCHANGE = "trustlane.feed"
"""An exchange for the log alone: who may write it needs no right on the default exchange."""
EXCHANGES = {EXCHANGE: "topic", DEAD_LETTER_EXCHANGE: "direct", STREAM_EXCHANGE: "fanout"}

CENTRAL_SERVICES = ("enrollment", "vetting")
SITE_SERVICE = "lane_gateway"
SITE = "[a-z0-9]{3,12}"
"""What a site's name looks like."""

DEAD = "dead"
"""The last word of a dead-letter queue's name; no site may be called so."""

DELIVERY_LIMIT = 100
"""Deliveries of one message before it goes to the dead-letter queue: far above the consumer's own
tries, so that it only catches a message that kills every consumer."""
STREAM_MAX_AGE = "24h"
STREAM_SEGMENT_BYTES = 16_000_000
"""Old entries go a whole segment at a time; RabbitMQ's 500 MB would keep a small feed for ever."""

VHOST = "/"
DEFAULT_PASSWORDS = frozenset({"", "guest", "admin", "password", "rabbitmq"})
SALT_BYTES = 4
NOTHING = "^$"

CENTRAL_MESSAGE = "*.*"
SITE_MESSAGE = "*.*.*"
"""What follows the producer: ``<event>.v<N>``, and ``<site>.<event>.v<N>`` when it is a site.

Counting the words keeps what is addressed to one site (``<type>.<site>``) away from the other
services: they would handle ``person_erased`` once for every site, and a message to a site without
a queue would count as routed.
"""


@dataclass(frozen=True, kw_only=True)
class Binding:
    """What reaches a queue; ``pattern`` is a topic pattern (``*`` one word, ``#`` any)."""

    queue: str
    pattern: str


@dataclass(frozen=True, kw_only=True)
class Topology:
    """Everything a broker holds for us."""

    exchange: str
    queues: tuple[str, ...]
    bindings: tuple[Binding, ...]
    stream: str
    sites: tuple[str, ...]


def topology(sites: Iterable[str]) -> Topology:
    """Lay out queues and bindings for ``sites``, or raise ``ValueError`` on a malformed name."""
    named = tuple(sorted(set(sites)))
    for site in named:
        if not re.fullmatch(SITE, site) or site == DEAD:
            raise ValueError(f"not a site's name: {site!r}")
    queues = (*CENTRAL_SERVICES, *(site_queue(site) for site in named))
    return Topology(
        exchange=EXCHANGE,
        queues=queues,
        bindings=(*_central_bindings(), *_site_bindings(named)),
        stream=STREAM,
        sites=named,
    )


def site_queue(site: str) -> str:
    """Return the name of the site's queue, which is the name of its broker user as well."""
    return f"{SITE_SERVICE}.{site}"


def dead_letter_queue(queue: str) -> str:
    """Return the name of the queue that takes what ``queue`` could not deliver."""
    return f"{queue}.{DEAD}"


def queues(layout: Topology) -> dict[str, dict[str, object]]:
    """Return the names of all queues, with the log, and RabbitMQ's arguments for each.

    At-least-once dead lettering demands ``reject-publish``; the default strategy may lose a message
    on its way to the dead-letter queue.
    """
    declared: dict[str, dict[str, object]] = {}
    for name in layout.queues:
        declared[name] = {
            "x-queue-type": "quorum",
            "x-delivery-limit": DELIVERY_LIMIT,
            "x-dead-letter-exchange": DEAD_LETTER_EXCHANGE,
            "x-dead-letter-routing-key": name,
            "x-dead-letter-strategy": "at-least-once",
            "x-overflow": "reject-publish",
        }
        declared[dead_letter_queue(name)] = {"x-queue-type": "quorum"}
    declared[layout.stream] = {
        "x-queue-type": "stream",
        "x-max-age": STREAM_MAX_AGE,
        "x-stream-max-segment-size-bytes": STREAM_SEGMENT_BYTES,
    }
    return declared


def links(layout: Topology) -> list[tuple[str, str, str]]:
    """Return every binding in RabbitMQ as exchange, queue and routing key."""
    routed = [(layout.exchange, binding.queue, binding.pattern) for binding in layout.bindings]
    dead = [(DEAD_LETTER_EXCHANGE, dead_letter_queue(name), name) for name in layout.queues]
    return [*routed, *dead, (STREAM_EXCHANGE, layout.stream, "")]


def users(layout: Topology) -> tuple[str, ...]:
    """Return the broker users: one per service and one per site, named as their queue."""
    return layout.queues


def definitions(layout: Topology, passwords: Mapping[str, str]) -> dict[str, object]:
    """Return RabbitMQ's definitions file as a mapping, with one user per service and per site.

    ``passwords`` holds one for each of ``users(layout)``; ``ValueError`` names a user without one
    or with a default one. Only salted digests leave this function.
    """
    names = users(layout)
    for name in names:
        if passwords.get(name, "") in DEFAULT_PASSWORDS:
            raise ValueError(f"no password of its own for the broker user {name}")
    return {
        "vhosts": [{"name": VHOST}],
        "users": [_user(name, passwords[name]) for name in names],
        "permissions": [_permissions(name) for name in names],
        "topic_permissions": [_topic_permissions(name) for name in names],
        "exchanges": _exchanges(),
        "queues": _queues(layout),
        "bindings": _bindings(layout),
    }


def _central_bindings() -> tuple[Binding, ...]:
    producers = (
        *((name, f"{name}.{CENTRAL_MESSAGE}") for name in CENTRAL_SERVICES),
        (SITE_SERVICE, f"{SITE_SERVICE}.{SITE_MESSAGE}"),
    )
    return tuple(
        Binding(queue=queue, pattern=pattern)
        for queue in CENTRAL_SERVICES
        for producer, pattern in producers
        if producer != queue
    )


def _site_bindings(sites: Iterable[str]) -> tuple[Binding, ...]:
    return tuple(
        Binding(queue=site_queue(site), pattern=f"{service}.{CENTRAL_MESSAGE}.{site}")
        for site in sites
        for service in CENTRAL_SERVICES
    )


def _user(name: str, password: str) -> dict[str, object]:
    salt = secrets.token_bytes(SALT_BYTES)
    digest = hashlib.sha256(salt + password.encode()).digest()
    return {
        "name": name,
        "password_hash": base64.b64encode(salt + digest).decode(),
        "hashing_algorithm": "rabbit_password_hashing_sha256",
        "tags": [],
    }


def _permissions(name: str) -> dict[str, object]:
    own = re.escape(name)
    read, write = f"^{own}(\\.dead)?$", f"^{re.escape(EXCHANGE)}$"
    if name.startswith(f"{SITE_SERVICE}."):
        read = f"^({own}(\\.dead)?|{re.escape(STREAM)})$"
    if name == "enrollment":
        write = f"^({re.escape(EXCHANGE)}|{re.escape(STREAM_EXCHANGE)})$"
    return {"user": name, "vhost": VHOST, "configure": NOTHING, "write": write, "read": read}


def _topic_permissions(name: str) -> dict[str, object]:
    write = f"^{re.escape(name)}\\.[a-z_]+\\.v[0-9]+$"
    if name in CENTRAL_SERVICES:
        write = f"^{re.escape(name)}\\.[a-z_]+\\.v[0-9]+(\\.{SITE})?$"
    return {"user": name, "vhost": VHOST, "exchange": EXCHANGE, "write": write, "read": NOTHING}


def _exchanges() -> list[dict[str, object]]:
    return [
        {
            "name": name,
            "vhost": VHOST,
            "type": kind,
            "durable": True,
            "auto_delete": False,
            "internal": False,
            "arguments": {},
        }
        for name, kind in EXCHANGES.items()
    ]


def _queues(layout: Topology) -> list[dict[str, object]]:
    return [
        {"name": name, "vhost": VHOST, "durable": True, "auto_delete": False, "arguments": given}
        for name, given in queues(layout).items()
    ]


def _bindings(layout: Topology) -> list[dict[str, object]]:
    return [
        {
            "source": source,
            "vhost": VHOST,
            "destination": queue,
            "destination_type": "queue",
            "routing_key": key,
            "arguments": {},
        }
        for source, queue, key in links(layout)
    ]
