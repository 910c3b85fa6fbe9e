import json
from uuid import uuid4

import pytest
from sqlalchemy import Engine, select, text

from shared.audit.verify import verify_chain
from shared.crypto.keyring import FolderKeyRing
from shared.errors import AlreadyDone, KeyReused, OutOfTurn, Stale
from shared.events import MessageCause, RequestCause
from tests.integration.shared.conftest import StoppedClock
from tests.integration.shared.ledger import (
    Account,
    Transactions,
    accounts,
    audit,
    mailboxes,
    opened_account,
    transactions,
)


def count(engine: Engine, table: str) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())  # noqa: S608 - our own table names


def test_state_message_and_audit_are_saved_together(begin: Transactions, engine: Engine) -> None:
    account = opened_account(begin)
    with begin() as work:
        work.accounts.get(account.id).pay(5)
        work.commit()
    with engine.connect() as connection:
        sent = connection.execute(select(mailboxes.outbox)).one()
    assert (sent.type, sent.sequence, sent.subject) == ("enrollment.paid.v1", 1, str(account.id))
    assert count(engine, "audit_entries") == 1


def test_leaving_without_commit_saves_nothing(begin: Transactions, engine: Engine) -> None:
    account = opened_account(begin)
    with begin() as work:
        work.accounts.get(account.id).pay(5)
    with begin() as work:
        assert work.accounts.get(account.id).balance == 0
    assert count(engine, "outbox") == 0


def test_an_early_flush_loses_no_event(begin: Transactions, engine: Engine) -> None:
    account = opened_account(begin)
    with begin() as work:
        work.accounts.get(account.id).pay(5)
        work.session.flush()
        work.commit()
    assert count(engine, "outbox") == 1


def test_a_sealed_name_is_not_in_the_database(begin: Transactions, engine: Engine) -> None:
    account = opened_account(begin, name="Xochitl Canarias")
    with engine.connect() as connection:
        row = connection.execute(select(accounts)).one()
    assert b"Xochitl" not in row.name_sealed
    with begin() as work:
        assert work.accounts.get(account.id).name == "Xochitl Canarias"


def test_an_unchanged_sealed_column_is_not_written_again(begin: Transactions) -> None:
    account = opened_account(begin)
    with begin() as work:
        before = work.accounts.get(account.id)
        version = before.version
        work.commit()
    with begin() as work:
        assert work.accounts.get(account.id).version == version


def test_after_an_erasure_the_name_is_gone_and_the_rest_stays(
    begin: Transactions, engine: Engine
) -> None:
    account = opened_account(begin)
    with begin() as work:
        work.accounts.get(account.id).pay(7)
        work.commit()
    with begin() as work:
        assert work.erase(account.person_id)
        work.commit()
    with begin() as work:
        left = work.accounts.get(account.id)
        assert (left.name, left.balance) == (None, 7)
    with engine.connect() as connection:
        assert verify_chain(connection, audit, public_keys={}, witnesses=[]).verified


def test_a_stale_copy_cannot_overwrite_a_newer_one(
    engine: Engine, begin: Transactions, ring: FolderKeyRing, clock: StoppedClock
) -> None:
    account = opened_account(begin)
    if engine.dialect.name == "sqlite":  # its transactions are one after the other
        with begin() as work:
            stale: Account = work.accounts.get(account.id)
            version = stale.version
        with begin() as work:
            work.accounts.get(account.id).pay(1)
            work.commit()
        with begin() as work:
            assert work.accounts.get(account.id).version == version + 1
        return
    with begin() as work:
        work.accounts.get(account.id).pay(1)
        with transactions(engine, ring, clock)() as other:
            other.accounts.get(account.id).pay(2)
            other.commit()
        with pytest.raises(Stale):
            work.commit()


def cause(sequence: int, subject: str = "case-1") -> MessageCause:
    return MessageCause(id=uuid4(), source="/vetting", subject=subject, sequence=sequence)


def test_a_message_is_applied_once(begin: Transactions) -> None:
    account, first = opened_account(begin), cause(1)
    with begin(cause=first) as work:
        work.accounts.get(account.id).pay(1)
        work.commit()
    with pytest.raises(AlreadyDone), begin(cause=first):
        pass
    with begin() as work:
        assert work.accounts.get(account.id).balance == 1


def test_a_claim_without_commit_does_not_count(begin: Transactions) -> None:
    first = cause(1)
    with begin(cause=first):
        pass
    with begin(cause=first) as work:
        work.commit()


def test_a_message_ahead_of_its_turn_waits_and_one_behind_is_done(begin: Transactions) -> None:
    with pytest.raises(OutOfTurn), begin(cause=cause(2)):
        pass
    with begin(cause=cause(1)) as work:
        work.commit()
    with pytest.raises(AlreadyDone), begin(cause=cause(1)):
        pass
    with begin(cause=cause(2)) as work:
        work.commit()


def test_of_versions_the_highest_wins(begin: Transactions) -> None:
    newer = MessageCause(id=uuid4(), source="/enrollment", subject="c", version=7)
    with begin(cause=newer) as work:
        work.commit()
    older = MessageCause(id=uuid4(), source="/enrollment", subject="c", version=3)
    with pytest.raises(AlreadyDone), begin(cause=older):
        pass


def test_a_repeated_request_gives_back_what_the_first_led_to(begin: Transactions) -> None:
    asked = RequestCause(actor="person:1", key="k", fingerprint="a" * 64)
    with begin(cause=asked) as work:
        work.commit(result="result-1")
    with pytest.raises(AlreadyDone) as again, begin(cause=asked):
        pass
    assert again.value.result == "result-1"
    other = RequestCause(actor="person:1", key="k", fingerprint="b" * 64)
    with pytest.raises(KeyReused), begin(cause=other):
        pass


def test_the_audit_holds_digests_and_no_values(begin: Transactions, engine: Engine) -> None:
    account = opened_account(begin, name="Xochitl Canarias")
    with begin() as work:
        work.accounts.get(account.id).pay(987654321)
        work.commit()
    with engine.connect() as connection:
        entry = connection.execute(select(audit.entries)).one()
    text_of = json.dumps([str(value) for value in entry])
    assert "paid" in text_of
    assert "987654321" not in text_of
