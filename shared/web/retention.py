"""The admin's page of retention: what is kept for how long, who says so, and what was forgotten."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from shared.clock import Clock
from shared.retention import RetentionRow, RetentionRun, Unit, kinds, row_in_force
from shared.web.access import allow
from shared.web.language import Text, gettext, ngettext

Read = Callable[[], Sequence[RetentionRun]]


@dataclass(frozen=True, kw_only=True)
class KindWords:
    """How a kind of record is called, and what forgetting it means."""

    name: Text
    then: Text


@dataclass(frozen=True, kw_only=True)
class RetentionLine:
    """One kind with its rule of today and the newest run, if there was one."""

    words: KindWords
    row: RetentionRow
    run: RetentionRun | None

    @property
    def period(self) -> str:
        """Say how long records are kept."""
        if self.row.unit is Unit.DAYS:
            return ngettext("%(num)s day", "%(num)s days", self.row.keeps)
        return ngettext("%(num)s year", "%(num)s years", self.row.keeps)

    @property
    def source(self) -> str:
        """Say who set the period."""
        return gettext(self.row.source)


def retention_pages(
    read: Read, rows: Sequence[RetentionRow], words: Mapping[str, KindWords], *, clock: Clock
) -> Blueprint:
    """Return the page; ``read`` gives the newest runs, ``words`` has every kind of ``rows``."""
    pages = Blueprint("retention", __name__, url_prefix="/retention")

    @pages.get("")
    @allow("admin")
    def overview() -> ResponseReturnValue:
        """Show every kind with its rule and its last run; no record is opened for it."""
        runs, today = {run.kind: run for run in read()}, clock().date()
        lines = [
            RetentionLine(
                words=words[kind], row=row_in_force(rows, kind, today), run=runs.get(kind)
            )
            for kind in kinds(rows)
        ]
        return render_template("retention.html", lines=lines)

    return pages
