"""Alembic's entry for the site's ``lane`` file."""

from services.lane_gateway.persistence.lane_tables import metadata
from shared.persistence.migrate import run_migrations

run_migrations(metadata)
