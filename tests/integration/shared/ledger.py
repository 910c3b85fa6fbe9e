"""A small service of the kernel's own tests: accounts with a sealed name and a balance."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import Column, Engine, Integer, LargeBinary, MetaData, Table, Uuid
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import registry, sessionmaker

from shared.audit.tables import add_audit
from shared.clock import Clock
from shared.crypto.keyring import KeyRing
from shared.events import Aggregate, Cause, Event, Outgoing
from shared.ids import new_id
from shared.messaging.dispatcher import Dispatcher
from shared.messaging.envelope import Envelope
from shared.messaging.letter_box import cause_of
from shared.persistence.mailboxes import add_mailboxes
from shared.persistence.repository import Repository
from shared.persistence.sealed_columns import SealedColumn, dump_json, load_json
from shared.persistence.unit_of_work import Journal, SqlUnitOfWork

metadata = MetaData()
mailboxes = add_mailboxes(metadata)
audit = add_audit(metadata)
accounts = Table(
    "accounts",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person_id", Uuid, nullable=False),
    Column("balance", Integer, nullable=False),
    Column("name_sealed", LargeBinary),
    Column("version", Integer, nullable=False),
)


@dataclass(frozen=True, kw_only=True)
class Paid(Event):
    account_id: UUID
    amount: int
    person_id: UUID


@dataclass(eq=False, kw_only=True)
class Account(Aggregate):
    id: UUID
    person_id: UUID
    name: str | None = None
    balance: int = 0
    name_sealed: bytes | None = None
    version: int = 0

    def pay(self, amount: int) -> None:
        self.balance += amount
        self.record(Paid(account_id=self.id, amount=amount, person_id=self.person_id))


NAME = SealedColumn(
    table="accounts",
    attribute="name",
    column="name_sealed",
    owner=lambda account: account.person_id,
    dump=dump_json,
    load=load_json,
)


class LedgerUnitOfWork(SqlUnitOfWork):
    accounts: Repository[Account]

    def open_repositories(self) -> None:
        self.accounts = Repository(self, Account, [NAME])


def translate(event: Event) -> Sequence[Outgoing]:
    if not isinstance(event, Paid):
        return []
    body = {"account_id": str(event.account_id), "amount": event.amount}
    return [Outgoing(type="enrollment.paid.v1", subject=str(event.account_id), body=body)]


Transactions = Callable[..., LedgerUnitOfWork]


def map_ledger() -> None:
    with suppress(ArgumentError):  # mapped by another test already
        registry(metadata=metadata).map_imperatively(
            Account, accounts, version_id_col=accounts.c.version
        )


def transactions(engine: Engine, ring: KeyRing, clock: Clock) -> Transactions:
    map_ledger()
    sessions = sessionmaker(engine, expire_on_commit=False)
    journal = Journal(
        mailboxes=mailboxes, audit=audit, ring=ring, translate=translate, clock=clock, new_id=new_id
    )

    def begin(cause: Cause | None = None) -> LedgerUnitOfWork:
        return LedgerUnitOfWork(sessions, journal, cause)

    return begin


def opened_account(begin: Transactions, *, name: str = "Ana") -> Account:
    account = Account(id=uuid4(), person_id=uuid4(), name=name)
    with begin() as work:
        work.accounts.add(account)
        work.commit()
    return account


def dispatcher(begin: Transactions) -> Dispatcher:
    """Apply ``vetting.paid.v1`` to the account that it names."""

    def on_paid(envelope: Envelope) -> None:
        with begin(cause=cause_of(envelope)) as work:
            account = work.accounts.get(UUID(str(envelope.body["account_id"])))
            account.pay(int(str(envelope.body["amount"])))
            work.commit()

    return Dispatcher(
        service="ledger",
        handlers={"vetting.paid.v1": on_paid},
        ignored=frozenset({"vetting.noted.v1"}),
    )
