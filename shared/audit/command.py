"""The command ``audit verify``: an exit status and lines for a terminal."""

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from sqlalchemy import Engine

from shared.audit.checkpoint import Checkpoint, read_checkpoint
from shared.audit.tables import AuditTables
from shared.audit.verify import verify_chain
from shared.crypto.signing import PublicKeys
from shared.errors import Unreadable

VERIFIED = 0
NOT_VERIFIED = 1

Print = Callable[[str], object]


def audit_verify(
    engine: Engine,
    tables: AuditTables,
    *,
    chain: str,
    public_keys: PublicKeys,
    witnesses: Iterable[Checkpoint] = (),
    say: Print = print,
) -> int:
    """Verify one chain and say what was found; 0 verified, 1 not.

    Of ``witnesses`` those of ``chain`` count. Call it once for each file of a site.
    """
    concerned = [checkpoint for checkpoint in witnesses if checkpoint.chain == chain]
    with engine.connect() as connection:
        report = verify_chain(connection, tables, public_keys=public_keys, witnesses=concerned)
    for line in report.lines():
        say(f"{chain}: {line}")
    return VERIFIED if report.verified else NOT_VERIFIED


def read_witness_file(path: Path) -> Sequence[Checkpoint]:
    """Return the checkpoints of a file with one JSON object a line, as ``body()`` gives them."""
    try:
        return [read_checkpoint(json.loads(line)) for line in _full_lines(path)]
    except (OSError, ValueError) as error:
        raise Unreadable(f"{path} is not a file of checkpoints") from error


def read_witness_bytes(data: bytes) -> Sequence[Checkpoint]:
    """Return the checkpoints that a witness's address answered with: a JSON list of bodies."""
    try:
        items = json.loads(data)
    except ValueError as error:
        raise Unreadable("The witness did not answer with JSON") from error
    if not isinstance(items, list):
        raise Unreadable("The witness did not answer with a list of checkpoints")
    return [read_checkpoint(item) for item in items]


def _full_lines(path: Path) -> Sequence[str]:
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
