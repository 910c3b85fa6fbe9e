"""A rewritten chain is found by the witness that another service keeps, over its address."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from wsgiref.simple_server import make_server

import pytest
from sqlalchemy import Engine, text

from shared.audit.checkpoint import record_witness, sign_checkpoint, witnesses_of
from shared.crypto.keyring import FolderKeyRing
from shared.crypto.signing import public_keys
from shared.process.verbs import audit_verb
from shared.web.app import build_app
from shared.web.language import lazy
from shared.web.settings import Issuer, WebSettings
from shared.web.witnesses import witness_api
from tests.integration.shared.ledger import Transactions, audit, opened_account

CHAIN = "/ledger"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def ring(tmp_path: Path) -> FolderKeyRing:
    keys = FolderKeyRing(tmp_path / "keys")
    for name in ("kek", "audit-signing"):
        keys.activate(name, keys.new(name).kid)
    return keys


@pytest.fixture
def address(engine: Engine) -> Iterator[str]:
    """Serve what ``engine`` keeps as a witness."""

    def read(chain: str) -> list[dict[str, object]]:
        with engine.connect() as connection:
            return [each.body() for each in witnesses_of(connection, audit, chain)]

    nowhere = Issuer(url="http://localhost", client_id="none", client_secret="none")
    settings = WebSettings(
        service="enrollment",
        secret_key=bytes(32),
        production=False,
        base_url="http://localhost",
        issuers={"staff": nowhere},
    )
    app = build_app(
        __name__,
        settings,
        title=lazy("Sign in"),
        home="witnesses.list_checkpoints",
        pages=[],
        apis=[witness_api(read)],
        navigation=[],
    )
    server = make_server("127.0.0.1", 0, app)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/api/v1/witnesses?chain={CHAIN}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_witness_finds_a_chain_that_was_written_anew(
    engine: Engine,
    begin: Transactions,
    ring: FolderKeyRing,
    address: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    account = opened_account(begin)
    for amount in (1, 2):
        with begin() as work:
            work.accounts.get(account.id).pay(amount)
            work.commit()
    with engine.begin() as connection:
        checkpoint = sign_checkpoint(connection, audit, ring, CHAIN, at=NOON)
        assert checkpoint is not None
        record_witness(
            connection,
            audit,
            checkpoint,
            public_keys=public_keys(ring, "audit-signing"),
            received_at=NOON,
        )
    chains = [(CHAIN, engine, audit)]
    assert audit_verb(chains, address, ring=ring) == 0

    with engine.begin() as connection:
        for table in ("audit_entries", "audit_tail", "audit_checkpoints"):
            connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - our own tables
    with begin() as work:
        work.accounts.get(account.id).pay(3)
        work.commit()

    assert audit_verb(chains, None, ring=ring) == 0  # alone it looks whole
    assert audit_verb(chains, address, ring=ring) == 1
    assert CHAIN in capsys.readouterr().out
