"""``make story``: the main job through the public doors, with a timeline of measured times.

It uses pages and web interfaces with real sign-in, and the simulator's road; LLRP, Modbus and the
camera's line run between simulator and lane. Exit status 0 only if every step was observed.
"""

import argparse
import secrets
import sys
import time
from datetime import datetime
from pathlib import Path
from uuid import UUID

from deploy.local.layout import EMBEDDED, SITE
from deploy.local.paths import RUN
from deploy.local.running import running_demo
from deploy.local.timeline import Timeline
from tests.actors.booth import Screen, Shown
from tests.actors.browsing import Unexpected, until
from tests.actors.cast import Cast, Doors
from tests.actors.center import CardMade
from tests.actors.pictures import a_picture
from tests.actors.traveler import Traveler, a_traveler

LANE = "l1"
TID_BYTES = 12
STAYS_SHUT = 3.0  # seconds that a referred car is watched before the shut gate counts as seen
DOWN = 0.0  # where the simulator's arm is when it is shut
COMES_ROUND = 6.0  # seconds: a lane ignores the cards of a car that left less than 5 s ago
LIST = "story"


class Story:
    """The main job, told once."""

    def __init__(self, cast: Cast, timeline: Timeline) -> None:
        self._cast = cast
        self._line = timeline
        self._traveler: Traveler = cast.traveler
        self._left_at = time.monotonic()

    def tell(self) -> None:
        """Tell it from the first question to the second passage; ``Unexpected`` ends it."""
        self._apply_and_approve()
        card = self._interview_and_card()
        self._cast.booth.sign_on(LANE)
        with self._cast.booth.watching(LANE) as screen:
            self._pass(card, screen, "the car drives up; the lane shows clear, with the name")
            hold = self._hold(card, screen)
            self._refer(card, screen)
            self._clear(hold)
            self._pass(card, screen, "the hold is cleared; the same car is clear again")

    def _apply_and_approve(self) -> None:
        line, applicant, officer = self._line, self._cast.applicant, self._cast.officer
        before = officer.waiting()
        with line.step("an applicant applies with a vehicle, page by page, and submits"):
            applicant.apply()
            submitted = time.monotonic()
        with line.step("the case is in the officer's queue, screened"):
            until(lambda: officer.waiting() - before, "the case in the queue")
            line.measured("submission to case in the queue", time.monotonic() - submitted)
            case = until(
                lambda: officer.case_of(self._traveler, among=before), "the traveler's case"
            )
        with line.step("an officer claims the case, looks at what was found and approves"):
            officer.claim(case)
            officer.judge(case, "false_match", "Another person: the birth dates differ")
            officer.decide(case, "approve", ["nothing_found"])
            decided = time.monotonic()
        with line.step("the status page says conditionally approved and offers an interview"):
            until(applicant.can_book, "the offer of an interview")
            line.measured("decision to status page", time.monotonic() - decided)

    def _interview_and_card(self) -> CardMade:
        line, applicant, center = self._line, self._cast.applicant, self._cast.center
        with line.step("the applicant books an interview"):
            appointment, starts_at = applicant.book()
        with line.step(
            "the center checks the applicant in and records the interview, with a picture"
        ):
            center.check_in(appointment, starts_at)
            membership = center.interview(
                appointment, text="All documents seen in the original", picture=a_picture()
            )
        with line.step("a card is issued on a blank chip, read back and handed over"):
            card = center.issue_card(membership, secrets.token_hex(TID_BYTES))
            center.hand_over(card)
        with line.step("the member activates the card"):
            activated = time.monotonic()
            applicant.activate(card.passid, card.security_code)
            self._everywhere("activated", "card change to the site's store", since=activated)
        return card

    def _pass(self, card: CardMade, screen: Screen, text: str) -> None:
        line, road, booth = self._line, self._cast.road, self._cast.booth
        with line.step(text):
            vehicle = self._drive(card)
            shown = screen.wait_for(_clear_with_name, "clear with the holder's name")
            evidence = max(
                road.when(LANE, vehicle, what) for what in ("card_in_field", "plate_read")
            )
            line.measured("report and plate to clear", _seconds(evidence, shown), limit=1.0)
            road.when(LANE, vehicle, "at_gate")
        with line.step("the officer counts one occupant and admits; the gate opens and closes"):
            with road.watching_coil(LANE) as closed:
                pressed = time.monotonic()
                booth.tell(LANE, "admit", counted="1")
                until(lambda: bool(closed), "the gate's coil")
            line.measured("admit to open coil", closed[0] - pressed, limit=1.0)
            self._gone(vehicle, "passed")
            until(self._is_down, "the arm down behind the car")

    def _hold(self, card: CardMade, screen: Screen) -> UUID:
        line, officer = self._line, self._cast.officer
        with line.step(
            "the car stands at the gate, clear, when a watchlist update names its driver"
        ):
            vehicle = self._drive(card)
            screen.wait_for(_clear_with_name, "clear with the holder's name")
            self._cast.road.when(LANE, vehicle, "at_gate")
            officer.upload(LIST, _listed(self._traveler))
        with line.step("a temporary hold is placed, and the lane refers the same car"):
            hold = until(lambda: next(iter(officer.holds()), None), "the hold")
            shown = screen.wait_for(lambda seen: seen.word == "refer", "refer")
            placed = datetime.fromisoformat(hold["placed_at"])
            line.measured("hold to refer", _seconds(placed, shown), limit=2.0)
        with line.step("the officer turns the car back; the gate stays shut"):
            self._cast.booth.tell(LANE, "turn_back", reason="Held while it stood here")
            self._cast.road.turn_back(LANE, vehicle)
            self._gone(vehicle, "turned_back")
            self._must_be_down()
        return UUID(hold["id"])

    def _refer(self, card: CardMade, screen: Screen) -> None:
        line, road, booth = self._line, self._cast.road, self._cast.booth
        with line.step("the same car comes again and is referred; the gate stays shut"):
            vehicle = self._drive(card)
            shown = screen.wait_for(lambda seen: seen.word == "refer", "refer")
            road.when(LANE, vehicle, "at_gate")
            end = time.monotonic() + STAYS_SHUT
            while time.monotonic() < end:
                self._must_be_down()
                time.sleep(0.1)
        with line.step("the officer sends it to secondary; the gate lets this one car through"):
            booth.tell(LANE, "secondary", reason="Held")
            self._gone(vehicle, "passed")
        with line.step("secondary sees it arrive, finds nothing and releases it"):
            if shown.passage_id is None:
                raise Unexpected("the booth named no passage")
            passage = shown.passage_id
            visit = until(lambda: booth.visits().get(passage), "the car at secondary")
            booth.arrive(visit)
            booth.inspect(visit)
            booth.release(visit)

    def _clear(self, hold: UUID) -> None:
        with self._line.step("a vetting officer clears the hold, with the reason"):
            lifted = time.monotonic()
            self._cast.officer.lift(hold, "Another person: looked at with the documents")
            self._everywhere("released", "clearance to the site's store", since=lifted)

    def _drive(self, card: CardMade) -> int:
        # A car needs time to come round; until then the lane takes its card for the last passage's.
        time.sleep(max(0.0, self._left_at + COMES_ROUND - time.monotonic()))
        return self._cast.road.drive(
            LANE,
            cards=[{"epc": card.epc, "tid": card.tid}],
            plate=self._traveler.plate,
            region=self._traveler.region,
        )

    def _gone(self, vehicle: int, how: str) -> None:
        self._cast.road.when(LANE, vehicle, how)
        self._left_at = time.monotonic()

    def _everywhere(self, kind: str, what: str, *, since: float) -> None:
        def look() -> bool:
            spread = self._cast.feed.spread()
            return spread is not None and spread.kind == kind and spread.everywhere

        until(look, f"{kind} at every site")
        self._line.measured(what, time.monotonic() - since)

    def _is_down(self) -> bool:
        return float(self._cast.road.lane(LANE)["arm"]) == DOWN

    def _must_be_down(self) -> None:
        if not self._is_down():
            raise Unexpected("the gate is not shut")


