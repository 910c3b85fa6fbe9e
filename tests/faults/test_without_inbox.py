"""The control run: the same deaths with the inbox and without, on an effect with no key of its own.

A balance cannot notice that the same payment was added twice. So a fault test that passes shows
something only if leaving the inbox out makes this one go wrong.
"""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, func, select

from deploy.local.children import tethered
from deploy.local.paths import ROOT
from deploy.local.processes import passed_on
from deploy.local.rabbitmq import RabbitServer
from shared.clock import utc_now
from shared.crypto.keyring import FolderKeyRing
from shared.messaging.amqp import AmqpBroker, declare
from shared.messaging.envelope import Envelope, to_wire
from shared.messaging.topology import topology
from shared.persistence.engines import postgres_engine
from tests.conftest import DatabaseUrl
from tests.integration.shared import ledger

PAYMENTS = 12
DEATHS = 3
LIVES = 3
"""Each consumer acknowledges two messages and dies on the third, whose effect is committed."""
PATIENCE = 60.0


class Bank:
    """An account, the queue of payments to it, and the consumers that apply them."""

    def __init__(self, engine: Engine, broker_url: str, keys: Path) -> None:
        self._engine = engine
        self._broker_url = broker_url
        self._keys = keys
        self._begin = ledger.transactions(engine, FolderKeyRing(keys), utc_now)
        self._account: UUID = ledger.opened_account(self._begin).id

    def send_payments(self) -> None:
        broker = AmqpBroker(self._broker_url, name="bank")
        publisher = broker.publisher()
        for number in range(1, PAYMENTS + 1):
            publisher.publish(to_wire(self._payment(number)))
        broker.close()

    def consume(self, inbox: str, *, lives: int) -> int:
        """Run a consumer to its end and return its status."""
        url = self._engine.url.render_as_string(hide_password=False)
        words = [url, self._broker_url, str(self._keys), inbox, str(lives)]
        command = [sys.executable, "-m", "tests.faults.paying_consumer", *words]
        done = subprocess.run(
            tethered(command),
            cwd=ROOT,
            env=passed_on(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode in {0, -signal.SIGKILL}, done.stderr
        return done.returncode

    def balance(self) -> int:
        with self._begin() as work:
            return work.accounts.get(self._account).balance

    def claims(self) -> int:
        with self._engine.connect() as connection:
            inbox = select(func.count()).select_from(ledger.mailboxes.inbox)
            return int(connection.scalar(inbox) or 0)

    def _payment(self, number: int) -> Envelope:
        return Envelope(
            id=uuid4(),
            type="vetting.paid.v1",
            source="/vetting",
            subject=str(self._account),
            time=utc_now(),
            request_id="r-1",
            body={"account_id": str(self._account), "amount": 1},
            sequence=number,
        )


@pytest.fixture
def bank(rabbitmq: RabbitServer, database_url: DatabaseUrl, tmp_path: Path) -> Iterator[Bank]:
    keys = tmp_path / "keys"
    FolderKeyRing(keys).ensure(["kek", "blind-index"])
    engine = postgres_engine(database_url("ledger"))
    ledger.metadata.create_all(engine)
    broker_url = rabbitmq.new_vhost(f"control-{uuid4().hex[:8]}")
    declare(broker_url, topology([]))
    yield Bank(engine, broker_url, keys)
    engine.dispose()


def applied_through_deaths(bank: Bank, inbox: str) -> int:
    bank.send_payments()
    deaths = [bank.consume(inbox, lives=LIVES) for _ in range(DEATHS)]
    assert deaths == [-signal.SIGKILL] * DEATHS
    assert bank.consume(inbox, lives=0) == 0
    return bank.balance()


def test_with_the_inbox_each_payment_counts_once(bank: Bank) -> None:
    assert applied_through_deaths(bank, "with") == PAYMENTS
    assert bank.claims() == PAYMENTS


def test_without_the_inbox_payments_count_twice(bank: Bank) -> None:
    balance = applied_through_deaths(bank, "without")

    assert balance >= PAYMENTS + DEATHS, "each death must have doubled a payment"
    assert bank.claims() == 0
