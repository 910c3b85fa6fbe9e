"""From a hold to a referral at every site: ``python -m benchmarks.hold_to_refer``.

Vetting's message of a hold is published; enrollment's worker applies it, signs the entry of the
credential feed and appends it to the log; every site reads the log and writes the entry into its
own list. Measured is the time until what a lane would decide on the card is ``refer``, ``held``,
at the slowest of all sites: from the publication, and from the commit at enrollment. See
docs/benchmarks.md.
"""

import argparse
import random
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from uuid import uuid4
from zoneinfo import ZoneInfo

from benchmarks import machine
from benchmarks.feed.follow import SitePlan
from benchmarks.feed.office import Database, Headquarters
from benchmarks.figures import Bar, judge, spread
from benchmarks.people import Member
from services.enrollment.persistence.feed import WAKE_CHANNEL
from services.lane_gateway.domain.admission import CardEvidence, Decision, Reason, Verdict, decide
from services.lane_gateway.domain.lane_policy import Direction, LanePolicy, LaneType
from services.lane_gateway.domain.list_age import ListState
from services.lane_gateway.persistence.card_list import SiteCardList
from services.lane_gateway.use_cases.ports import ListLost
from shared.messaging.broker import Publisher
from shared.messaging.envelope import Envelope, to_wire

MEDIAN_S, WORST_S = 0.5, 2.0
GIVE_UP_S = 20.0
FOLLOW_PATIENCE = 90.0
LOOK = 0.002
"""Seconds between two looks at all lists; a look at ten takes less than half a millisecond."""
PAUSES = (0.4, 1.2)
"""Seconds between two holds, drawn at random so that no period of ours is met."""
POLICY = LanePolicy(
    lane="l1",
    lane_type=LaneType.SENTRI,
    direction=Direction.INBOUND,
    zone=ZoneInfo("America/Los_Angeles"),
)
Lists = Mapping[str, SiteCardList]


@dataclass(frozen=True, kw_only=True)
class Taken:
    """The times of one hold, in seconds; ``sites`` from publication, by site."""

    to_commit: float
    sites: Mapping[str, float]

    @property
    def to_all(self) -> float:
        """Return the time from publication to the slowest site."""
        return max(self.sites.values())

    @property
    def from_commit(self) -> float:
        """Return the time from enrollment's commit to the slowest site."""
        return self.to_all - self.to_commit


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--holds", type=int, default=30)
    parser.add_argument("--sites", type=int, default=10)
    parser.add_argument("--processes", type=int, default=5)
    parser.add_argument("--broker", choices=("rabbitmq", "embedded"), default="rabbitmq")
    return parser.parse_args()


def main() -> int:
    """Measure and print; 1 if a bar is missed."""
    chosen = arguments()
    sites = [f"site{number:02d}" for number in range(1, chosen.sites + 1)]
    with machine.work_folder("hold") as folder:
        machine.describe(folder)
        office = Headquarters(folder, sites, with_rabbitmq=chosen.broker == "rabbitmq")
        try:
            office.start()
            plans = office.add_sites(sites)
            members = office.add_members(chosen.holds)
            office.start_sites(plans, processes=chosen.processes)
            taken = _measure(office, plans, members)
        finally:
            office.stop()
        machine.describe(folder)
    return _report(taken, chosen)


def _measure(
    office: Headquarters, plans: Sequence[SitePlan], members: Sequence[Member]
) -> list[Taken]:
    lists = {plan.site: SiteCardList(plan.files) for plan in plans}
    chance = random.Random(1)  # noqa: S311 - a repeatable load, no secret
    broker = office.vetting()
    try:
        _wait_until_known(lists, members[-1])
        publisher = broker.publisher()
        with office.database() as database:
            database.execute(f"LISTEN {WAKE_CHANNEL}".encode())
            taken = []
            for member in members:
                time.sleep(chance.uniform(*PAUSES))
                list(database.notifies(timeout=0))
                taken.append(_hold(member, publisher, lists, database=database))
    finally:
        broker.close()
        for each in lists.values():
            each.close()
    return taken


