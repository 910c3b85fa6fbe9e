"""RabbitMQ: the only file that knows pika.

Queues use a ``BlockingConnection`` per end. The log is a stream and is read by a
``SelectConnection``: on cancel or close a ``BlockingConnection`` sends ``basic.nack``, which
streams refuse with 540. Either stands in a thread of its own (``line.py``).
"""

import ssl
import time
from collections.abc import Callable, Mapping
from contextlib import suppress

import pika
from pika import exceptions
from pika.adapters.blocking_connection import BlockingChannel
from pika.channel import Channel
from pika.spec import Basic, BasicProperties

from shared.errors import Unavailable
from shared.messaging import amqp_ends as ends
from shared.messaging import amqp_limits as limits
from shared.messaging.broker import LogEntry, Refused, Unroutable, Wire
from shared.messaging.log_position import LogPosition, Step
from shared.messaging.open_ends import OpenEnds
from shared.messaging.topology import EXCHANGES, STREAM, Topology, links, queues

PERSISTENT = pika.DeliveryMode.Persistent
ACCESS_REFUSED = 403
OFFSET_HEADER = "x-stream-offset"


class AmqpBroker(OpenEnds):
    """The RabbitMQ at ``url``, whose topology was declared; ``name`` is shown in its lists.

    A log reader waits ``head_seconds`` for the next entry before it doubts its offset.
    """

    def __init__(self, url: str, *, name: str, head_seconds: float = limits.HEAD_SECONDS) -> None:
        super().__init__()
        self._parameters = _parameters(url, name)
        self._head_seconds = head_seconds

    def publisher(self) -> ends.AmqpPublisher:
        """Open an end for sending."""
        return self.add(ends.AmqpPublisher(lambda: _sending(self._parameters), _said))

    def subscription(self, queue: str, *, prefetch: int = 16) -> ends.AmqpSubscription:
        """Open an end for receiving; up to ``prefetch`` messages are under way to it."""
        return self.add(
            ends.AmqpSubscription(
                lambda arrived: _receiving(self._parameters, queue, prefetch, arrived), _said
            )
        )

    def log_writer(self) -> ends.AmqpLogWriter:
        """Open the writing end of the log."""
        return self.add(ends.AmqpLogWriter(lambda: _sending(self._parameters), _said))

    def log_reader(self, after_number: int) -> ends.AmqpLogReader:
        """Open a reading end that gives the entries after ``after_number``."""
        position = LogPosition(after_number)
        return self.add(
            ends.AmqpLogReader(
                lambda arrived: _StreamLink(
                    self._parameters, position, arrived=arrived, head_seconds=self._head_seconds
                ),
                _said,
            )
        )


def declare(url: str, topology: Topology) -> None:
    """Make exchanges, queues, bindings and the log, for demo and tests; harmless when they exist.

    Raise ``Unavailable`` if the broker does not answer or has one of them in another form.
    """
    try:
        with pika.BlockingConnection(_parameters(url, "declare")) as connection:
            channel = connection.channel()
            for exchange, kind in EXCHANGES.items():
                channel.exchange_declare(exchange, kind, durable=True)
            for queue, arguments in queues(topology).items():
                channel.queue_declare(queue, durable=True, arguments=arguments)
            for source, queue, key in links(topology):
                channel.queue_bind(queue, source, key)
    except exceptions.AMQPError as error:
        raise Unavailable(_said(error)) from None


class _QueueLink:
    """A connection with one channel, for publishing or for one queue."""

    def __init__(
        self, parameters: pika.URLParameters, prepare: Callable[[BlockingChannel], None]
    ) -> None:
        self._connection = pika.BlockingConnection(parameters)
        try:
            self._channel = self._connection.channel()
            prepare(self._channel)
        except BaseException:
            self.close()
            raise

    def send(self, exchange: str, key: str, body: bytes, headers: Mapping[str, str | int]) -> None:
        """Publish persistent and mandatory, and return after the confirm."""
        properties = BasicProperties(
            content_type="application/json", delivery_mode=PERSISTENT, headers=dict(headers)
        )
        try:
            self._channel.basic_publish(exchange, key, body, properties, mandatory=True)
        except exceptions.UnroutableError:
            raise Unroutable(f"no queue is bound for {key}") from None
        except exceptions.NackError:
            raise Unavailable(f"the broker could not keep {key}") from None
        except exceptions.ChannelClosedByBroker as error:
            if error.reply_code != ACCESS_REFUSED:
                raise
            raise Refused(f"this user may not write {key} to {exchange}") from None

    def acknowledge(self, tag: int) -> None:
        """Let the broker forget the message."""
        self._channel.basic_ack(tag)

    def give_back(self, tag: int) -> None:
        """Let the broker deliver the message again."""
        self._channel.basic_nack(tag)

    def process(self, seconds: float) -> None:
        """Take in what comes, for ``seconds`` or until woken."""
        self._connection.process_data_events(seconds)
        if self._channel.is_closed:
            raise exceptions.ChannelWrongStateError("the broker closed the channel")

    def wake(self) -> None:
        """Make ``process`` return."""
        with suppress(exceptions.AMQPError):  # lost meanwhile; its thread knows
            self._connection.add_callback_threadsafe(lambda: None)

    def close(self) -> None:
        """Say goodbye, if there is still somebody to hear it."""
        if self._connection.is_open:
            with suppress(exceptions.AMQPError):
                self._connection.close()


def _sending(parameters: pika.URLParameters) -> _QueueLink:
    return _QueueLink(parameters, BlockingChannel.confirm_delivery)


