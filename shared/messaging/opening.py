"""Open the broker that an address names, unless production must not use it."""

from ipaddress import ip_address
from urllib.parse import SplitResult, unquote, urlsplit

from shared.errors import Forbidden
from shared.messaging.amqp import AmqpBroker
from shared.messaging.broker import Broker
from shared.messaging.embedded import EmbeddedBroker
from shared.messaging.topology import DEFAULT_PASSWORDS

AMQP = frozenset({"amqp", "amqps"})
POSTGRESQL = frozenset({"postgresql", "postgresql+psycopg"})


class UnfitBroker(Forbidden):
    """A production start must not use this broker."""

    code = "unfit_broker"


def open_broker(url: str, *, production: bool, name: str = "trustlane") -> Broker:
    """Open the broker at ``url``; ``name`` is how RabbitMQ lists our connections.

    In production raise ``UnfitBroker`` for the embedded one, for a default or missing password and
    for a line without TLS to another host. Raise ``ValueError`` for an address of another kind.
    No error quotes the address, which may hold a password.
    """
    parts = urlsplit(url)
    if parts.scheme not in AMQP | POSTGRESQL:
        raise ValueError(f"no broker speaks {parts.scheme or 'an address without a scheme'}")
    if production:
        _check_production(parts)
    if parts.scheme in POSTGRESQL:
        return EmbeddedBroker(url)
    return AmqpBroker(url, name=name)


def _check_production(parts: SplitResult) -> None:
    if parts.scheme in POSTGRESQL:
        raise UnfitBroker("The embedded broker is for demo and tests; production needs RabbitMQ")
    password = unquote(parts.password or "")
    if password in DEFAULT_PASSWORDS or password == unquote(parts.username or ""):
        raise UnfitBroker("The broker's password is missing or a default one")
    if parts.scheme == "amqp" and not _is_loopback(parts.hostname or ""):
        raise UnfitBroker("Outside this host the broker must be reached by amqps")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
