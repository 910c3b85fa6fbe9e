"""Alembic's entry for the site's ``people`` file."""

from services.lane_gateway.persistence.people_file import metadata
from shared.persistence.migrate import run_migrations

run_migrations(metadata)
