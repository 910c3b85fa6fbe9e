"""Alembic's entry: the tables that the code expects."""

from services.enrollment.persistence.tables import metadata
from shared.persistence.migrate import run_migrations

run_migrations(metadata)
