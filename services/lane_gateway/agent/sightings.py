"""Compares the cards at this lane's arm with those at the port's other lanes."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from services.lane_gateway.agent.next_lane import NextLane
from services.lane_gateway.agent.recorder import Recorder
from services.lane_gateway.domain.admission import Decision, Reason, refer_because
from services.lane_gateway.domain.authorisation import AuthorisationKind
from services.lane_gateway.domain.credentials import CardRecord
from services.lane_gateway.domain.events import DeviceNoted
from services.lane_gateway.domain.passage import Passage, PassageState
from services.lane_gateway.domain.sightings import (
    SAME_PORT_WITHIN,
    NumberAtArm,
    NumberInTwoPlaces,
    Sighting,
    conflicts,
)
from services.lane_gateway.use_cases.sighting_ports import Gone, OtherLanes
from shared.clock import Clock

LOOK_EVERY = 0.25
"""Seconds between two looks at the other lanes: an arm takes longer than that to rise."""
ALARM = Reason.NUMBER_IN_TWO_PLACES.value


@dataclass(kw_only=True)
class Sightings:
    """What was at this arm and at others lately.

    ``alarm`` calls an attendant to a vehicle, ``find`` asks the list about a number. The path to
    the gate only asks what is here in memory; files are read between two scans.
    """

    lane: str
    others: OtherLanes
    recorder: Recorder
    alarm: Callable[[str, UUID | None], None]
    find: Callable[[bytes], CardRecord | None]
    vehicles: Callable[[], Iterable[Passage]]
    next_lane: NextLane
    wall: Clock
    monotonic: Callable[[], float]
    _here: list[tuple[Sighting, Passage]] = field(default_factory=list)
    _known: set[tuple[UUID, bytes]] = field(default_factory=set)
    _there: dict[bytes, list[Sighting]] = field(default_factory=dict)
    _doubled: set[UUID] = field(default_factory=set)
    _told: set[tuple[UUID, UUID, bytes]] = field(default_factory=set)
    _unread: frozenset[str] = frozenset()
    _next: float = 0.0

    def arrived(self, passage: Passage) -> bool:
        """Note the cards of the vehicle at the arm; tell whether some of them is elsewhere."""
        changed = self._settle(passage)
        before = passage.id in self._doubled
        for epc, card in passage.own_cards.items():
            if (passage.id, epc) in self._known:
                continue
            self._known.add((passage.id, epc))
            here = Sighting(lane=self.lane, passage_id=passage.id, epc=epc, at=self.wall())
            self._here.append((here, passage))
            self.recorder.note(
                NumberAtArm(passage_id=passage.id, lane=self.lane, epc=epc, rssi=card.strength)
            )
            self._compare(here, passage)
        return changed or (not before and passage.id in self._doubled)

    def look(self) -> list[Passage]:
        """Look at the other lanes, now and then; return vehicles that have to be decided anew."""
        if self.monotonic() < self._next:
            return []
        self._next = self.monotonic() + LOOK_EVERY
        self._take_news()
        self._let_go(self.wall())
        settled = [one for one in self.vehicles() if self._settle(one)]
        before = set(self._doubled)
        self._here = [(self._until_now(here, whose), whose) for here, whose in self._here]
        for here, whose in self._here:
            self._compare(here, whose)
        fresh = self._doubled - before
        doubled = [whose for _, whose in self._here if whose.id in fresh]
        return list({whose.id: whose for whose in (*settled, *doubled)}.values())

    def settle(self, passage: Passage, decision: Decision) -> Decision:
        """Return the decision, a referral where one of the cards is in two places."""
        if passage.id in self._doubled:
            decision = refer_because(decision, Reason.NUMBER_IN_TWO_PLACES)
        elif self.next_lane.unclear(passage):
            decision = refer_because(decision, Reason.NEAR_TWO_LANES)
        return decision

    def _settle(self, passage: Passage) -> bool:
        """Find out which cards are this vehicle's own; those of the next lane are not here."""
        changed = self.next_lane.settle(passage)
        self.next_lane.tell(passage)
        if changed:
            own = passage.own_cards
            self._known = {one for one in self._known if one[0] != passage.id or one[1] in own}
            self._here = [
                (here, whose)
                for here, whose in self._here
                if whose is not passage or here.epc in own
            ]
        return changed

    def _compare(self, here: Sighting, passage: Passage) -> None:
        for there in conflicts(here, self._there.get(here.epc, ())):
            if self.next_lane.explains(there, passage.cards.get(here.epc)):
                continue
            self._doubled.add(passage.id)
            told = (passage.id, there.passage_id, here.epc)
            if told not in self._told:
                self._told.add(told)
                self.recorder.note(
                    NumberInTwoPlaces(
                        passage_id=passage.id,
                        lane=self.lane,
                        credential_id=self._credential(here.epc),
                        other_lane=there.lane,
                        other_passage_id=there.passage_id,
                        other_at=there.at,
                    )
                )
                self.alarm(ALARM, passage.id)

    def _credential(self, epc: bytes) -> UUID | None:
        record = self.find(epc)
        return record.credential_id if record is not None else None

    def _until_now(self, here: Sighting, passage: Passage) -> Sighting:
        if here.until is not None or not passage.over:
            return here
        return replace(here, until=self.wall(), sent_on=_sent_on(passage))

    def _take_news(self) -> None:
        news = self.others.news()
        self.next_lane.take(news)
        for sighting in news.sightings:
            self._there.setdefault(sighting.epc, []).append(sighting)
        for each in news.disowned:
            kept = [
                one for one in self._there.get(each.epc, ()) if one.passage_id != each.passage_id
            ]
            self._there[each.epc] = kept
        gone = {each.passage_id: each for each in news.gone}
        for sightings in self._there.values() if gone else ():
            sightings[:] = [_gone(each, gone.get(each.passage_id)) for each in sightings]
        for event in self._reading(news.unread):
            self.recorder.note(event)
        self._unread = news.unread

    def _reading(self, unread: frozenset[str]) -> Iterator[DeviceNoted]:
        for lane in sorted(unread ^ self._unread):
            what = "unread" if lane in unread else "read"
            yield DeviceNoted(lane=self.lane, device=f"lane {lane}", what=what)

    def _let_go(self, now: datetime) -> None:
        """Forget what is too long ago to matter; vehicles in the lane are kept."""
        since = now - SAME_PORT_WITHIN
        for epc, sightings in list(self._there.items()):
            sightings[:] = [each for each in sightings if each.over_by(now) >= since]
            if not sightings:
                del self._there[epc]
        self._here = [
            (each, whose)
            for each, whose in self._here
            if not whose.over or each.over_by(now) >= since
        ]
        kept = {whose.id for _, whose in self._here}
        self._doubled &= kept
        self._known = {known for known in self._known if known[0] in kept}
        self._told = {told for told in self._told if told[0] in kept}
        self.next_lane.let_go(now, kept | {one.id for one in self.vehicles()})


def _sent_on(passage: Passage) -> bool:
    given = passage.authorisation
    redirected = given is not None and given.kind is AuthorisationKind.REDIRECT
    passed = passage.state is PassageState.PASSED
    return passage.state is PassageState.TURNED_BACK or (passed and redirected)


def _gone(there: Sighting, gone: Gone | None) -> Sighting:
    return there if gone is None else replace(there, until=gone.at, sent_on=gone.sent_on)
