"""Bring a database to the tables that the code expects, by Alembic's numbered migrations."""

from pathlib import Path

from alembic import command, context
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, text

MIGRATION_LOCK = 7_205_759  # advisory lock: two processes that start together migrate one by one


def migrate(engine: Engine, migrations: Path, *, revision: str = "head") -> None:
    """Move the database behind ``engine`` to ``revision``; safe to call from several processes."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            lock = text("SELECT pg_advisory_xact_lock(:key)").bindparams(key=MIGRATION_LOCK)
            connection.execute(lock)
        config = alembic_config(connection, migrations)
        if revision == "base":
            command.downgrade(config, revision)
        else:
            command.upgrade(config, revision)


def is_current(engine: Engine, migrations: Path) -> bool:
    """Tell, by reading alone, whether the database is at the newest revision."""
    with engine.connect() as connection:
        here = MigrationContext.configure(connection).get_current_revision()
        return here == ScriptDirectory(str(migrations)).get_current_head()


def alembic_config(connection: Connection, migrations: Path) -> Config:
    """Return Alembic's configuration for the scripts in ``migrations``."""
    config = Config()
    config.set_main_option("script_location", str(migrations))
    config.attributes["connection"] = connection
    return config


def run_migrations(metadata: MetaData) -> None:
    """Do what Alembic asks of a service's ``env.py``."""
    connection = context.config.attributes["connection"]
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
