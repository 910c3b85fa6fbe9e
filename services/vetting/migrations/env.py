"""Alembic's entry: vetting's tables as the code expects them."""

from services.vetting.persistence.tables import metadata
from shared.persistence.migrate import run_migrations

run_migrations(metadata)
