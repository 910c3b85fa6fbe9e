"""Who may say and hear what: RabbitMQ started with our definitions, one user each."""

from collections.abc import Iterator
from pathlib import Path
from secrets import token_urlsafe
from tempfile import mkdtemp

import pytest

from deploy.local.rabbitmq import RabbitServer
from shared.errors import Unavailable
from shared.messaging.amqp import AmqpBroker, declare
from shared.messaging.broker import Refused
from shared.messaging.topology import definitions, topology, users
from tests.contract.places import PATIENCE, QUIET, drain, must_read, texts, wire

LAYOUT = topology(["sym", "otm"])
PASSWORDS = {name: token_urlsafe(16) for name in users(LAYOUT)}
ADMIN = "operator"


@pytest.fixture(scope="module")
def guarded(server_folder: Path) -> Iterator[RabbitServer]:
    """A node that was started with the definitions."""
    server = RabbitServer(Path(mkdtemp(dir=server_folder, prefix="g")))
    server.start(definitions=definitions(LAYOUT, PASSWORDS))
    yield server
    server.stop()


class Users:
    """Opens the broker as any of its users."""

    def __init__(self, server: RabbitServer) -> None:
        self._server = server
        self._open: list[AmqpBroker] = []

    def url(self, name: str) -> str:
        return self._server.url_of(name, PASSWORDS[name])

    def broker(self, name: str) -> AmqpBroker:
        self._open.append(AmqpBroker(self.url(name), name=name, head_seconds=1))
        return self._open[-1]

    def close(self) -> None:
        for broker in self._open:
            broker.close()


@pytest.fixture
def opened(guarded: RabbitServer) -> Iterator[Users]:
    every = Users(guarded)
    yield every
    every.close()


def test_a_site_tells_both_services_what_happened_in_its_lanes(opened: Users) -> None:
    message = wire("lane_gateway.sym.passage_recorded.v1", "passed")

    opened.broker("lane_gateway.sym").publisher().publish(message)

    for service in ("enrollment", "vetting"):
        end = opened.broker(service).subscription(service)
        assert texts(drain(end)) == ["passed"]


@pytest.mark.parametrize(
    ("user", "routing_key"),
    [
        ("lane_gateway.sym", "vetting.case_decided.v1"),
        ("lane_gateway.sym", "enrollment.membership_started.v1"),
        ("lane_gateway.sym", "enrollment.display_record_sent.v1.otm"),
        ("lane_gateway.sym", "lane_gateway.otm.passage_recorded.v1"),
        ("lane_gateway.sym", "lane_gateway.sym.passage_recorded.v1.otm"),
        ("lane_gateway.sym", "lane_gateway.passage_recorded.v1"),
        ("vetting", "enrollment.membership_started.v1"),
        ("vetting", "lane_gateway.sym.passage_recorded.v1"),
        ("enrollment", "vetting.case_decided.v1"),
    ],
)
def test_nobody_speaks_for_another(opened: Users, user: str, routing_key: str) -> None:
    publisher = opened.broker(user).publisher()

    with pytest.raises(Refused, match=routing_key):
        publisher.publish(wire(routing_key))

    for service in ("enrollment", "vetting"):
        assert drain(opened.broker(service).subscription(service)) == []


def test_a_refused_publisher_can_go_on(opened: Users) -> None:
    publisher = opened.broker("lane_gateway.sym").publisher()
    with pytest.raises(Refused):
        publisher.publish(wire("vetting.case_decided.v1"))

    publisher.publish(wire("lane_gateway.sym.feed_applied.v1", "applied"))

    for service in ("enrollment", "vetting"):
        assert texts(drain(opened.broker(service).subscription(service))) == ["applied"]


def test_the_log_is_written_by_enrollment_and_read_by_sites(opened: Users) -> None:
    opened.broker("enrollment").log_writer().append(1, b"issued")

    entry = must_read(opened.broker("lane_gateway.otm").log_reader(0).read(PATIENCE))

    assert entry.data == b"issued"


@pytest.mark.parametrize("user", ["lane_gateway.sym", "vetting"])
def test_others_cannot_write_the_log(opened: Users, user: str) -> None:
    writer = opened.broker(user).log_writer()

    with pytest.raises(Refused):
        writer.append(2, b"forged")


@pytest.mark.parametrize(
    ("user", "queue"),
    [
        ("lane_gateway.sym", "lane_gateway.otm"),
        ("lane_gateway.sym", "enrollment"),
        ("lane_gateway.sym", "vetting.dead"),
        ("vetting", "enrollment"),
        ("enrollment", "lane_gateway.sym"),
    ],
)
def test_nobody_hears_what_is_for_another(opened: Users, user: str, queue: str) -> None:
    subscription = opened.broker(user).subscription(queue)

    with pytest.raises(Unavailable, match="ACCESS_REFUSED"):
        subscription.receive(1)


def test_a_site_hears_what_is_addressed_to_it(opened: Users) -> None:
    publisher = opened.broker("enrollment").publisher()
    publisher.publish(wire("enrollment.display_record_sent.v1.sym", "sealed"))

    assert texts(drain(opened.broker("lane_gateway.sym").subscription("lane_gateway.sym"))) == [
        "sealed"
    ]
    assert opened.broker("lane_gateway.otm").subscription("lane_gateway.otm").receive(QUIET) is None


def test_everybody_drains_the_dead_letters_of_the_own_queue(opened: Users) -> None:
    for user in users(LAYOUT):
        assert opened.broker(user).subscription(f"{user}.dead").receive(QUIET) is None


@pytest.mark.parametrize("user", users(LAYOUT))
def test_nobody_declares_anything(opened: Users, user: str) -> None:
    with pytest.raises(Unavailable, match="ACCESS_REFUSED"):
        declare(opened.url(user), topology(["new"]))


def test_declaring_makes_the_same_as_the_definitions(guarded: RabbitServer) -> None:
    password = token_urlsafe(16)
    guarded.ctl("add_user", ADMIN, password)
    guarded.ctl("set_permissions", "-p", "/", ADMIN, ".*", ".*", ".*")

    declare(guarded.url_of(ADMIN, password), LAYOUT)
