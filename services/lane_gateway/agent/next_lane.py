"""Tells the cards of this lane's vehicles from those that its antennas hear of the next lane (R12).

Both lanes come to the same answer, each from its own antennas and the other's record.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from services.lane_gateway.agent.recorder import Recorder
from services.lane_gateway.domain.card_in_vehicle import CardInVehicle
from services.lane_gateway.domain.passage import Passage, PassageState
from services.lane_gateway.domain.sightings import (
    SAME_PORT_WITHIN,
    CardOfNextLane,
    Hearing,
    Nearest,
    NumberHeard,
    Sighting,
    nearest,
)
from services.lane_gateway.use_cases.sighting_ports import Elsewhere
from shared.clock import Clock

TELLS_FROM = 3.0
"""How many dB stronger a card must have become before the other lanes are told."""

_UNDER_WAY = frozenset({PassageState.PASSING})


@dataclass(kw_only=True)
class NextLane:
    """What other lanes hear, compared with what this one does."""

    lane: str
    recorder: Recorder
    wall: Clock
    monotonic: Callable[[], float]
    _there: dict[bytes, dict[UUID, Hearing]] = field(default_factory=dict)
    _unclear: set[UUID] = field(default_factory=set)
    _told: dict[tuple[UUID, bytes], float] = field(default_factory=dict)

    def take(self, news: Elsewhere) -> None:
        """Take in what the other lanes wrote down."""
        for heard in news.heard:
            vehicles = self._there.setdefault(heard.epc, {})
            before = vehicles.get(heard.passage_id)
            vehicles[heard.passage_id] = heard if before is None else _stronger(before, heard)
        gone = {each.passage_id: each.at for each in news.gone}
        for vehicles in self._there.values() if gone else ():
            for number in vehicles.keys() & gone.keys():
                vehicles[number] = replace(vehicles[number], until=gone[number])

    def settle(self, passage: Passage) -> bool:
        """Give away and take back what belongs elsewhere; tell whether that changes the vehicle."""
        if passage.state in _UNDER_WAY or passage.over:
            return False
        changed, unclear = False, False
        for card in list(passage.cards.values()) if self._there else ():
            place, other = self._place(card)
            unclear = unclear or (place is Nearest.NOBODY_KNOWS)
            if place is Nearest.ELSEWHERE and not card.elsewhere and other is not None:
                self._give_away(passage, card, other)
                changed = True
            elif place is not Nearest.ELSEWHERE and card.elsewhere:
                # It is learnt anew with its next read, by whichever vehicle it is in then.
                del passage.cards[card.epc]
        changed = changed or unclear != (passage.id in self._unclear)
        self._unclear = self._unclear | {passage.id} if unclear else self._unclear - {passage.id}
        return changed

    def unclear(self, passage: Passage) -> bool:
        """Tell whether some card is heard at another lane about as well as here."""
        return passage.id in self._unclear

    def tell(self, passage: Passage) -> None:
        """Let the other lanes know how strong a card is that one of them hears as well."""
        for card in passage.cards.values():
            if card.strength is not None and card.epc in self._there:
                key = (passage.id, card.epc)
                if card.strength >= self._told.get(key, float("-inf")) + TELLS_FROM:
                    self._told[key] = card.strength
                    self.recorder.note(
                        NumberHeard(
                            passage_id=passage.id,
                            lane=self.lane,
                            epc=card.epc,
                            rssi=card.strength,
                        )
                    )

    def explains(self, there: Sighting, card: CardInVehicle | None) -> bool:
        """Tell whether the other lane only hears a card that is here, or hears it on and on.

        One that let a vehicle pass with it has seen another card.
        """
        hearing = self._there.get(there.epc, {}).get(there.passage_id)
        if hearing is None or hearing.until is not None or card is None or card.by_officer:
            return False
        return nearest(card.strength, hearing.strength) is Nearest.HERE

    def let_go(self, now: datetime, kept: set[UUID]) -> None:
        """Forget what is too long ago to matter, and all of vehicles that are not ``kept``."""
        since = now - SAME_PORT_WITHIN
        for epc, vehicles in list(self._there.items()):
            left = {each: one for each, one in vehicles.items() if one.over_by(now) >= since}
            if left:
                self._there[epc] = left
            else:
                del self._there[epc]
        self._unclear &= kept
        self._told = {key: told for key, told in self._told.items() if key[0] in kept}

    def _place(self, card: CardInVehicle) -> tuple[Nearest, Hearing | None]:
        """Return where a card belongs, and the hearing that says so."""
        found: tuple[Nearest, Hearing | None] = (Nearest.HERE, None)
        for hearing in self._at_once(card):
            place = nearest(card.strength, hearing.strength)
            if place is Nearest.ELSEWHERE:
                return place, hearing
            if place is Nearest.NOBODY_KNOWS:
                found = place, hearing
        return found

    def _at_once(self, card: CardInVehicle) -> Iterator[Hearing]:
        """Yield where else the card is heard while it is heard here."""
        if card.by_officer or card.first_read is None:
            return
        now = self.wall()
        last = now - timedelta(seconds=self.monotonic() - card.last_read)
        for hearing in self._there.get(card.epc, {}).values():
            if hearing.while_heard(card.first_read, last, now=now):
                yield hearing

    def _give_away(self, passage: Passage, card: CardInVehicle, other: Hearing) -> None:
        card.elsewhere = True
        self.recorder.note(
            CardOfNextLane(
                passage_id=passage.id,
                lane=self.lane,
                epc=card.epc,
                other_lane=other.lane,
                other_passage_id=other.passage_id,
                rssi=card.strength,
                other_rssi=other.strength,
            )
        )


def _stronger(before: Hearing, heard: Hearing) -> Hearing:
    """Return what is known of a card with one more word about it."""
    if heard.strength is None or (before.strength or float("-inf")) >= heard.strength:
        return before
    return replace(before, strength=heard.strength)
