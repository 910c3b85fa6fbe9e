from enum import Enum

import pytest

from services.lane_gateway.domain.admission import Reason, Verdict
from services.lane_gateway.domain.authorisation import AuthorisationKind, Misfit
from services.lane_gateway.domain.commands import CommandKind
from services.lane_gateway.domain.credentials import AgeBand
from services.lane_gateway.domain.events import Entry, PassageEnd
from services.lane_gateway.domain.evidence import ChipOutcome
from services.lane_gateway.domain.gate_model import Fault, GateAlarm, GateStatus, Refusal
from services.lane_gateway.domain.lane_policy import Direction, LaneHealth, LaneMode, LaneType
from services.lane_gateway.domain.passage import PassageState
from services.lane_gateway.domain.selection_proof import Flaw
from services.lane_gateway.domain.selection_report import Outcome
from services.lane_gateway.domain.visit import ViolationType, VisitStatus
from services.lane_gateway.persistence.entry_json import kind_of
from services.lane_gateway.web import texts
from services.lane_gateway.web.texts_record import CHIPS, ENTRIES, REFUSALS
from services.lane_gateway.web.texts_selection import FLAWS, OUTCOMES
from services.lane_gateway.web.words import WORDS, Word
from shared.events import Event
from shared.web.language import Text

KINDS: list[tuple[type[Enum], dict[str, Text]]] = [
    (Reason, dict(texts.REASONS)),
    (Verdict, dict(texts.VERDICTS)),
    (LaneMode, dict(texts.MODES)),
    (LaneHealth, dict(texts.HEALTH)),
    (LaneType, dict(texts.LANE_TYPES)),
    (Direction, dict(texts.DIRECTIONS)),
    (GateStatus, dict(texts.GATES)),
    (PassageState, dict(texts.STATES)),
    (PassageEnd, dict(texts.STATES)),
    (AuthorisationKind, dict(texts.AUTHORISATIONS)),
    (VisitStatus, dict(texts.VISITS)),
    (ViolationType, dict(texts.VIOLATIONS)),
    (AgeBand, dict(texts.AGE_BANDS)),
    (Fault, dict(texts.FAULTS)),
    (Fault, dict(texts.ALARMS)),
    (GateAlarm, dict(texts.ALARMS)),
    (CommandKind, dict(texts.COMMANDS)),
    (ChipOutcome, dict(CHIPS)),
    (Refusal, dict(REFUSALS)),
    (Misfit, dict(REFUSALS)),
    (Outcome, dict(OUTCOMES)),
    (Flaw, dict(FLAWS)),
    (Word, {word.value: text for word, text in WORDS.items()}),
]


@pytest.mark.parametrize(("kind", "words"), KINDS, ids=lambda value: getattr(value, "__name__", ""))
def test_every_code_of_the_domain_has_its_words(kind: type[Enum], words: dict[str, Text]) -> None:
    assert {str(member.value) for member in kind} - set(words) == set()


def test_every_kind_of_entry_has_its_words() -> None:
    import services.lane_gateway.domain.events as lane  # noqa: PLC0415 - looked through
    import services.lane_gateway.domain.selection as draws  # noqa: PLC0415 - looked through
    import services.lane_gateway.domain.sightings as seen  # noqa: PLC0415 - looked through

    kinds = {
        kind_of(object.__new__(each))
        for each in (*vars(lane).values(), *vars(draws).values(), *vars(seen).values())
        if isinstance(each, type) and issubclass(each, Event) and each not in {Event, Entry}
    }
    assert kinds - set(ENTRIES) == set()


def test_advice_for_a_reason_is_about_a_reason_that_there_is() -> None:
    assert set(texts.REASON_ADVICE) <= {reason.value for reason in Reason}


def test_a_code_without_words_stands_for_itself() -> None:
    assert texts.say(texts.ALARMS, "loop_chatters") == "loop chatters"
    assert texts.say(texts.ALARMS, None) == "—"
