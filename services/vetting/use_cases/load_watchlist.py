"""Take a new version of a watchlist, whole or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.vetting.domain.watchlist.entry import Entry
from services.vetting.domain.watchlist.ofac_sdn import parse_ofac_sdn
from services.vetting.domain.watchlist.plain_csv import parse_plain_csv
from services.vetting.domain.watchlist.release import Diff
from services.vetting.domain.watchlist.unreadable import ListUnreadable
from services.vetting.domain.watchlist.watchlist import Format, Watchlist, list_id
from services.vetting.use_cases.officers import Staff
from services.vetting.use_cases.ports import Rescreen, Transactions, UnitOfWork
from shared.clock import Clock
from shared.events import Cause
from shared.ids import NewId

DEFAULT_NAMES = {Format.OFAC_SDN: "ofac-sdn", Format.CSV: "local"}


def parsed(form: Format, files: Mapping[str, bytes]) -> tuple[Entry, ...]:
    """Read the files of a list, keyed by name, or raise ``ListUnreadable``."""
    if form is Format.OFAC_SDN:
        return parse_ofac_sdn(files)
    if len(files) != 1:
        raise ListUnreadable("one_file_expected", file=", ".join(sorted(files)) or "none")
    ((name, content),) = files.items()
    return parse_plain_csv(content, file=name)


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """What an import brought."""

    list: str
    version: int
    entries: int
    diff: Diff
    new: bool


@dataclass(frozen=True, kw_only=True)
class LoadWatchlist:
    """Write what changed, and have everybody compared with it."""

    transactions: Transactions
    clock: Clock
    new_id: NewId

    def __call__(
        self,
        form: Format,
        files: Mapping[str, bytes],
        *,
        staff: Staff,
        name: str = "",
        accept_shrunken: bool = False,
        cause: Cause | None = None,
    ) -> Loaded:
        """Load the list; raise ``ListUnreadable``, ``ListShrank`` or ``SupervisorNeeded``.

        A list that holds what it held before makes no new version.
        """
        entries = parsed(form, files)
        with self.transactions(cause) as work:
            if accept_shrunken:
                staff.within(work).must_supervise()
            watchlist = self._list(work, name or DEFAULT_NAMES[form], form)
            before = work.watchlists.digests(watchlist.name)
            diff = watchlist.compare(entries, before, may_shrink=accept_shrunken)
            new = bool(diff.to_screen or diff.removed)
            if new:
                watchlist.take(entries, diff, staff.subject, now=self.clock())
                work.watchlists.put(watchlist, entries, diff)
                self._start(work, watchlist, diff)
            work.commit(result=f"{watchlist.name} {watchlist.number}")
        return Loaded(
            list=watchlist.name,
            version=watchlist.number,
            entries=len(entries),
            diff=diff,
            new=new,
        )

    def _list(self, work: UnitOfWork, name: str, form: Format) -> Watchlist:
        watchlist = work.watchlists.named(name)
        if watchlist is None:
            watchlist = Watchlist(id=list_id(name), name=name, format=form)
            work.watchlists.add(watchlist)
        return watchlist

    def _start(self, work: UnitOfWork, watchlist: Watchlist, diff: Diff) -> None:
        if diff.to_screen:
            work.rescreens.start(
                Rescreen(
                    id=self.new_id(),
                    list=watchlist.name,
                    number=watchlist.number,
                    reason="import",
                    started_at=self.clock(),
                )
            )
