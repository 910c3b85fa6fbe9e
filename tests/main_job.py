"""The main job, step by step, through the doors that people use: pages, provider, road.

``make story``, the end-to-end tests and the scan for leaks drive the system with it. Every step
observes what it has caused and raises ``Unexpected`` where that does not come; what takes time is
measured on the way.
"""

import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from tests.actors.booth import Screen, Shown
from tests.actors.browsing import Unexpected, until
from tests.actors.cast import Cast, Doors
from tests.actors.center import CardMade
from tests.actors.pictures import a_picture
from tests.actors.traveler import Traveler, a_traveler

SHUT_FOR = 1.5
"""Seconds in which a gate that opened without an officer would have begun to."""
LIST_NAME = "local"


@dataclass(frozen=True, kw_only=True)
class Words:
    """What officers write in their own words."""

    verdict: str = "Birthplace and document numbers differ"
    decision: str = "Answers and documents agree"
    interview: str = "All answers were clear"
    lift: str = "Not the person on the list"
    inspection: str = ""


@dataclass(frozen=True, kw_only=True)
class Mark:
    """Something that was measured."""

    what: str
    seconds: float


class MainJob:
    """One traveler's way from the application to the second passage.

    ``listed`` is the line of a watchlist that means the traveler (by default with their own name
    and document), ``tid`` the number of the blank chip.
    """

    def __init__(
        self,
        doors: Doors,
        traveler: Traveler | None = None,
        *,
        lane: str = "l1",
        words: Words | None = None,
        picture: bytes | None = None,
        listed: str | None = None,
        tid: str | None = None,
    ) -> None:
        self.traveler = traveler or a_traveler()
        self.cast = Cast(doors, self.traveler)
        self.lane = lane
        self.words = words or Words()
        self.picture = picture or a_picture()
        self.listed = listed or _line_that_means(self.traveler)
        self.tid = tid or f"e2801160{secrets.token_hex(8)}"
        self.marks: list[Mark] = []
        self.ids: dict[str, UUID] = {}
        self.vehicle = 0
        self._card: CardMade | None = None

    def steps(self) -> Sequence[tuple[str, Callable[[], None]]]:
        """Return the steps in their order, each with what it is called."""
        return (
            ("an applicant applies with a vehicle", self.apply),
            ("vetting screens and an officer approves", self.vet),
            ("the interview is booked and recorded", self.meet),
            ("the card is issued and activated", self.hand_out_card),
            ("the car drives up; card and plate are read; the lane shows clear", self.drive_up),
            ("the officer counts and admits; the gate opens and closes behind it", self.admit),
            ("a watchlist update places a temporary hold; the same car is referred", self.hold),
            ("the gate stays shut until the officer sends it to secondary", self.send_away),
            ("a vetting officer clears the hold; the car passes again", self.pass_again),
        )

    def run(self) -> None:
        """Do all of it."""
        for _, step in self.steps():
            step()

    def apply(self) -> None:
        """Apply with a vehicle, and see the case come into vetting's queue."""
        officer, before = self.cast.officer, self.cast.officer.waiting()
        self.ids["application"] = self.cast.applicant.apply()
        with self._timed("submission to case in the queue"):
            until(lambda: officer.waiting() - before, "the case in vetting's queue")
        self.ids["case"] = until(
            lambda: officer.case_of(self.traveler, among=before), "the traveler's own case"
        )

    def vet(self) -> None:
        """Claim the case, judge what screening found, approve."""
        officer, case_id = self.cast.officer, self.ids["case"]
        officer.claim(case_id)
        hits = officer.judge(case_id, "false_match", self.words.verdict)
        reason = "not_the_same_person" if hits else "nothing_found"
        case = officer.decide(case_id, "approve", [reason], note=self.words.decision)
        if case["status"] == "proposed":
            self.cast.second_officer.confirm(case_id)
        with self._timed("decision to status page"):
            until(self.cast.applicant.can_book, "the approval on the status page")

    def meet(self) -> None:
        """Book the first free time; come, be interviewed and photographed."""
        appointment_id, starts_at = self.cast.applicant.book()
        self.cast.center.check_in(appointment_id, starts_at)
        self.ids["membership"] = self.cast.center.interview(
            appointment_id, text=self.words.interview, picture=self.picture
        )

    def hand_out_card(self) -> None:
        """Issue the card on a blank chip, hand it over, activate it, and see it at the site."""
        self._card = self.cast.center.issue_card(self.ids["membership"], self.tid)
        self.cast.center.hand_over(self._card)
        before = self._newest_change()
        self.cast.applicant.activate(self._card.passid, self._card.security_code)
        self._applied("activated", before, measured="card change to the site's store")

    def drive_up(self) -> None:
        """Drive up in the enrolled vehicle, and see the booth's page show it as clear."""
        shown = self._drive("clear", measured="report and plate to clear on the booth's page")
        surname = self.traveler.answers["names"]["paternal_surname"]
        if not any(surname in name for name in shown.names):
            raise Unexpected("the booth's page does not name the card's holder")

    def admit(self) -> None:
        """Count the occupants and admit; the gate opens, and closes behind the car."""
        self._press("admit", "admit to open coil", counted="1")

    def hold(self) -> None:
        """Let the same car stand at the gate, clear, and its driver come onto a watchlist."""
        known = {hold["id"] for hold in self.cast.officer.holds()}
        self._drive("clear")
        self.cast.officer.upload(LIST_NAME, self.listed)
        placed = until(lambda: self._new_hold(known), "the hold")
        self.ids["hold"] = UUID(placed["id"])
        with self.cast.booth.watching(self.lane) as screen:
            shown = self._at_gate(screen, "refer")
        at = datetime.fromisoformat(placed["placed_at"])
        self._mark("hold to refer", (shown.came_at - at).total_seconds())

    def send_away(self) -> None:
        """See the gate stay shut, send the car to secondary, inspect and release it there."""
        booth = self.cast.booth
        self._stays_shut()
        with booth.watching(self.lane) as screen:
            passage = self._at_gate(screen, "refer").passage_id or UUID(int=0)
        self._press("secondary", "secondary to open coil")
        visit = until(lambda: booth.visits().get(passage), "the visit at secondary")
        booth.arrive(visit)
        booth.inspect(visit, note=self.words.inspection)
        booth.release(visit)

    def pass_again(self) -> None:
        """Lift the hold, and pass as before."""
        before = self._newest_change()
        self.cast.officer.lift(self.ids["hold"], self.words.lift)
        self._applied("released", before, measured="cleared hold to the site's store")
        self._drive("clear")
        self.admit()

    def pass_after_checks(self, plate: str, reason: str) -> None:
        """Drive up in another vehicle, be referred, and be admitted after checks."""
        self._drive("refer", plate=plate)
        self._press("after_checks", "after checks to open coil", reason=reason)

    @property
    def card(self) -> CardMade:
        """The card, once it was issued."""
        if self._card is None:
            raise Unexpected("no card was issued")
        return self._card

    def close(self) -> None:
        """Everybody leaves."""
        self.cast.close()

    def _drive(self, word: str, *, plate: str = "", measured: str | None = None) -> Shown:
        """Drive up and return what the booth's page shows once the car stands at the gate."""
        road = self.cast.road
        self.cast.booth.sign_on(self.lane)
        with self.cast.booth.watching(self.lane) as screen:
            screen.wait_for(lambda shown: shown.word == "waiting", "an empty lane")
            self.vehicle = road.drive(
                self.lane,
                cards=[{"epc": self.card.epc, "tid": self.card.tid}],
                plate=plate or self.traveler.plate,
                region=self.traveler.region,
            )
            first = screen.wait_for(lambda shown: shown.word == word, word)
            if measured:
                seen = road.when(self.lane, self.vehicle, "plate_read")
                self._mark(measured, (first.came_at - seen).total_seconds())
            road.when(self.lane, self.vehicle, "at_gate")
            return self._at_gate(screen, word)

    def _at_gate(self, screen: Screen, word: str) -> Shown:
        return screen.wait_for(
            lambda shown: shown.word == word and shown.at_gate, f"{word} at the gate"
        )

    def _press(self, kind: str, measured: str, **values: str) -> None:
        """Press a button that lets the car go, and see it gone and the gate shut behind it."""
        road = self.cast.road
        with road.watching_coil(self.lane) as closed:
            began = time.monotonic()
            self.cast.booth.tell(self.lane, kind, **values)
            until(lambda: closed, "the closed coil")
        self._mark(measured, closed[0] - began)
        road.when(self.lane, self.vehicle, "passed")
        until(lambda: road.lane(self.lane)["arm"] == 0, "the arm down behind the car")

    def _stays_shut(self) -> None:
        deadline = time.monotonic() + SHUT_FOR
        while time.monotonic() < deadline:
            state = self.cast.road.lane(self.lane)
            if state["arm"] > 0 or state["coils"]["open"]:
                raise Unexpected("the gate opened for a car that was referred")

    def _new_hold(self, known: set[str]) -> dict[str, Any] | None:
        return next((h for h in self.cast.officer.holds() if h["id"] not in known), None)

    def _newest_change(self) -> int:
        spread = self.cast.feed.spread()
        return 0 if spread is None else spread.number

    def _applied(self, kind: str, before: int, *, measured: str) -> None:
        """Wait until a newer change of this kind is at every site."""

        def look() -> bool:
            spread = self.cast.feed.spread()
            newer = spread is not None and spread.number > before and spread.kind == kind
            return newer and spread is not None and spread.everywhere

        with self._timed(measured):
            until(look, f"{kind} at the site")

    @contextmanager
    def _timed(self, what: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self._mark(what, time.monotonic() - began)

    def _mark(self, what: str, seconds: float) -> None:
        self.marks.append(Mark(what=what, seconds=seconds))


def _line_that_means(traveler: Traveler) -> str:
    names, document = traveler.answers["names"], traveler.answers["documents"]["documents"][0]
    name = f"{names['given']} {names['paternal_surname']} {names['maternal_surname']}"
    return f"L-1,{name},,,{document['country']},{document['number']},TEST"
