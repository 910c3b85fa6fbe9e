"""What the site's command line does with keys, the audit and a request to erase."""

import argparse
import sys
from uuid import UUID

from sqlalchemy import Engine

from services.lane_gateway.bootstrap.site import key_ring, site_files
from services.lane_gateway.config import Config
from services.lane_gateway.persistence import carrier_tables, desk_tables, lane_tables
from shared.audit.tables import AuditTables
from shared.persistence.engines import sqlite_engine
from shared.process.verbs import audit_verb, keys_verb

REFUSED = 1


def keys(config: Config, chosen: argparse.Namespace) -> int:
    """Do ``keys VERB NAME [KID]`` with the data keys of the worker's file."""
    engine = sqlite_engine(site_files(config).carrier)
    try:
        data_keys = carrier_tables.mailboxes.data_keys
        return keys_verb(key_ring(config), chosen, engine=engine, data_keys=data_keys)
    finally:
        engine.dispose()


def audit_verify(config: Config, witness: str | None) -> int:
    """Verify the chain of every file of the site."""
    chains = site_chains(config)
    try:
        return audit_verb(chains, witness, ring=key_ring(config))
    finally:
        for _, engine, _ in chains:
            engine.dispose()


def erase(_config: Config, person: UUID) -> int:
    """Refuse: an erasure begins at enrollment, which knows the person's cards and every site."""
    text = f"Run 'python -m services.enrollment erase {person}'; this site then erases by message"
    print(text, file=sys.stderr)  # noqa: T201 - a command line talks
    return REFUSED


def site_chains(config: Config) -> list[tuple[str, Engine, AuditTables]]:
    """Return every audit chain of the site with its file, opened read-only."""
    files, source = site_files(config), f"/lane_gateway/{config.site}"
    chains = [
        (f"{source}/carrier", sqlite_engine(files.carrier, read_only=True), carrier_tables.audit),
        (f"{source}/desk", sqlite_engine(files.desk, read_only=True), desk_tables.audit),
    ]
    for lane in files.lanes():
        engine = sqlite_engine(files.lane(lane), read_only=True)
        chains.append((f"{source}/lane-{lane}", engine, lane_tables.audit))
    return chains
