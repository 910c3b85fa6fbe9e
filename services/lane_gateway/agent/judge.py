"""Asks the credential list about a vehicle's cards and comes to a decision."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.lane_gateway.domain.admission import (
    CardEvidence,
    Decision,
    decide,
    decide_without_list,
)
from services.lane_gateway.domain.credentials import CardRecord
from services.lane_gateway.domain.lane_policy import LanePolicy
from services.lane_gateway.domain.list_age import HostTime, ListState, list_age
from services.lane_gateway.domain.passage import Passage
from services.lane_gateway.use_cases.ports import CardList, ListLost


@dataclass(kw_only=True)
class Judge:
    """Decides with the newest list at each call; ``ok`` tells whether the list can be read."""

    cards: CardList
    policy: LanePolicy
    host: Callable[[], HostTime]
    ok: bool = True
    _number: int = 0

    def known(self) -> ListState:
        """Return what is known of the list; of unknown age while it cannot be read."""
        return self._look_up(())[0]

    def age(self) -> timedelta | None:
        """Return the age of the list."""
        return self.known().age

    def judge(self, passage: Passage, *, now: datetime) -> Decision:
        """Return the decision on a vehicle as it is known now."""
        own = passage.own_cards
        known, records = self._look_up(own.keys())
        if not self.ok:
            unknown = [CardEvidence(epc=epc, record=None) for epc in own]
            return decide_without_list(unknown, lane=self.policy, number=known.number, now=now)
        cards = [card.evidence(records.get(epc)) for epc, card in own.items()]
        return decide(cards, passage.vehicle, lane=self.policy, known=known, now=now)

    def record_of(self, epc: bytes) -> CardRecord | None:
        """Return what the list says of one number, ``None`` also while it cannot be read."""
        return self._look_up((epc,))[1].get(epc)

    def renew(self) -> None:
        """Change over to a newer generation of the list, if there is one."""
        try:
            self.cards.renew()
        except ListLost:
            self.ok = False

    def _look_up(self, epcs: Collection[bytes]) -> tuple[ListState, Mapping[bytes, CardRecord]]:
        try:
            found = self.cards.look_up(epcs)
        except ListLost:
            self.ok = False
            return ListState(number=self._number, age=None), {}
        self.ok = True
        position = found.position
        self._number = position.applied
        age = list_age(position.head, self.host())
        return ListState(number=position.applied, age=age), found.cards
