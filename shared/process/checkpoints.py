"""Sign where a service's audit chain stands, tell the others, and keep what they tell."""

import json
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection
from structlog import get_logger

from shared.audit.checkpoint import Checkpoint, read_checkpoint, record_witness, sign_checkpoint
from shared.audit.tables import AuditTables
from shared.context import current_context
from shared.crypto.signing import PublicKeys, from_jwks
from shared.errors import Forbidden
from shared.events import Outgoing
from shared.ids import new_id
from shared.messaging.dispatcher import Handler
from shared.messaging.envelope import Envelope
from shared.messaging.letter_box import LetterBox, cause_of
from shared.persistence.claims import claim
from shared.persistence.outbox import post
from shared.process.assembly import Stores
from shared.process.worker import Loop, Timer

log = get_logger(__name__)

SIGN_EVERY = 60.0  # seconds: what a rewritten chain could hide at most


def checkpoint_loop(stores: Stores, audit: AuditTables, source: str) -> Loop:
    """Return the timer that signs the chain of ``source`` and posts the checkpoint."""

    def sign() -> None:
        with stores.box().transaction() as connection:
            post_checkpoint(connection, stores, audit, source)

    return Timer(every=SIGN_EVERY, task=sign)


def post_checkpoint(
    connection: Connection, stores: Stores, audit: AuditTables, source: str
) -> None:
    """Sign the chain as it stands and put the checkpoint into the outbox, if there is news."""
    now = stores.clock()
    checkpoint = sign_checkpoint(connection, audit, stores.ring, source, at=now)
    if checkpoint is None:
        return
    post(
        connection,
        stores.mailboxes.outbox,
        [announcement(checkpoint)],
        request_id=current_context().request_id,
        at=now,
        new_id=new_id,
    )


def announcement(checkpoint: Checkpoint) -> Outgoing:
    """Return the message that hands a checkpoint to the other services."""
    service = checkpoint.chain.split("/")[1]
    return Outgoing(
        type=f"{service}.checkpoint_signed.v1",
        subject=f"chain-{checkpoint.chain}",
        body=checkpoint.body(),
    )


def witness_handler(
    box: LetterBox, audit: AuditTables, keys_of: Callable[[str], PublicKeys]
) -> Handler:
    """Return what keeps others' checkpoints; ``keys_of`` gives a service's trusted keys."""

    def keep(envelope: Envelope) -> None:
        checkpoint = read_checkpoint(envelope.body)
        if not checkpoint.chain.startswith(envelope.source):
            raise Forbidden(f"{envelope.source} does not own the chain {checkpoint.chain}")
        keys = keys_of(envelope.source.split("/")[1])
        with box.transaction() as connection:
            now = box.clock()
            claim(connection, box.boxes, cause_of(envelope), now=now)
            fate = record_witness(connection, audit, checkpoint, public_keys=keys, received_at=now)
        if fate == "contradicts":
            log.error("audit_chain_contradicted", chain=checkpoint.chain, number=checkpoint.number)

    return keep


def pinned_keys(folder: Path) -> Callable[[str], PublicKeys]:
    """Return the trusted audit keys of a service, from ``<service>-audit-signing.json`` files."""
    known: dict[str, PublicKeys] = {}

    def keys_of(service: str) -> PublicKeys:
        path = folder / f"{service}-audit-signing.json"
        if service not in known and path.exists():
            known[service] = from_jwks(json.loads(path.read_text(encoding="utf-8"))["keys"])
        return known.get(service, {})

    return keys_of
