"""The files of the compose set-up, loaded by a real broker as the composed one loads them."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pika
import pytest
from pika.exceptions import ChannelClosedByBroker

from deploy.compose.definitions import FILE
from deploy.compose.secrets import BROKER_USERS, write_secrets
from deploy.local.rabbitmq import RabbitServer
from shared.messaging.topology import EXCHANGE
from tests.integration.deploy.test_rabbitmq import channel

LASTING = pika.BasicProperties(delivery_mode=2)


class Composed:
    """A broker with the composed users, and their addresses."""

    def __init__(self, server: RabbitServer, secrets: Path) -> None:
        self._server = server
        self._secrets = secrets

    def url(self, user: str) -> str:
        """Return the address that the composed service ``user`` has, on this server's port."""
        address = (self._secrets / f"{user}-broker-url").read_text()
        password = address.partition("@")[0].rpartition(":")[2]
        return self._server.url_of(BROKER_USERS[user], password)


@pytest.fixture(scope="module")
def composed(server_folder: Path) -> Iterator[Composed]:
    secrets, loaded = server_folder / "compose", server_folder / "definitions.d"
    write_secrets(secrets)
    loaded.mkdir()
    shutil.copy(secrets / "rabbitmq-users", loaded / "10-users.json")
    shutil.copy(FILE, loaded / "20-definitions.json")
    server = RabbitServer(server_folder / "composed")
    try:
        server.start(definitions=loaded)
        yield Composed(server, secrets)
    finally:
        server.stop()


def test_what_a_site_says_reaches_headquarters(composed: Composed) -> None:
    with channel(composed.url("lane-gateway")) as site:
        key = "lane_gateway.sym.feed_applied.v1"
        site.basic_publish(EXCHANGE, key, b"{}", LASTING, mandatory=True)

    with channel(composed.url("enrollment")) as headquarters:
        assert headquarters.basic_get("enrollment", auto_ack=True)[2] == b"{}"


@pytest.mark.parametrize(
    "key", ["vetting.case_decided.v1", "lane_gateway.other.feed_applied.v1", "enrollment.x.v1"]
)
def test_a_site_that_speaks_for_another_is_refused(composed: Composed, key: str) -> None:
    with channel(composed.url("lane-gateway")) as site, pytest.raises(ChannelClosedByBroker):
        site.basic_publish(EXCHANGE, key, b"{}", LASTING, mandatory=True)


def test_a_site_cannot_go_around_the_exchange(composed: Composed) -> None:
    with channel(composed.url("lane-gateway")) as site, pytest.raises(ChannelClosedByBroker):
        site.basic_publish("", "vetting", b"{}", LASTING, mandatory=True)


def test_nobody_declares_a_queue(composed: Composed) -> None:
    for user in BROKER_USERS:
        with channel(composed.url(user)) as opened, pytest.raises(ChannelClosedByBroker):
            opened.queue_declare("of-my-own", durable=True)


def test_a_site_reads_its_own_queue_alone(composed: Composed) -> None:
    with channel(composed.url("lane-gateway")) as site:
        assert site.basic_get("lane_gateway.sym", auto_ack=True) == (None, None, None)
        with pytest.raises(ChannelClosedByBroker):
            site.basic_get("vetting", auto_ack=True)
