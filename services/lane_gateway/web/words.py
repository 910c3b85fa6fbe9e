"""The booth's word: what the screen says in one second, and when it must not say it any more."""

from dataclasses import dataclass
from enum import StrEnum

from services.lane_gateway.domain.admission import Verdict
from services.lane_gateway.domain.lane_policy import LaneMode
from services.lane_gateway.web.live_hub import LaneLive, main_passage
from shared.web.language import Text
from shared.web.language import lazy as _l


class Word(StrEnum):
    """The six words of the booth; each has a colour and a sign of its own."""

    CLEAR = "clear"
    REFER = "refer"
    REDIRECT = "redirect"
    STOP = "stop"
    WAITING = "waiting"
    NOT_LIVE = "not_live"


WORDS: dict[Word, Text] = {
    Word.CLEAR: _l("PASS"),
    Word.REFER: _l("INSPECT"),
    Word.REDIRECT: _l("OTHER LANE"),
    Word.STOP: _l("STOP"),
    Word.WAITING: _l("WAITING"),
    Word.NOT_LIVE: _l("NOT LIVE"),
}

HOLD = {Word.CLEAR: 180.0, Word.REFER: 900.0, Word.REDIRECT: 900.0}
"""Seconds that a verdict is shown for one vehicle that nothing happens to.

To count occupants and compare faces takes less than three minutes; a PASS that stands longer is
one that somebody forgot. The other two ask for care anyway, and talks at the window take time.
"""

_VERDICTS = {Word.CLEAR: Verdict.CLEAR, Word.REFER: Verdict.REFER, Word.REDIRECT: Verdict.REDIRECT}


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """The word to show; ``expired`` where a verdict was there and its time is over."""

    word: Word
    expired: bool = False


def word_of(live: LaneLive | None, now: float) -> Spoken:
    """Return the word for a lane at ``now`` (the hub's clock); what is unclear is never green."""
    if live is None or not live.is_live(now):
        return Spoken(word=Word.NOT_LIVE)
    state = live.state
    said = _said(state.word)
    if state.mode == LaneMode.CLOSED or said is Word.STOP:
        return Spoken(word=Word.STOP)
    verdict = _VERDICTS.get(said)
    if verdict is None:
        return Spoken(word=said)
    main = main_passage(state)
    if main is None or main.verdict != verdict:
        return Spoken(word=Word.WAITING)
    return (
        Spoken(word=Word.WAITING, expired=True) if _is_over(live, said, now) else Spoken(word=said)
    )


def _said(word: str) -> Word:
    try:
        return Word(word)
    except ValueError:
        return Word.STOP


def _is_over(live: LaneLive, word: Word, now: float) -> bool:
    """Tell whether the verdict has stood for too long, by our clock or by the agent's own."""
    held = now - live.verdict_since
    main = main_passage(live.state)
    if main is not None and main.decided_at is not None and main.authorisation is None:
        held = max(held, (live.state.at - main.decided_at).total_seconds())
    return held > HOLD[word]
