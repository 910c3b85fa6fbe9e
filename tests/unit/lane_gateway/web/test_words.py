from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.lane_gateway.domain.live import LiveState
from services.lane_gateway.web.live_hub import LIVE_FOR, LaneLive
from services.lane_gateway.web.words import HOLD, WORDS, Word, word_of
from shared.web.language import CATALOG, read_catalogs
from tests.guards.apps import ROOT
from tests.unit.lane_gateway.web.live_builders import NOW, a_live_passage, a_live_state

CONTRACT = {
    Word.CLEAR: ("PASS", "PASE"),
    Word.REFER: ("INSPECT", "REVISIÓN"),
    Word.REDIRECT: ("OTHER LANE", "OTRO CARRIL"),
    Word.STOP: ("STOP", "ALTO"),
    Word.WAITING: ("WAITING", "EN ESPERA"),
    Word.NOT_LIVE: ("NOT LIVE", "SIN CONEXIÓN"),
}


def live(state: LiveState, **changes: Any) -> LaneLive:
    values: dict[str, Any] = {
        "number": 7,
        "state": state,
        "came_at": 100.0,
        "moved_at": 100.0,
        "verdict_since": 100.0,
    }
    return LaneLive(**values | changes)


def front(verdict: str, **changes: Any) -> LiveState:
    return a_live_state(front=a_live_passage(verdict=verdict, **changes))


def test_the_words_are_those_of_the_contract_in_both_languages() -> None:
    spanish = read_catalogs([ROOT / "services" / "lane_gateway" / "web" / CATALOG])
    said = {
        word: (str.__str__(text), spanish.gettext(str.__str__(text)))
        for word, text in WORDS.items()
    }
    assert said == CONTRACT


@pytest.mark.parametrize("verdict", ["clear", "refer", "redirect"])
def test_a_verdict_on_the_vehicle_at_the_gate_is_its_word(verdict: str) -> None:
    assert word_of(live(front(verdict)), 100.1).word == verdict


def test_without_a_picture_nothing_is_live() -> None:
    assert word_of(None, 100.0).word is Word.NOT_LIVE


def test_a_lane_is_not_live_before_its_counter_was_seen_to_move() -> None:
    assert word_of(live(front("clear"), moved_at=None), 100.0).word is Word.NOT_LIVE


def test_a_green_ends_when_the_counter_has_stopped() -> None:
    picture = live(front("clear"))
    assert word_of(picture, 100.0 + LIVE_FOR - 0.01).word is Word.CLEAR
    assert word_of(picture, 100.0 + LIVE_FOR).word is Word.NOT_LIVE
    assert LIVE_FOR < 3


@pytest.mark.parametrize("word", [Word.CLEAR, Word.REFER, Word.REDIRECT])
def test_a_verdict_falls_back_to_waiting_after_its_time(word: Word) -> None:
    state = front(word.value)
    later = 100.0 + HOLD[word]
    assert word_of(live(state, moved_at=later), later).word is word
    spoken = word_of(live(state, moved_at=later + 0.1), later + 0.1)
    assert (spoken.word, spoken.expired) == (Word.WAITING, True)


def test_a_web_that_has_just_started_knows_from_the_agent_how_old_a_verdict_is() -> None:
    old = front("clear", decided_at=NOW - timedelta(seconds=HOLD[Word.CLEAR] + 1))
    assert word_of(live(old), 100.0).expired


def test_an_admitted_vehicle_keeps_its_word_while_it_drives() -> None:
    long_ago = NOW - timedelta(seconds=HOLD[Word.CLEAR] + 1)
    state = front("clear", decided_at=long_ago, authorisation="clear", state="authorised")
    assert word_of(live(state), 100.0).word is Word.CLEAR


def test_a_closed_lane_says_stop_whatever_its_agent_says() -> None:
    state = replace(front("clear"), mode="closed")
    assert word_of(live(state), 100.0).word is Word.STOP


def test_a_word_without_its_vehicle_or_with_another_verdict_is_no_green() -> None:
    assert word_of(live(a_live_state(word="clear")), 100.0).word is Word.WAITING
    state = replace(front("refer"), word="clear")
    assert word_of(live(state), 100.0).word is Word.WAITING


def test_a_word_that_nobody_knows_stops_the_traffic() -> None:
    assert word_of(live(a_live_state(word="go")), 100.0).word is Word.STOP
