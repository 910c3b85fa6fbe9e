"""A connection that is lost in the middle of a transaction is the database's fault, not a bug."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from shared.clock import utc_now
from shared.crypto.keyring import FolderKeyRing
from shared.errors import Unavailable
from shared.persistence.engines import postgres_engine
from tests.conftest import DatabaseUrl
from tests.integration.shared import ledger


@pytest.fixture
def engine(database_url: DatabaseUrl) -> Iterator[Engine]:
    made = postgres_engine(database_url("ledger"))
    ledger.metadata.create_all(made)
    yield made
    made.dispose()


@pytest.fixture
def begin(engine: Engine, tmp_path: Path) -> ledger.Transactions:
    ring = FolderKeyRing(tmp_path / "keys")
    ring.ensure(["kek", "blind-index"])
    return ledger.transactions(engine, ring, utc_now)


def cut(work: ledger.LedgerUnitOfWork, engine: Engine) -> None:
    mine = work.session.scalar(text("SELECT pg_backend_pid()"))
    with engine.connect() as other:
        other.execute(text("SELECT pg_terminate_backend(:mine)").bindparams(mine=mine))


def test_a_question_to_a_database_that_has_gone_says_unavailable(
    engine: Engine, begin: ledger.Transactions
) -> None:
    account = ledger.opened_account(begin)

    def ask() -> None:
        with begin() as work:
            cut(work, engine)
            work.accounts.get(account.id)

    with pytest.raises(Unavailable):
        ask()


def test_a_commit_to_a_database_that_has_gone_says_unavailable_and_saves_nothing(
    engine: Engine, begin: ledger.Transactions
) -> None:
    account = ledger.opened_account(begin)

    def pay() -> None:
        with begin() as work:
            work.accounts.get(account.id).pay(5)
            cut(work, engine)
            work.commit()

    with pytest.raises(Unavailable):
        pay()
    with begin() as work:
        assert work.accounts.get(account.id).balance == 0
