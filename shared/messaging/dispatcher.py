"""Give each message to its handler, and say what shall become of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from marshmallow import ValidationError
from structlog import get_logger

from shared.context import acting
from shared.errors import AlreadyDone, OutOfTurn, Stale, TrustlaneError, Unavailable
from shared.messaging.envelope import Envelope

log = get_logger(__name__)

Handler = Callable[[Envelope], None]


class Fate(Enum):
    """What becomes of a message."""

    APPLIED = "applied"
    REPEATED = "repeated"
    PASSED_BY = "passed_by"
    RETRY = "retry"
    WAIT = "wait"
    DEAD = "dead"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """A message's fate, with the code and the text of what went wrong."""

    fate: Fate
    code: str = ""
    error: str = ""


@dataclass(frozen=True, kw_only=True)
class Dispatcher:
    """A service's handlers by message type, and the types that it takes note of without effect."""

    service: str
    handlers: Mapping[str, Handler] = field(repr=False)
    ignored: frozenset[str]

    def __call__(self, envelope: Envelope) -> Outcome:
        """Apply the message; never raise."""
        with acting(actor=f"service:{self.service}", request_id=envelope.request_id):
            return self._dispatch(envelope)

    def _dispatch(self, envelope: Envelope) -> Outcome:
        if envelope.type in self.ignored:
            return Outcome(fate=Fate.PASSED_BY)
        handler = self.handlers.get(envelope.type)
        if handler is None:
            return Outcome(fate=Fate.DEAD, code="unknown_type", error=f"Unknown: {envelope.type}")
        try:
            handler(envelope)
        except Exception as error:  # noqa: BLE001 - every failure has its fate
            return _outcome_of(error, envelope)
        return Outcome(fate=Fate.APPLIED)


def _outcome_of(error: Exception, envelope: Envelope) -> Outcome:
    match error:
        case AlreadyDone():
            return Outcome(fate=Fate.REPEATED)
        case OutOfTurn():
            return Outcome(fate=Fate.WAIT, code=error.code, error=str(error))
        case Stale() | Unavailable():
            return Outcome(fate=Fate.RETRY, code=error.code, error=str(error))
        case ValidationError():
            # The paths alone: a message's text may quote the value.
            paths = ", ".join(sorted(str(path) for path in error.messages_dict))
            return Outcome(fate=Fate.DEAD, code="invalid_input", error=f"Invalid: {paths}")
        case TrustlaneError():
            return Outcome(fate=Fate.DEAD, code=error.code, error=str(error))
        case _:
            log.error(
                "handler_failed", type=envelope.type, message=str(envelope.id), exc_info=error
            )
            return Outcome(fate=Fate.RETRY, code="bug", error=type(error).__name__)
