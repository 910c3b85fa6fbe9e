"""Migrations are numbered without a gap, end at the tables of the code, and can be taken back."""

import importlib
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, MetaData, inspect, text

from deploy.local.layout import SERVICES
from deploy.local.paths import ROOT
from shared.persistence.engines import postgres_engine
from shared.persistence.migrate import migrate
from tests.conftest import DatabaseUrl

NUMBERED = re.compile(r"(\d{4})_[a-z0-9_]+")
LONGEST_NAME = 32
"""What Alembic's own table holds of a revision's name."""
LEFTOVERS = (
    "SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype = 'e'",
    "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'",
)
MIGRATED = [name for name in SERVICES if (ROOT / "services" / name / "migrations/env.py").exists()]


def folder(service: str) -> Path:
    return ROOT / "services" / service / "migrations"


def scripts(service: str) -> list[Path]:
    found = sorted((folder(service) / "versions").glob("*.py"))
    return [path for path in found if path.name != "__init__.py"]


def loaded(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def tables_of(service: str) -> MetaData:
    metadata = importlib.import_module(f"services.{service}.persistence.tables").metadata
    assert isinstance(metadata, MetaData)
    return metadata


def objects_in(connection: Connection) -> set[str]:
    """Return everything a migration may have made and left: tables, types, functions, sequences."""
    found = set(inspect(connection).get_table_names())
    for query in LEFTOVERS:
        found |= set(connection.execute(text(query)).scalars())
    return found


@pytest.fixture
def engine(database_url: DatabaseUrl) -> Iterator[Engine]:
    opened = postgres_engine(database_url("migrations"))
    yield opened
    opened.dispose()


def test_the_central_services_have_migrations() -> None:
    assert {"enrollment", "vetting"} <= set(MIGRATED)


@pytest.mark.parametrize("service", MIGRATED)
def test_they_are_numbered_without_a_gap_and_each_follows_the_one_before(service: str) -> None:
    before: str | None = None
    for number, path in enumerate(scripts(service), start=1):
        match = NUMBERED.fullmatch(path.stem)
        assert match, f"{path.name} is not NNNN_what.py"
        assert len(path.stem) <= LONGEST_NAME, f"{path.name}: its name is too long for the database"
        assert int(match[1]) == number, path.name
        module = loaded(path)
        assert module.revision == path.stem
        assert module.down_revision == before
        before = path.stem


@pytest.mark.parametrize("service", MIGRATED)
def test_each_says_why(service: str) -> None:
    for path in scripts(service):
        words = (loaded(path).__doc__ or "").split()
        assert len(words) >= 5, f"{path.name}: its docstring says why it is needed"


@pytest.mark.parametrize("service", MIGRATED)
def test_the_head_equals_the_tables(service: str, engine: Engine) -> None:
    migrate(engine, folder(service))

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, tables_of(service)) == []


@pytest.mark.parametrize("service", MIGRATED)
def test_up_then_down_leaves_nothing_and_up_again_works(service: str, engine: Engine) -> None:
    with engine.connect() as connection:
        empty = objects_in(connection)

    migrate(engine, folder(service))
    migrate(engine, folder(service), revision="base")

    with engine.connect() as connection:
        assert objects_in(connection) - {"alembic_version"} == empty
    migrate(engine, folder(service))
