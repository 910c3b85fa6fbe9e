from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from shared.crypto.keyring import FolderKeyRing
from shared.persistence.engines import postgres_engine, sqlite_engine
from tests.integration.shared import ledger


class StoppedClock:
    """A clock that moves only when a test moves it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def ring(tmp_path: Path) -> FolderKeyRing:
    keys = FolderKeyRing(tmp_path / "keys")
    for name in ("kek", "blind-index"):
        keys.activate(name, keys.new(name).kid)
    return keys


@pytest.fixture(params=["postgresql", "sqlite"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "sqlite":
        made = sqlite_engine(tmp_path / "ledger.db")
    else:
        made = postgres_engine(request.getfixturevalue("database_url")("ledger"))
    ledger.metadata.create_all(made)
    yield made
    made.dispose()


@pytest.fixture
def begin(engine: Engine, ring: FolderKeyRing, clock: StoppedClock) -> ledger.Transactions:
    return ledger.transactions(engine, ring, clock)
