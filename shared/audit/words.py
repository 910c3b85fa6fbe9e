"""What the audit says and is asked, as plain values that every layer may use."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class AuditLine:
    """One event of a transaction: ids and digests only.

    ``digest`` is keyed by the person's data key, so that it tells nothing once that key is erased.
    ``purpose`` is why somebody opened a file, where one did.
    """

    event: str
    subject: str
    digest: str | None = None
    purpose: str | None = None


@dataclass(frozen=True, kw_only=True)
class AuditEntry:
    """One transaction as the audit remembers it."""

    number: int
    at: datetime
    actor: str
    request_id: str
    lines: Sequence[AuditLine]


@dataclass(frozen=True, kw_only=True)
class Sought:
    """What entries to show; ``None`` leaves a field open. ``before`` is a number, for paging."""

    actor: str | None = None
    event: str | None = None
    subject: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None
