import threading
import time
from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from sqlalchemy import Engine, select

from shared.clock import utc_now
from shared.crypto.keyring import FolderKeyRing
from shared.events import Outgoing
from shared.messaging.embedded import EmbeddedBroker, install
from shared.messaging.envelope import from_wire
from shared.messaging.sql_outbox import SqlOutbox, tidy_outbox
from shared.messaging.topology import topology
from shared.persistence.engines import postgres_engine
from shared.process.assembly import Stores, message_loops
from tests.integration.shared import ledger
from tests.integration.shared.conftest import StoppedClock
from tests.integration.shared.test_letters import message

PATIENCE = 10.0


@pytest.fixture
def stores(database_url: Callable[[str], str], ring: FolderKeyRing) -> Iterator[Stores]:
    engine = postgres_engine(database_url("ledger"))
    ledger.metadata.create_all(engine)
    yield Stores(engine=engine, mailboxes=ledger.mailboxes, ring=ring, clock=utc_now)
    engine.dispose()


@pytest.fixture
def broker(database_url: Callable[[str], str]) -> Iterator[EmbeddedBroker]:
    url = database_url("broker")
    install(url, topology(["sym"]))
    made = EmbeddedBroker(url)
    yield made
    made.close()


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def test_what_is_committed_reaches_the_other_service_once_and_in_order(
    stores: Stores, broker: EmbeddedBroker
) -> None:
    begin = ledger.transactions(stores.engine, stores.ring, utc_now)
    account = ledger.opened_account(begin)
    stop = threading.Event()
    loops = message_loops(
        stores,
        broker=broker,
        queue="enrollment",
        source="/enrollment",
        dispatcher=ledger.dispatcher(begin),
    )
    threads = [threading.Thread(target=loops["relay"], args=(stop,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for amount in range(1, 21):
        with begin() as work:
            work.accounts.get(account.id).pay(amount)
            work.commit()
    subscription = broker.subscription("vetting")
    got: list[tuple[int | None, object]] = []
    try:
        while len(got) < 20:
            delivery = subscription.receive(PATIENCE)
            assert delivery is not None
            envelope = from_wire(delivery.wire)
            got.append((envelope.sequence, envelope.body["amount"]))
            subscription.acknowledge(delivery)
        assert subscription.receive(0.2) is None
    finally:
        stop.set()
        subscription.close()
        for thread in threads:
            thread.join(PATIENCE)
    assert got == [(n, n) for n in range(1, 21)]


def test_only_one_relay_leads_and_the_next_takes_over(stores: Stores) -> None:
    first, second = (
        SqlOutbox(stores.engine, stores.mailboxes.outbox, stores.clock) for _ in range(2)
    )
    assert first.lead()
    assert not second.lead()
    first.close()
    until(second.lead)
    second.close()


def test_a_message_that_no_queue_takes_is_put_off_and_the_others_go_on(
    stores: Stores, broker: EmbeddedBroker, database_url: Callable[[str], str]
) -> None:
    del broker
    url = database_url("unbound")
    install(url, topology([]))
    lone = EmbeddedBroker(url)
    begin = ledger.transactions(stores.engine, stores.ring, utc_now)
    account = ledger.opened_account(begin)
    boxes = stores.mailboxes
    with begin() as work:
        work.send(Outgoing(type="enrollment.told.v1", subject="c", body={}, site="sym", version=1))
        work.accounts.get(account.id).pay(1)
        work.commit()
    loops = message_loops(
        stores,
        broker=lone,
        queue="enrollment",
        source="/enrollment",
        dispatcher=ledger.dispatcher(begin),
    )
    stop = threading.Event()
    thread = threading.Thread(target=loops["relay"], args=(stop,))
    thread.start()

    def published() -> list[str]:
        with stores.engine.connect() as connection:
            out = boxes.outbox
            chosen = select(out.c.type).where(out.c.published_at.is_not(None))
            return list(connection.scalars(chosen))

    until(lambda: "enrollment.paid.v1" in published())
    stop.set()
    thread.join(PATIENCE)
    lone.close()
    with stores.engine.connect() as connection:
        held = connection.execute(select(boxes.outbox).where(boxes.outbox.c.site == "sym")).one()
    assert held.published_at is None
    assert held.due_at is not None


def test_a_worker_applies_what_another_service_published(
    stores: Stores, broker: EmbeddedBroker
) -> None:
    begin = ledger.transactions(stores.engine, stores.ring, utc_now)
    account = ledger.opened_account(begin)
    loops = message_loops(
        stores,
        broker=broker,
        queue="enrollment",
        source="/enrollment",
        dispatcher=ledger.dispatcher(begin),
    )
    stop = threading.Event()
    threads = [
        threading.Thread(target=loops[name], args=(stop,)) for name in ("consumer", "retry", "net")
    ]
    for thread in threads:
        thread.start()
    publisher = broker.publisher()
    wires = [message(account.id, n, amount=10**n) for n in (1, 2, 3)]
    for wire in (wires[2], wires[0], wires[0], wires[1]):
        publisher.publish(wire)
    publisher.close()

    def balance() -> int:
        with begin() as work:
            return work.accounts.get(UUID(str(account.id))).balance

    until(lambda: balance() == 1110)
    stop.set()
    for thread in threads:
        thread.join(PATIENCE)
    assert stores.dead_letters().count() == 0


def test_published_bodies_are_emptied_after_a_day_and_rows_go_after_a_week(
    engine: Engine, begin: ledger.Transactions, clock: StoppedClock
) -> None:
    account = ledger.opened_account(begin)
    with begin() as work:
        work.accounts.get(account.id).pay(1)
        work.commit()
    out = ledger.mailboxes.outbox
    with engine.begin() as connection:
        connection.execute(out.update().values(published_at=clock()))
        clock.forward(25 * 3600)
        tidy_outbox(connection, out, clock)
        assert connection.execute(select(out.c.body)).scalar_one() is None
        clock.forward(7 * 24 * 3600)
        tidy_outbox(connection, out, clock)
        assert connection.execute(select(out)).all() == []
