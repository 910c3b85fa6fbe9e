"""Each of a site's files is made by its own numbered migrations, which can be taken back."""

import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, MetaData, inspect

from services.lane_gateway.bootstrap.site import MIGRATIONS
from shared.persistence.engines import sqlite_engine
from shared.persistence.migrate import migrate

TABLES = {
    "lane": "lane_tables",
    "desk": "desk_tables",
    "carrier": "carrier_tables",
    "people": "people_file",
}


def metadata_of(store: str) -> MetaData:
    module = importlib.import_module(f"services.lane_gateway.persistence.{TABLES[store]}")
    metadata: MetaData = module.metadata
    return metadata


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = sqlite_engine(tmp_path / "file.db")
    yield made
    made.dispose()


def test_every_store_of_a_site_has_its_migrations() -> None:
    assert sorted(
        path.name for path in MIGRATIONS.iterdir() if path.is_dir() and path.name[0] != "_"
    ) == sorted(TABLES)


@pytest.mark.parametrize("store", TABLES)
def test_the_head_equals_the_tables_and_down_leaves_nothing(store: str, engine: Engine) -> None:
    migrate(engine, MIGRATIONS / store)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata_of(store)) == []
    migrate(engine, MIGRATIONS / store, revision="base")
    assert inspect(engine).get_table_names() == ["alembic_version"]


@pytest.mark.parametrize("store", TABLES)
def test_migrations_are_numbered(store: str) -> None:
    files = sorted(p.stem for p in (MIGRATIONS / store / "versions").glob("[0-9]*.py"))
    assert [name[:4] for name in files] == [f"{n:04}" for n in range(1, len(files) + 1)]
    assert files
