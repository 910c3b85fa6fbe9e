import random
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, select

from shared.crypto.keyring import FolderKeyRing
from shared.errors import NotFound
from shared.messaging.broker import Wire
from shared.messaging.consumer import Consumer
from shared.messaging.dead_letters import DeadLetters
from shared.messaging.embedded import EmbeddedBroker
from shared.messaging.envelope import Envelope, to_wire
from shared.messaging.letter_box import LetterBox
from shared.messaging.postponed import MAX_TRIES, Postponed
from tests.integration.shared.conftest import StoppedClock
from tests.integration.shared.ledger import (
    Transactions,
    dispatcher,
    mailboxes,
    opened_account,
)


class Post:
    """The consumer under test with its two tables; no broker is asked."""

    def __init__(
        self, engine: Engine, ring: FolderKeyRing, clock: StoppedClock, begin: Transactions
    ) -> None:
        box = LetterBox(engine, mailboxes, ring, clock)
        self.clock = clock
        self.postponed = Postponed(box)
        self.dead = DeadLetters(box)
        self.consumer = Consumer(
            broker=EmbeddedBroker("postgresql://nowhere"),
            queue="enrollment",
            dispatcher=dispatcher(begin),
            postponed=self.postponed,
            dead_letters=self.dead,
        )

    def settle_all(self) -> None:
        for _ in range(40):
            self.clock.forward(3600)
            if self.consumer.retry_due() == 0 and self.postponed.count() == 0:
                return


@pytest.fixture
def post(engine: Engine, ring: FolderKeyRing, clock: StoppedClock, begin: Transactions) -> Post:
    return Post(engine, ring, clock, begin)


def message(
    account_id: UUID, sequence: int, *, kind: str = "vetting.paid.v1", amount: int = 1
) -> Wire:
    return to_wire(
        Envelope(
            id=uuid4(),
            type=kind,
            source="/vetting",
            subject=str(account_id),
            time=StoppedClock().now,
            request_id="r-1",
            body={"account_id": str(account_id), "amount": amount},
            sequence=sequence,
        )
    )


def balance(begin: Transactions, account_id: UUID) -> int:
    with begin() as work:
        return work.accounts.get(account_id).balance


@pytest.mark.parametrize("seed", range(3))
def test_shuffled_and_doubled_messages_have_each_effect_once(
    post: Post, begin: Transactions, seed: int
) -> None:
    account = opened_account(begin)
    sent = [message(account.id, n, amount=10**n) for n in range(1, 6)]
    deliveries = sent * 2
    random.Random(seed).shuffle(deliveries)  # noqa: S311 - a repeatable order

    for wire in deliveries:
        post.consumer.apply(wire)
    post.settle_all()

    assert balance(begin, account.id) == 111110
    assert (post.postponed.count(), post.dead.count()) == (0, 0)


def test_a_message_without_effect_gives_the_next_its_turn(post: Post, begin: Transactions) -> None:
    account = opened_account(begin)
    assert not post.consumer.apply(message(account.id, 2))
    assert post.consumer.apply(message(account.id, 1, kind="vetting.noted.v1"))
    assert post.consumer.retry_due() == 1
    assert balance(begin, account.id) == 1


def test_an_unknown_type_is_a_dead_letter_that_holds_its_aggregate_back(
    post: Post, begin: Transactions
) -> None:
    account = opened_account(begin)
    post.consumer.apply(message(account.id, 1, kind="vetting.strange.v1"))
    post.consumer.apply(message(account.id, 2))
    post.settle_all()
    (letter,) = post.dead.all()
    assert (letter.code, letter.type, letter.sequence) == ("unknown_type", "vetting.strange.v1", 1)
    assert balance(begin, account.id) == 0

    post.dead.drop(letter.id, reason="a message of a trial")
    post.settle_all()

    assert balance(begin, account.id) == 1
    assert post.dead.count() == 0


def test_dropping_a_later_letter_first_does_not_block_the_aggregate(
    post: Post, begin: Transactions
) -> None:
    account = opened_account(begin)
    post.consumer.apply(message(account.id, 2, kind="vetting.strange.v1"))
    (letter,) = post.dead.all()
    post.dead.drop(letter.id, reason="a message of a trial")
    post.consumer.apply(message(account.id, 3))
    post.consumer.apply(message(account.id, 1))
    post.settle_all()
    assert balance(begin, account.id) == 2


def test_a_dead_letter_can_be_read_and_replayed(post: Post, begin: Transactions) -> None:
    account = opened_account(begin)
    stranger = uuid4()
    wire = message(account.id, 1)
    broken = Wire(
        routing_key=wire.routing_key,
        headers=wire.headers,
        body=wire.body.replace(str(account.id).encode(), str(stranger).encode()),
    )
    post.consumer.apply(broken)
    (letter,) = post.dead.all()
    assert letter.code == "not_found"
    assert str(stranger).encode() in post.dead.show(letter.id)[1].body

    with begin() as work:
        account_of_stranger = type(account)(id=stranger, person_id=uuid4(), name="Late")
        work.accounts.add(account_of_stranger)
        work.commit()
    post.dead.replay(letter.id)
    assert post.consumer.retry_due() == 1
    assert balance(begin, stranger) == 1
    with pytest.raises(NotFound):
        post.dead.show(letter.id)


def test_a_malformed_message_is_kept_and_its_body_rests_sealed(post: Post, engine: Engine) -> None:
    wire = Wire(routing_key="vetting.paid.v1", headers={}, body=b"{ not json Canarias")
    assert post.consumer.apply(wire)
    (letter,) = post.dead.all()
    with engine.connect() as connection:
        row = connection.execute(select(mailboxes.dead_letters)).one()
    assert b"Canarias" not in row.body
    assert post.dead.show(letter.id)[1].body == wire.body


def test_what_fails_again_and_again_ends_among_the_dead(
    engine: Engine, ring: FolderKeyRing, clock: StoppedClock, begin: Transactions
) -> None:
    post = Post(engine, ring, clock, begin)
    account = opened_account(begin)
    wire = message(account.id, 1)
    broken = Wire(
        routing_key=wire.routing_key,
        headers=wire.headers,
        body=wire.body.replace(b'"amount"', b'"amounts"'),
    )
    post.consumer.apply(broken)
    for _ in range(MAX_TRIES):
        clock.forward(700)
        post.consumer.retry_due()
    (letter,) = post.dead.all()
    assert (letter.code, letter.error) == ("exhausted", "KeyError")
    assert post.postponed.count() == 0
