"""Names and pictures for the booth: found at once where they are here, else asked for meanwhile.

The verdict never waits for them. A record that headquarters sent is kept in memory for a few
minutes; one that rests here is opened again when its version changes, so what the worker dropped is
not shown any more.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field
from enum import StrEnum
from threading import Lock
from uuid import UUID

import structlog

from services.lane_gateway.use_cases.find_display_record import FindDisplayRecord
from services.lane_gateway.use_cases.reads import DisplayRecord
from services.lane_gateway.use_cases.show_display_record import LANE_PASSAGE, ShowDisplayRecord
from services.lane_gateway.web.live_metrics import ASKED
from shared.context import current_context
from shared.errors import TrustlaneError, Unavailable

KEPT_FOR = 300.0  # seconds; longer than a vehicle is at the window
NONE_FOR = 30.0  # seconds until headquarters is asked again for what it did not have
AWAY_FOR = 5.0  # seconds until it is asked again after it did not answer
MOST_KEPT = 64  # records in memory; a lane has a handful of people at a time
MOST_NOTED = 4096
THREADS = 4

log = structlog.get_logger(__name__)


class Standing(StrEnum):
    """What is known of a holder's record."""

    FOUND = "found"
    ASKING = "asking"
    NONE = "none"
    AWAY = "away"
    """Headquarters does not answer."""
    UNREADABLE = "unreadable"


@dataclass(frozen=True, kw_only=True)
class Holder:
    """A holder's record, or why there is none."""

    standing: Standing
    record: DisplayRecord | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class _Kept:
    holder: Holder
    until: float


class Holders:
    """Looks up holders for the pages; safe to use from many threads."""

    def __init__(
        self,
        find: FindDisplayRecord,
        show: ShowDisplayRecord,
        *,
        changed: Callable[[], None] = lambda: None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._find = find
        self._show = show
        self._changed = changed
        self._monotonic = monotonic
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="holders")
        self._lock = Lock()
        self._kept: OrderedDict[UUID, _Kept] = OrderedDict()
        self._noted: OrderedDict[tuple[str, UUID, UUID], None] = OrderedDict()

    def shown_at_lane(self, credential_id: UUID, passage_id: UUID) -> Holder:
        """Return the record for the officer who handles the passage, and note who saw it."""
        holder = self.look(credential_id)
        if holder.record is None:
            return holder
        try:
            self._note(credential_id, passage_id)
        except Unavailable:  # the verdict stands on the screen all the same
            return Holder(standing=Standing.AWAY)
        return holder

    def shown_for(self, credential_id: UUID, passage_id: UUID, *, purpose: str) -> Holder:
        """Return the record for somebody who gave a purpose, and note who saw it; this may wait."""
        holder = self.look(credential_id)
        if holder.standing is Standing.ASKING:
            holder = self._ask(credential_id)
        if holder.record is not None:
            self._show(credential_id, passage_id=passage_id, purpose=purpose)
        return holder

    def look(self, credential_id: UUID) -> Holder:
        """Return what is here, and have headquarters asked for what is not."""
        try:
            found = self._find(credential_id, ask=False)
        except TrustlaneError as error:
            log.warning("display record not opened", code=error.code)
            return Holder(standing=Standing.UNREADABLE)
        if found is not None:
            return Holder(standing=Standing.FOUND, record=found)
        with self._lock:
            kept = self._kept.get(credential_id)
            if kept is not None and kept.until > self._monotonic():
                return kept.holder
            asking = Holder(standing=Standing.ASKING)
            self._keep(credential_id, asking, NONE_FOR)
        self._pool.submit(copy_context().run, self._ask, credential_id)
        return asking

    def close(self) -> None:
        """Stop asking; safe to call twice."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _ask(self, credential_id: UUID) -> Holder:
        holder, lasts, began = Holder(standing=Standing.NONE), NONE_FOR, time.perf_counter()
        try:
            found = self._find(credential_id, ask=True)
        except Unavailable:
            holder, lasts = Holder(standing=Standing.AWAY), AWAY_FOR
        except (TrustlaneError, ValueError, KeyError) as error:
            log.warning("display record refused", reason=type(error).__name__)
            holder = Holder(standing=Standing.UNREADABLE)
        else:
            if found is not None:
                holder, lasts = Holder(standing=Standing.FOUND, record=found), KEPT_FOR
        ASKED.labels(holder.standing.value).observe(time.perf_counter() - began)
        with self._lock:
            self._keep(credential_id, holder, lasts)
        self._changed()
        return holder

    def _keep(self, credential_id: UUID, holder: Holder, lasts: float) -> None:
        self._kept[credential_id] = _Kept(holder=holder, until=self._monotonic() + lasts)
        self._kept.move_to_end(credential_id)
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)

    def _note(self, credential_id: UUID, passage_id: UUID) -> None:
        """Note it once; the store knows that, too, but we need not ask it twice a second."""
        key = (current_context().actor, passage_id, credential_id)
        with self._lock:
            if key in self._noted:
                return
        self._show(credential_id, passage_id=passage_id, purpose=LANE_PASSAGE)
        with self._lock:
            self._noted[key] = None
            while len(self._noted) > MOST_NOTED:
                self._noted.popitem(last=False)
