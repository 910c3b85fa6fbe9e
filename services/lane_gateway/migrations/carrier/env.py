"""Alembic's entry for the site's ``carrier`` file."""

from services.lane_gateway.persistence.carrier_tables import metadata
from shared.persistence.migrate import run_migrations

run_migrations(metadata)
