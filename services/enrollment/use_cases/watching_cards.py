"""One card at two places: flag it for every lane, until an officer has looked at its holder."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.enrollment.domain.credential import ChangeKind
from services.enrollment.domain.crossing import Alarm, InspectionResult, Passage
from services.enrollment.domain.travel import Seen, TravelPolicy
from services.enrollment.use_cases.fetching import legal_date
from services.enrollment.use_cases.ports import UnitOfWork
from services.enrollment.use_cases.telling_sites import tell_feed
from shared.clock import Clock
from shared.errors import NotFound
from shared.ids import NewId

LOOK_AROUND = timedelta(days=2)
"""How far before and after a passage others are looked for: the longest way between two ports."""
IN_TWO_PLACES = "number_in_two_places"
FOUND_NOTHING = "nothing"


@dataclass(frozen=True, kw_only=True)
class CardWatch:
    """Notices what no card can do, within a transaction of somebody else."""

    travel: TravelPolicy
    clock: Clock
    new_id: NewId

    def passed(self, work: UnitOfWork, passage: Passage) -> None:
        """Compare a passage with those of its cards at other sites, whichever came first."""
        at = min(passage.times.values(), default=None)
        if at is None:
            return
        here = Seen(site=passage.site, lane=passage.lane, at=at)
        for credential_id in dict.fromkeys(passage.credential_ids):
            for there in work.crossings.elsewhere(credential_id, here, within=LOOK_AROUND):
                if self._impossible(work, here, there) and self.flag(work, credential_id):
                    self._alarm(work, here)
                    self._alarm(work, there)

    def flag(self, work: UnitOfWork, credential_id: UUID) -> bool:
        """Flag a card of ours for all lanes; tell whether it was not flagged before."""
        if work.crossings.person_of(credential_id) is None:
            return False
        card = work.cards.get(credential_id)
        fresh = card.flag(now=self.clock())
        if fresh:
            self._tell(work, credential_id, ChangeKind.FLAGGED)
        return fresh

    def looked_at(self, work: UnitOfWork, results: Sequence[InspectionResult]) -> None:
        """Take the flag off cards whose holder an officer inspected since, and found in order."""
        for result in results:
            if result.result != FOUND_NOTHING:
                continue
            if work.crossings.person_of(result.credential_id) is None:
                continue
            if work.cards.get(result.credential_id).unflag(looked_at=result.at):
                self._tell(work, result.credential_id, ChangeKind.UNFLAGGED)

    def _tell(self, work: UnitOfWork, credential_id: UUID, kind: ChangeKind) -> None:
        card = work.cards.get(credential_id)
        membership = work.memberships.get(card.membership_id)
        today = legal_date(membership.form, self.clock())
        tell_feed(work, membership, kind, cards=[card], on=today)

    def _impossible(self, work: UnitOfWork, here: Seen, there: Seen) -> bool:
        try:
            sites = work.sites.get(here.site), work.sites.get(there.site)
        except NotFound:
            return False
        earlier: datetime = min(here.at, there.at)
        return abs(here.at - there.at) < self.travel.least(*sites, on=earlier.date())

    def _alarm(self, work: UnitOfWork, seen: Seen) -> None:
        work.crossings.alarm(
            Alarm(
                id=self.new_id(),
                site=seen.site,
                code=IN_TWO_PLACES,
                lane=seen.lane,
                at=seen.at,
                officer="",
            )
        )
