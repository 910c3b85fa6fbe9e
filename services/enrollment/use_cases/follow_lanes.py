"""Keep what sites report: passages, referrals, inspections, alarms, and what they applied."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.enrollment.domain.crossing import Alarm, InspectionResult, Passage
from services.enrollment.domain.display_record import display_record
from services.enrollment.domain.membership import Status
from services.enrollment.domain.site import Applied
from services.enrollment.use_cases.ports import Transactions, UnitOfWork
from services.enrollment.use_cases.watching_cards import CardWatch
from shared.errors import NotFound
from shared.events import Cause


@dataclass(frozen=True, kw_only=True)
class FollowLanes:
    """The central record of what happened at the ports of entry."""

    transactions: Transactions
    watch: CardWatch

    def passage(self, passage: Passage, *, cause: Cause | None = None) -> None:
        """Keep a passage; its site gets the holders' records if it had to do without."""
        with self.transactions(cause) as work:
            work.crossings.passage(passage)
            for credential_id in dict.fromkeys(passage.credential_ids):
                _send_missing_record(work, credential_id, passage.site)
            self.watch.passed(work, passage)
            work.commit()

    def referral_closed(
        self,
        passage_id: UUID,
        *,
        site: str,
        end: str,
        reason: str,
        at: datetime,
        cause: Cause | None = None,
    ) -> None:
        """Note how a referral ended; raise ``Unavailable`` while its passage is not known."""
        with self.transactions(cause) as work:
            work.crossings.referral_closed(passage_id, site=site, end=end, reason=reason, at=at)
            work.commit()

    def inspected(
        self, passage_id: UUID, results: Sequence[InspectionResult], *, cause: Cause | None = None
    ) -> None:
        """Keep what came of an inspection, per person."""
        with self.transactions(cause) as work:
            work.crossings.inspected(passage_id, results)
            self.watch.looked_at(work, results)
            work.commit()

    def in_two_places(self, credential_id: UUID, *, cause: Cause | None = None) -> None:
        """Flag a card that was at two lanes of a site at once; the site raised the alarm."""
        with self.transactions(cause) as work:
            self.watch.flag(work, credential_id)
            work.commit()

    def alarm(self, alarm: Alarm, *, cause: Cause | None = None) -> None:
        """Keep an alarm."""
        with self.transactions(cause) as work:
            work.crossings.alarm(alarm)
            work.commit()

    def acknowledged(
        self, alarm_id: UUID, *, officer: str, at: datetime, cause: Cause | None = None
    ) -> None:
        """Note that an alarm was seen; raise ``Unavailable`` while it is not known."""
        with self.transactions(cause) as work:
            work.crossings.acknowledged(alarm_id, officer=officer, at=at)
            work.commit()

    def applied(self, report: Applied, *, cause: Cause | None = None) -> None:
        """Keep what a site applied; raise ``NotFound`` for a site that is none of ours."""
        with self.transactions(cause) as work:
            work.sites.get(report.site)
            work.sites.applied(report)
            work.commit()


def _send_missing_record(work: UnitOfWork, credential_id: UUID, site_id: str) -> None:
    person_id = work.crossings.person_of(credential_id)
    if person_id is None or site_id in work.records.sites_of(credential_id):
        return
    membership = work.memberships.of(person_id)
    if membership is None or membership.status is Status.ENDED:
        return
    try:
        site = work.sites.get(site_id)
    except NotFound:
        return
    picture, key = work.pictures.of(person_id), work.chip_keys.of(work.cards.get(credential_id))
    work.records.send(credential_id, site, display_record(membership, picture, key))
