"""The whole system on a private RabbitMQ, started once for the end-to-end tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.rabbitmq import RabbitServer
from deploy.local.running import Installation, running_demo


@pytest.fixture(scope="session")
def installation(server_folder: Path, rabbitmq: RabbitServer) -> Iterator[Installation]:
    """A running, seeded installation; a test that kills parts of one starts its own."""
    with running_demo(server_folder / "e2e", broker=rabbitmq.new_vhost("e2e")) as running:
        yield running