def _clear_with_name(seen: Shown) -> bool:
    return seen.word == "clear" and bool(seen.names)


def _seconds(since: datetime, shown: Shown) -> float:
    return (shown.came_at - since).total_seconds()


def _listed(traveler: Traveler) -> str:
    names, birth = traveler.answers["names"], traveler.answers["birth"]
    parts = (names["given"], names["middle"], names["paternal_surname"], names["maternal_surname"])
    return f"S-1,{' '.join(parts)},,{birth['date']},MX,,local"


def main() -> int:
    """Tell the story in an installation of its own; 0 if every step was observed."""
    parser = argparse.ArgumentParser(prog="make story", description=__doc__)
    parser.add_argument("--broker", default=EMBEDDED, help="embedded, or amqp://...")
    parser.add_argument(
        "--folder", type=Path, default=RUN / "story", help="where it keeps its files"
    )
    chosen = parser.parse_args()
    print(f"starting the system for the story of one member at {SITE} ...", flush=True)
    with running_demo(chosen.folder, broker=chosen.broker) as installation:
        cast = Cast(Doors.of(installation.layout), a_traveler("ana"))
        timeline = Timeline()
        try:
            Story(cast, timeline).tell()
        except Unexpected as error:
            print(f"NOT OBSERVED: {error}", file=sys.stderr)
            return 1
        finally:
            cast.close()
        return timeline.close()


if __name__ == "__main__":
    sys.exit(main())
