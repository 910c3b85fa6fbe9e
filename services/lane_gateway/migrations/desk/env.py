"""Alembic's entry for the site's ``desk`` file."""

from services.lane_gateway.persistence.desk_tables import metadata
from shared.persistence.migrate import run_migrations

run_migrations(metadata)
