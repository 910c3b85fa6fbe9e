"""Domain events, the aggregate that records them, what others hear of them, and their causes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened; named in the past tense and never changed."""


class Aggregate:
    """Root of a consistency boundary; remembers what happened to it until the commit."""

    id: UUID

    def record(self, event: Event) -> None:
        """Remember ``event`` until the unit of work commits."""
        self.__dict__.setdefault("_events", []).append(event)

    @property
    def has_events(self) -> bool:
        """Tell whether something is remembered that nobody has pulled yet."""
        return bool(self.__dict__.get("_events"))

    def pull_events(self) -> list[Event]:
        """Hand over and forget the recorded events."""
        events: list[Event] = self.__dict__.pop("_events", [])
        return events


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """What another service will see of an event.

    ``subject`` is the aggregate that orders the message. A message with a ``site`` goes to that
    site alone and carries a ``version`` (the highest wins) in place of a sequence.
    ``person`` owns the personal data in the body, if there is any, sealed as it must be.
    """

    type: str
    subject: str
    body: Mapping[str, object]
    site: str | None = None
    version: int | None = None
    person: UUID | None = None


Translate = Callable[[Event], Sequence[Outgoing]]


@dataclass(frozen=True, kw_only=True)
class MessageCause:
    """The message that causes a transaction: applied once, and in its turn.

    ``source`` and ``subject`` name the order; ``sequence`` counts the published messages of that
    aggregate from 1 without a gap. A message with a ``version`` has no sequence.
    """

    id: UUID
    source: str
    subject: str
    sequence: int | None = None
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class RequestCause:
    """The Idempotency-Key of a request: per actor, bound to the digest of what was asked."""

    actor: str
    key: str
    fingerprint: str


Cause = MessageCause | RequestCause
