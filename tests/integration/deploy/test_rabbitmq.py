import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pika
import pytest
from pika.adapters.blocking_connection import BlockingChannel
from pika.exceptions import AMQPError

from deploy.local import children
from deploy.local.folders import InUse
from deploy.local.rabbitmq import RabbitServer

BOTH_KINDS = {"orders": "quorum", "feed": "stream"}
ELECTION_PATIENCE = 30.0
REGISTRATION_SECONDS = 4.0
"""A node notes only after up to 3 s that it has a stream; killed before, it loses it for good."""


@contextmanager
def channel(url: str) -> Iterator[BlockingChannel]:
    with closing(pika.BlockingConnection(pika.URLParameters(url))) as connection:
        opened = connection.channel()
        opened.confirm_delivery()
        yield opened


def declare_both_kinds(url: str) -> None:
    with channel(url) as opened:
        for name, kind in BOTH_KINDS.items():
            opened.queue_declare(name, durable=True, arguments={"x-queue-type": kind})


def declare_when_elected(url: str) -> None:
    deadline = time.monotonic() + ELECTION_PATIENCE
    while True:
        try:
            return declare_both_kinds(url)
        except AMQPError:  # a restarted node answers before its streams have a leader
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def test_a_virtual_host_of_ones_own_takes_quorum_queues_and_streams(
    rabbitmq: RabbitServer,
) -> None:
    url = rabbitmq.new_vhost("own")

    declare_both_kinds(url)

    listed = rabbitmq.ctl("list_queues", "-p", "own", "name", "type")
    assert "orders\tquorum" in listed
    assert "feed\tstream" in listed


def test_it_keeps_to_ports_below_those_of_outgoing_calls(rabbitmq: RabbitServer) -> None:
    assert 1024 < rabbitmq.port < 32768


def test_a_second_start_on_a_live_node_is_refused(private_rabbitmq: RabbitServer) -> None:
    before = private_rabbitmq.pid

    with pytest.raises(InUse):
        private_rabbitmq.start()
    with pytest.raises(InUse):
        RabbitServer(private_rabbitmq.folder).start()

    assert private_rabbitmq.pid == before
    assert private_rabbitmq.answers()


def test_a_kill_kills_and_a_start_finds_the_messages(private_rabbitmq: RabbitServer) -> None:
    declare_both_kinds(private_rabbitmq.url)
    time.sleep(REGISTRATION_SECONDS)
    with channel(private_rabbitmq.url) as opened:
        opened.basic_publish("", "orders", b"kept", pika.BasicProperties(delivery_mode=2))
    pid = private_rabbitmq.pid
    assert pid is not None
    helpers = children.children_of(pid)

    private_rabbitmq.kill9()

    assert helpers
    assert children.wait_gone([pid, *helpers]) == []
    assert not private_rabbitmq.answers()
    with pytest.raises(ProcessLookupError):
        private_rabbitmq.kill9()

    private_rabbitmq.start()
    declare_when_elected(private_rabbitmq.url)
    with channel(private_rabbitmq.url) as opened:
        assert opened.basic_get("orders", auto_ack=True)[2] == b"kept"


def test_definitions_make_users_before_the_node_takes_connections(server_folder: Path) -> None:
    server = RabbitServer(server_folder / "defined")
    everything = {"configure": "^$", "write": "^$", "read": ".*"}
    definitions: dict[str, object] = {
        "users": [{"name": "reader", "password": "reader-of-tests", "tags": ""}],
        "vhosts": [{"name": "/"}],
        "permissions": [{"user": "reader", "vhost": "/", **everything}],
        "queues": [
            {
                "name": "orders",
                "vhost": "/",
                "durable": True,
                "auto_delete": False,
                "arguments": {"x-queue-type": "quorum"},
            }
        ],
    }
    try:
        server.start(definitions=definitions)
        with channel(server.url_of("reader", "reader-of-tests")) as opened:
            assert opened.basic_get("orders", auto_ack=True) == (None, None, None)
    finally:
        server.stop()
