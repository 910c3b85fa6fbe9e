"""Take messages from a queue, apply each once and in its turn, and acknowledge after the commit."""

from threading import Event

from structlog import get_logger

from shared.errors import TrustlaneError, Unavailable
from shared.messaging.broker import Broker, Delivery, Subscription, Wire
from shared.messaging.dead_letters import DeadLetters
from shared.messaging.dispatcher import Dispatcher, Fate, Outcome
from shared.messaging.envelope import Envelope, from_wire
from shared.messaging.postponed import Postponed

log = get_logger(__name__)

RECEIVE_TIMEOUT = 0.5  # seconds: how soon a stop is noticed
PAUSE_WHEN_AWAY = 1.0  # seconds before the database or broker is asked again


class Consumer:
    """Feeds one queue, and what was postponed from it, to a dispatcher."""

    def __init__(
        self,
        *,
        broker: Broker,
        queue: str,
        dispatcher: Dispatcher,
        postponed: Postponed,
        dead_letters: DeadLetters,
    ) -> None:
        self._broker = broker
        self._queue = queue
        self._dispatch = dispatcher
        self._postponed = postponed
        self._dead = dead_letters

    def run(self, stop: Event) -> None:
        """Consume until ``stop`` is set; outlive the broker and the database being away."""
        subscription = self._broker.subscription(self._queue)
        try:
            while not stop.is_set():
                self._next(subscription, stop)
        finally:
            subscription.close()

    def run_net(self, queue: str, stop: Event) -> None:
        """Drain ``queue``, the broker's own net of dead letters, into the table, with an alarm."""
        subscription = self._broker.subscription(queue)
        try:
            while not stop.is_set():
                try:
                    delivery = subscription.receive(RECEIVE_TIMEOUT)
                    if delivery is None:
                        continue
                    log.error("delivery_limit_reached", routing_key=delivery.wire.routing_key)
                    self._bury(delivery.wire, code="delivery_limit", error="Given back too often")
                    subscription.acknowledge(delivery)
                except Unavailable as error:
                    log.warning("consumer_waits", queue=queue, error=str(error))
                    stop.wait(PAUSE_WHEN_AWAY)
        finally:
            subscription.close()

    def retry_due(self) -> int:
        """Try the postponed messages whose time has come; return how many were settled."""
        settled = 0
        for due in self._postponed.due():
            if due.wire is None or self.apply(due.wire):
                self._postponed.settle(due.message_id)
                settled += 1
        return settled

    def apply(self, wire: Wire) -> bool:
        """Apply a message, or put it where it is kept; true when nothing of it is postponed.

        When this returns, whatever became of the message is committed. Raise ``Unavailable`` if
        not even that could be done.
        """
        try:
            envelope = from_wire(wire)
        except TrustlaneError as error:
            log.warning("message_refused", code=error.code, routing_key=wire.routing_key)
            self._dead.bury(None, wire, code=error.code, error=str(error))
            return True
        outcome = self._dispatch(envelope)
        if outcome.fate is Fate.PASSED_BY:
            outcome = self._pass_by(envelope)
        return self._settle(envelope, wire, outcome)

    def _next(self, subscription: Subscription, stop: Event) -> None:
        delivery: Delivery | None = None
        try:
            delivery = subscription.receive(RECEIVE_TIMEOUT)
            if delivery is not None:
                self.apply(delivery.wire)
                subscription.acknowledge(delivery)
        except Unavailable as error:
            log.warning("consumer_waits", queue=self._queue, error=str(error))
            stop.wait(PAUSE_WHEN_AWAY)
            if delivery is not None:
                subscription.give_back(delivery)

    def _pass_by(self, envelope: Envelope) -> Outcome:
        return Dispatcher(
            service=self._dispatch.service,
            handlers={envelope.type: self._postponed.pass_by},
            ignored=frozenset(),
        )(envelope)

    def _settle(self, envelope: Envelope, wire: Wire, outcome: Outcome) -> bool:
        details = {"type": envelope.type, "message": str(envelope.id), "code": outcome.code}
        match outcome.fate:
            case Fate.RETRY | Fate.WAIT:
                counts = outcome.fate is Fate.RETRY
                error = outcome.error or outcome.code
                if self._postponed.keep(envelope, wire, error, counts=counts):
                    log.info("message_postponed", **details)
                    return False
                log.error("message_exhausted", **details)
                self._dead.bury(envelope, wire, code="exhausted", error=error)
            case Fate.DEAD:
                log.error("message_dead", error=outcome.error, **details)
                self._dead.bury(envelope, wire, code=outcome.code, error=outcome.error)
            case Fate.REPEATED:
                log.info("message_repeated", **details)
            case Fate.APPLIED | Fate.PASSED_BY:
                log.debug("message_applied", **details)
        return True

    def _bury(self, wire: Wire, *, code: str, error: str) -> None:
        try:
            envelope = from_wire(wire)
        except TrustlaneError:
            envelope = None
        self._dead.bury(envelope, wire, code=code, error=error)
