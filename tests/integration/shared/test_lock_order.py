"""The audit's tail is locked last: held for microseconds, or every commit waits for every other."""

from collections.abc import Iterator, Sequence

import pytest
from sqlalchemy import Engine, event, text

from shared.events import Event
from tests.integration.shared.ledger import (
    Account,
    LedgerUnitOfWork,
    Transactions,
    opened_account,
)

MARKER = "SELECT 'the counter of a feed'"


@pytest.fixture
def statements(engine: Engine) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(*given: object) -> None:
        seen.append(str(given[2]))

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def test_after_the_tail_is_locked_only_the_audit_is_written(
    begin: Transactions, statements: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def count(work: LedgerUnitOfWork, _events: Sequence[Event]) -> None:
        work.session.connection().execute(text(MARKER))

    monkeypatch.setattr(LedgerUnitOfWork, "before_audit", count)
    account: Account = opened_account(begin)
    statements.clear()
    with begin() as work:
        work.accounts.get(account.id).pay(3)
        work.commit()

    places = {
        name: next(n for n, statement in enumerate(statements) if name in statement)
        for name in ("UPDATE accounts", "INSERT INTO outbox", MARKER, "FROM audit_tail")
    }
    assert list(places) == sorted(places, key=lambda name: places[name])
    after = [
        statement
        for statement in statements[places["FROM audit_tail"] :]
        if "audit_" not in statement and "pg_notify" not in statement
    ]
    assert after == []
