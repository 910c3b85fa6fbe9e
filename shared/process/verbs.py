"""The common verbs on keys and audit, as every service's command line does them."""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

import requests
from sqlalchemy import Engine, Table

from shared.audit.checkpoint import Checkpoint
from shared.audit.command import audit_verify, read_witness_bytes, read_witness_file
from shared.audit.tables import AuditTables
from shared.crypto.command import keys_command
from shared.crypto.keyring import FolderKeyRing
from shared.crypto.signing import public_keys
from shared.errors import InvalidInput, Unavailable
from shared.process.stored_keys import SqlStoredKeys

WITNESS_TIMEOUT = 10.0  # seconds for another service to hand over its checkpoints
KEY = "audit-signing"


def keys_verb(
    ring: FolderKeyRing, chosen: argparse.Namespace, *, engine: Engine, data_keys: Table
) -> int:
    """Do ``keys VERB NAME [KID]``."""
    if chosen.name is None:
        raise InvalidInput({"name": ["required"]}, "Say which key, such as kek")
    stored = SqlStoredKeys(engine, data_keys)
    return keys_command(ring, chosen.what, chosen.name, kid=chosen.kid, stored=stored)


def audit_verb(
    chains: Sequence[tuple[str, Engine, AuditTables]],
    witness: str | None,
    *,
    ring: FolderKeyRing,
    token: Callable[[str], str] | None = None,
) -> int:
    """Do ``audit verify [--witness URL or FILE]`` on every chain of a service or site."""
    seen = witnesses(witness, token=token)
    keys = public_keys(ring, KEY)
    results = [
        audit_verify(engine, tables, chain=chain, public_keys=keys, witnesses=seen)
        for chain, engine, tables in chains
    ]
    return max(results, default=1)


def witnesses(
    place: str | None, *, token: Callable[[str], str] | None = None
) -> Sequence[Checkpoint]:
    """Return the checkpoints that others keep, from an address or a file; none for ``None``."""
    if place is None:
        return []
    if not place.startswith(("http://", "https://")):
        return read_witness_file(Path(place))
    headers = {"Authorization": f"Bearer {token(place)}"} if token else {}
    try:
        answer = requests.get(place, timeout=WITNESS_TIMEOUT, headers=headers)
        answer.raise_for_status()
    except requests.RequestException as error:
        raise Unavailable(f"The witness did not answer: {type(error).__name__}") from error
    return read_witness_bytes(answer.content)