def _receiving(
    parameters: pika.URLParameters, queue: str, prefetch: int, arrived: ends.OnMessage
) -> _QueueLink:
    def deliver(
        _channel: BlockingChannel, method: Basic.Deliver, properties: BasicProperties, body: bytes
    ) -> None:
        given = properties.headers or {}
        headers = {name: value for name, value in given.items() if isinstance(value, str)}
        wire = Wire(routing_key=method.routing_key or "", headers=headers, body=body)
        arrived(method.delivery_tag or 0, wire, bool(method.redelivered))

    def consume(channel: BlockingChannel) -> None:
        channel.add_on_cancel_callback(_cancelled)
        channel.basic_qos(prefetch_count=prefetch)
        channel.basic_consume(queue, deliver)

    return _QueueLink(parameters, consume)


class _StreamLink:
    """A connection that has subscribed to the stream."""

    def __init__(
        self,
        parameters: pika.URLParameters,
        position: LogPosition,
        *,
        arrived: ends.OnEntry,
        head_seconds: float,
    ) -> None:
        self._position = position
        self._arrived = arrived
        self._ended: BaseException | None = None
        self._channel: Channel | None = None
        self._connection = pika.SelectConnection(
            parameters,
            on_open_callback=lambda connection: connection.channel(on_open_callback=self._consume),
            on_open_error_callback=lambda _, error: self._end(error),
            on_close_callback=lambda _, error: self._end(error),
        )
        self._loop = self._connection.ioloop
        self._loop.call_later(head_seconds, self._doubt)
        try:
            self._await_subscription()
        except BaseException:
            self.close()
            raise

    def process(self, seconds: float) -> None:
        """Take in what comes, for ``seconds`` or until woken."""
        self._run_loop(seconds)
        if self._ended is not None:
            raise self._ended

    def wake(self) -> None:
        """Make ``process`` return."""
        self._loop.add_callback_threadsafe(self._loop.stop)

    def acknowledge(self, tag: int) -> None:
        """Make room for another entry."""
        if self._channel is not None and self._channel.is_open:
            self._channel.basic_ack(tag)

    def close(self) -> None:
        """Say goodbye, if there is still somebody to hear it, and close the loop."""
        deadline = time.monotonic() + limits.SOCKET_SECONDS
        with suppress(exceptions.AMQPError):  # closed already
            self._connection.close()
        while not self._connection.is_closed and time.monotonic() < deadline:
            self._run_loop(limits.SOCKET_SECONDS)
        self._loop.close()

    def _await_subscription(self) -> None:
        self.process(limits.STACK_SECONDS)
        if self._channel is None:
            raise exceptions.AMQPConnectionError("no subscription in time")

    def _run_loop(self, seconds: float) -> None:
        timer = self._loop.call_later(seconds, self._loop.stop)
        self._loop.start()
        self._loop.remove_timeout(timer)

    def _consume(self, channel: Channel) -> None:
        channel.add_on_close_callback(lambda _, error: self._end(error))
        channel.add_on_cancel_callback(lambda _: self._end(exceptions.ConsumerCancelled()))
        channel.basic_qos(prefetch_count=limits.STREAM_PREFETCH)
        channel.basic_consume(
            STREAM,
            self._deliver,
            arguments={OFFSET_HEADER: self._position.subscribe()},
            callback=lambda _: self._subscribed(channel),
        )

    def _subscribed(self, channel: Channel) -> None:
        self._channel = channel
        self._loop.stop()

    def _deliver(
        self, channel: Channel, method: Basic.Deliver, properties: BasicProperties, body: bytes
    ) -> None:
        headers, tag = properties.headers or {}, method.delivery_tag or 0
        number = _whole(headers.get(ends.NUMBER_HEADER))
        match self._position.arrived(number, _whole(headers.get(OFFSET_HEADER))):
            case Step.TAKE:
                self._arrived(tag, LogEntry(number=number, data=body))
            case Step.DROP:
                channel.basic_ack(tag)
            case Step.ANEW:
                self._end(_OffsetUnfitError())

    def _doubt(self) -> None:
        if self._position.silent() is Step.ANEW:
            self._end(_OffsetUnfitError())

    def _end(self, error: BaseException) -> None:
        self._ended = self._ended or error
        self._loop.stop()


class _OffsetUnfitError(exceptions.AMQPError):
    """The stream is not the one that the offset was taken from."""


def _parameters(url: str, name: str) -> pika.URLParameters:
    given = pika.URLParameters(url)
    given.heartbeat = limits.HEARTBEAT_SECONDS
    given.blocked_connection_timeout = limits.BLOCKED_SECONDS
    given.socket_timeout = limits.SOCKET_SECONDS
    given.stack_timeout = limits.STACK_SECONDS
    given.connection_attempts = 1
    given.tcp_options = dict(limits.KEEPALIVE)
    given.client_properties = {"connection_name": name}
    if given.ssl_options is not None:
        given.ssl_options = pika.SSLOptions(ssl.create_default_context(), given.host)
    return given


def _whole(value: object) -> int:
    """Return a header's number; 0, which every reader has had, where there is none."""
    return value if isinstance(value, int) else 0


def _cancelled(_frame: object) -> None:
    """End the link: the broker took the queue away, or its leader moved."""
    raise exceptions.ConsumerCancelled


def _said(error: BaseException) -> str:
    """Describe ``error`` without anything that was sent."""
    name, text = type(error).__name__, getattr(error, "reply_text", "")
    return f"the broker failed: {name} {text}".rstrip()