def _hold(member: Member, publisher: Publisher, lists: Lists, *, database: Database) -> Taken:
    begun = time.monotonic()
    publisher.publish(to_wire(_hold_placed(member)))
    committed: float | None = None
    times: dict[str, float] = {}
    while len(times) < len(lists):
        now = time.monotonic() - begun
        if now > GIVE_UP_S:
            raise TimeoutError(f"After {now:.0f} s only {len(times)} sites have the hold")
        if committed is None and list(database.notifies(timeout=0)):
            committed = now if _is_held(member, database) else None
        for site, cards in lists.items():
            if site not in times and _refers(_decision(cards, member)):
                times[site] = time.monotonic() - begun
        time.sleep(LOOK)
    return Taken(to_commit=committed or 0.0, sites=times)


def _is_held(member: Member, database: Database) -> bool:
    """Tell whether the notice was of this hold, and not of a head that was signed just now."""
    asked = "SELECT status FROM memberships WHERE id = %s"
    return database.execute(asked, (member.id,)).fetchone() == ("held",)


def _hold_placed(member: Member) -> Envelope:
    now = datetime.now(UTC)
    return Envelope(
        id=uuid4(),
        type="vetting.hold_placed.v1",
        source="/vetting",
        subject=str(member.person_id),
        time=now,
        request_id=str(uuid4()),
        sequence=1,
        body={
            "hold_id": str(uuid4()),
            "person_id": str(member.person_id),
            "membership_ids": [str(member.id)],
            "expires_at": _text(now + timedelta(hours=72)),
            "notice_policy": "hold.standard",
            "at": _text(now),
        },
    )


def _text(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def _decision(cards: SiteCardList, member: Member) -> Decision:
    """Decide as a lane does on this card alone, with a list that is fresh."""
    found = cards.look_up([member.epc])
    evidence = CardEvidence(epc=member.epc, record=found.cards.get(member.epc))
    known = ListState(number=found.position.applied, age=timedelta())
    return decide([evidence], None, lane=POLICY, known=known, now=datetime.now(UTC))


def _refers(decision: Decision) -> bool:
    return decision.verdict is Verdict.REFER and Reason.HELD in decision.reasons


def _wait_until_known(lists: Lists, member: Member) -> None:
    limit = time.monotonic() + FOLLOW_PATIENCE
    while not all(_knows(cards, member) for cards in lists.values()):
        if time.monotonic() > limit:
            raise TimeoutError("Not every site has the members' cards")
        time.sleep(0.1)


def _knows(cards: SiteCardList, member: Member) -> bool:
    try:
        record = cards.look_up([member.epc]).cards.get(member.epc)
    except ListLost:
        return False
    return record is not None and record.status.value == "active"


def _report(taken: Sequence[Taken], chosen: argparse.Namespace) -> int:
    each = [seconds * 1000 for one in taken for seconds in one.sites.values()]
    slowest = [one.to_all for one in taken]
    print(
        f"{len(taken)} holds at {chosen.sites} sites in {chosen.processes} processes, "
        f"{chosen.broker}; the lists are warm"
    )
    print(f"publication to refer, each site: {spread(each, 'ms')}")
    print(f"publication to refer, slowest site: {spread([s * 1000 for s in slowest], 'ms')}")
    commits = [one.to_commit * 1000 for one in taken]
    print(f"publication to commit at enrollment: {spread(commits, 'ms')}")
    rest = [one.from_commit * 1000 for one in taken]
    print(f"commit at enrollment to refer, slowest site: {spread(rest, 'ms')}")
    return judge(
        [
            Bar(name="median", value=median(slowest), limit=MEDIAN_S, unit="s"),
            Bar(name="worst", value=max(slowest), limit=WORST_S, unit="s"),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
