"""Processes die under load, and no submission is lost or counted twice.

What is killed is a process: this does not show what a power cut does to what the system's cache
had not written yet. ``test_durability.py`` looks at the settings that this depends on.
"""

import os
import random
from collections import Counter
from collections.abc import Iterator, Sequence

import pytest

from tests.faults.applicants import WaitingRoom
from tests.faults.fates import complaints, drained, read_books, repeats, sent_again
from tests.faults.headquarters import Headquarters
from tests.faults.load import Attempt, Fate, OpenLoop, percentile
from tests.faults.victims import Death, Relay, Victim, all_victims

RATE = 20.0
"""Submissions offered a second."""
KILLS, SOAK_KILLS = 2, 15
KILLS_A_ROUND = 3
RESERVE = 600
"""Applicants who wait before a kill: enough for half a minute."""
SPARE_KILLS = 25
"""Further kills for a victim whose work turned out to be finished just before it died."""


@pytest.fixture
def waiting_room(headquarters: Headquarters) -> Iterator[WaitingRoom]:
    made = WaitingRoom(headquarters.enrollment_config())
    yield made
    made.close()


def rounds(soak: bool) -> list[int]:  # noqa: FBT001 - the fixture's value
    """Return the kills for each victim in each round; after a round the books are read."""
    if not soak:
        return [KILLS]
    return [KILLS_A_ROUND] * (SOAK_KILLS // KILLS_A_ROUND)


def test_no_kill_loses_or_doubles_an_acknowledged_submission(
    headquarters: Headquarters,
    waiting_room: WaitingRoom,
    soak: bool,  # noqa: FBT001 - a fixture
    capsys: pytest.CaptureFixture[str],
) -> None:
    seed = int(os.environ.get("KILL_SEED", random.SystemRandom().randrange(2**32)))
    chance = random.Random(seed)  # noqa: S311 - a repeatable draw
    victims = all_victims(chance)
    deaths: list[Death] = []
    attempts: list[Attempt] = []
    with capsys.disabled():
        say(f"\nkill test, seed {seed}")
        for kills in rounds(soak):
            load = OpenLoop(headquarters.layout.url("enrollment"), waiting_room.next, RATE)
            waiting_room.fill(RESERVE)
            load.start()
            try:
                order = victims * kills
                chance.shuffle(order)
                for victim in order:
                    waiting_room.fill(RESERVE)
                    deaths += killed_at_work(victim, headquarters, load)
                if not repeats(headquarters.layout.logs):
                    aimed = Relay(chance=chance, only_sent=True)
                    deaths += killed_at_work(aimed, headquarters, load)
            finally:
                load.stop()
            attempts += load.attempts
            assert load.missed == 0, "the load ran out of applicants"
            check_books(headquarters, load.attempts)
        report(headquarters, attempts, deaths)

    counted = Counter(death.victim for death in deaths if death.counts)
    assert all(counted[victim.name] >= sum(rounds(soak)) for victim in victims)
    assert repeats(headquarters.layout.logs), "no message came twice: the inbox was not needed"


def killed_at_work(victim: Victim, headquarters: Headquarters, load: OpenLoop) -> list[Death]:
    """Kill the victim until one of its deaths counts."""
    deaths: list[Death] = []
    while not any(death.counts for death in deaths):
        assert len(deaths) <= SPARE_KILLS, f"{victim.name} was never at work: {deaths}"
        deaths.append(victim.kill(headquarters, load))
        say(_line(deaths[-1]))
    return deaths


def check_books(headquarters: Headquarters, attempts: Sequence[Attempt]) -> None:
    """See that everything acknowledged, and nothing twice, has reached vetting."""
    wrong = [attempt.answer for attempt in attempts if attempt.fate is Fate.WRONG]
    assert wrong == [], complaints(headquarters.layout.logs)
    acknowledged = {
        attempt.applicant.application_id
        for attempt in attempts
        if attempt.fate is Fate.ACKNOWLEDGED
    }
    drained(headquarters)
    books = read_books(headquarters)
    assert acknowledged <= books.submitted, "an acknowledged submission is lost in enrollment"
    assert acknowledged <= set(books.cases), "an acknowledged submission is lost on its way"
    assert books.doubled == []
    assert set(books.cases) == books.submitted
    assert [who for who, number in books.announced.items() if number > 1] == []
    assert books.dead == []

    others = [attempt for attempt in attempts if attempt.fate is not Fate.ACKNOWLEDGED]
    again = sent_again(headquarters.layout.url("enrollment"), others)
    assert {attempt.fate for attempt in again} <= {Fate.ACKNOWLEDGED}, [a.answer for a in again]
    drained(headquarters)
    books = read_books(headquarters)
    offered = {attempt.applicant.application_id for attempt in attempts}
    assert offered <= set(books.cases)
    assert books.doubled == []
    assert books.dead == []


def report(
    headquarters: Headquarters, attempts: Sequence[Attempt], deaths: Sequence[Death]
) -> None:
    """Print the figures."""
    fates = Counter(attempt.fate for attempt in attempts)
    waits = [attempt.seconds for attempt in attempts if attempt.fate is Fate.ACKNOWLEDGED]
    p50, p99 = (percentile(waits, part) * 1000 for part in (0.5, 0.99))
    became = ", ".join(f"{number} {fate.value}" for fate, number in fates.items())
    at_work = sum(death.counts for death in deaths)
    twice = len(repeats(headquarters.layout.logs))
    say(f"  offered {len(attempts)}: {became}")
    say(f"  acknowledged after p50 {p50:.0f} ms, p99 {p99:.0f} ms")
    say(f"  {len(deaths)} deaths, {at_work} of them at work; the inbox turned away {twice}")
    say("  lost 0, twice 0, dead letters 0")


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - figures for the reader


def _line(death: Death) -> str:
    verdict = "" if death.counts else " (finished before it died: does not count)"
    return f"  {death.victim:<9} {death.in_flight}, back after {death.back_after:.1f} s{verdict}"
