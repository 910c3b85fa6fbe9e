"""Question and answer with a reader, written down as generators that know no sockets.

A procedure yields a ``Wait`` and is resumed with what it waited for, or with ``None`` once the time
is over. Answers are told by message id; an answer that nobody waits for any more is ignored.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, TypeVar

from services.lane_gateway.devices.llrp.errors import DecodeError
from services.lane_gateway.devices.llrp.settings import ANSWER_SECONDS
from services.lane_gateway.devices.llrp.tables import ENUMS, MESSAGES
from services.lane_gateway.devices.llrp.tags import Sighting
from services.lane_gateway.devices.llrp.values import Message, Parameter, Value
from services.lane_gateway.use_cases.ports import ReaderBusy, ReaderLost, ReaderRefused

ERROR = "ERROR_MESSAGE"
LAST_ID = 2**32 - 1
_STATUS_NAMES = {number: name for name, number in ENUMS["StatusCode"].items()}
_T = TypeVar("_T")


@dataclass(frozen=True, kw_only=True)
class Wait:
    """What a procedure waits for, for how long, and what it has to say first.

    An answer may stand in line behind thousands of replayed reports: ``queues`` waits for it as
    long as they come.
    """

    seconds: float
    wants: Callable[[Message | Sighting], bool]
    send: Message | None = None
    queues: bool = False


Procedure = Generator[Wait, Message | Sighting | None, _T]


class Voice:
    """Gives our messages their ids, and the version that was agreed upon."""

    def __init__(self) -> None:
        self.version = 1
        self._id = 0

    def message(self, name: str, *parameters: Parameter, **fields: Value) -> Message:
        """Make the next message."""
        self._id = self._id % LAST_ID + 1
        return Message(name, fields, parameters, id=self._id, version=self.version)


def ask(request: Message, seconds: float = ANSWER_SECONDS) -> Procedure[Message | None]:
    """Send a request and return its answer, ``None`` if there is none in time."""
    expected = {MESSAGES[request.name].response, ERROR}

    def answers(came: Message | Sighting) -> bool:
        return isinstance(came, Message) and came.id == request.id and came.name in expected

    answer = yield Wait(seconds=seconds, wants=answers, send=request, queues=True)
    return answer if isinstance(answer, Message) else None


def status(answer: Message) -> int:
    """Return the status code of an answer; 0 is success."""
    return answer.get("LLRPStatus").number("StatusCode")


def status_name(answer: Message) -> str:
    """Return the standard's word for the status of an answer."""
    return _STATUS_NAMES.get(status(answer), str(status(answer)))


def tolerate(request: Message) -> Procedure[bool]:
    """Send a request that may be refused, and tell whether it was granted; or ``ReaderLost``."""
    answer = yield from ask(request)
    if answer is None:
        raise ReaderLost(f"The reader did not answer {request.name}")
    return answer.name != ERROR and status(answer) == 0


def demand(request: Message) -> Procedure[Message]:
    """Send a request that must be granted; else ``ReaderLost`` or ``ReaderRefused``."""
    answer = yield from ask(request)
    if answer is None:
        raise ReaderLost(f"The reader did not answer {request.name}")
    if answer.name == ERROR or status(answer) != 0:
        raise ReaderRefused(f"The reader refused {request.name}: {status_name(answer)}")
    return answer


class Dialogue:
    """Runs one procedure at a time; what is to be sent collects in ``outbox``."""

    def __init__(self) -> None:
        self.outbox: list[Message] = []
        self.result: object = None
        self._procedure: Procedure[Any] | None = None
        self._wait: Wait | None = None
        self._until = 0.0

    @property
    def busy(self) -> bool:
        """Whether a procedure is under way."""
        return self._procedure is not None

    @property
    def until(self) -> float | None:
        """When the procedure's patience ends, if one is under way."""
        return self._until if self._wait is not None else None

    def start(self, procedure: Procedure[Any], now: float) -> None:
        """Begin a procedure; its ``result`` is there once it is no longer ``busy``."""
        self._procedure, self.result = procedure, None
        self._resume(None, now)

    def offer(self, came: Message | Sighting, now: float) -> bool:
        """Hand over what came; tell whether the procedure had waited for it."""
        if self._wait is None or not self._wait.wants(came):
            return False
        self._resume(came, now)
        return True

    def tick(self, now: float) -> None:
        """Tell the procedure when its time is over."""
        if self._wait is not None and now >= self._until:
            self._resume(None, now)

    def keep_waiting(self, now: float) -> None:
        """Give an answer more time, since the reader is busy sending what it had kept."""
        if self._wait is not None and self._wait.queues:
            self._until = now + self._wait.seconds

    def cancel(self) -> None:
        """Give the procedure up."""
        if self._procedure is not None:
            self._procedure.close()
        self._procedure = self._wait = None

    def _resume(self, came: Message | Sighting | None, now: float) -> None:
        if self._procedure is None:
            return
        try:
            wait = self._procedure.send(came)
        except StopIteration as stop:
            self.result = stop.value
            self._procedure = self._wait = None
            return
        except (ReaderBusy, ReaderRefused, ReaderLost):
            self._procedure = self._wait = None
            raise
        except DecodeError as error:
            self._procedure = self._wait = None
            raise ReaderRefused(f"The reader's answer cannot be read: {error}") from error
        if wait.send is not None:
            self.outbox.append(wait.send)
        self._wait, self._until = wait, now + wait.seconds
