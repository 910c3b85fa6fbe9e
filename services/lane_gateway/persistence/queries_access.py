"""Who saw a person's data, as lines of the desk's audit chain."""

from services.lane_gateway.persistence.desk import DeskStore
from shared.audit.words import AuditLine
from shared.context import current_context
from shared.errors import AlreadyDone
from shared.events import RequestCause


class DeskAccessLog:
    """Writes access lines to the desk's file, whose only writer the web process is."""

    def __init__(self, desk: DeskStore) -> None:
        self._desk = desk

    def note(self, event: str, subject: str, purpose: str, *, once: str | None = None) -> None:
        """Write one line; with ``once``, the same reader's same ``once`` is written one time."""
        actor = current_context().actor
        cause = RequestCause(actor=actor, key=once, fingerprint=event) if once else None
        try:
            with self._desk(cause=cause) as work:
                work.note(AuditLine(event=event, subject=subject, purpose=purpose))
                work.commit()
        except AlreadyDone:
            return
