"""The page of sites has words for whatever the log and the lanes name by a code."""

from services.enrollment.domain.credential import ChangeKind
from services.enrollment.use_cases.follow_selections import BROKEN
from services.enrollment.web.site_words import ALARMS, CHANGES, say
from services.lane_gateway.web import texts as lane_texts


def test_every_change_of_a_credential_has_words() -> None:
    assert set(CHANGES) == {str(kind) for kind in ChangeKind}


def test_every_alarm_that_a_site_raises_has_words() -> None:
    assert set(ALARMS) == {*lane_texts.ALARMS, BROKEN}


def test_a_code_of_a_newer_site_stands_for_itself() -> None:
    assert say(ALARMS, "gate_on_fire") == "gate on fire"
