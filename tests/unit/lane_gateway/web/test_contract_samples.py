"""What the site publishes has the fields and types of the samples in ``shared/contracts``."""

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.enrollment.messages import schemas as enrollment
from services.lane_gateway.domain.admission import Verdict
from services.lane_gateway.domain.authorisation import AuthorisationKind
from services.lane_gateway.domain.events import (
    AlarmRaised,
    PassageEnd,
    PassageEnded,
    PassageTimes,
    ReferralClosed,
    ReferralEnd,
)
from services.lane_gateway.domain.visit import (
    InspectionRecorded,
    PersonResult,
    Result,
    ViolationType,
)
from services.lane_gateway.messages.publications import desk_translator, lane_translator
from shared.crypto.jwk import public_jwk
from shared.crypto.keyring import FolderKeyRing
from shared.events import Event
from shared.ids import new_id
from tests.unit.lane_gateway.web.live_builders import NOW, named

FOLDER = Path(__file__).parents[4] / "shared" / "contracts"

PASSAGE = PassageEnded(
    passage_id=named("passage"),
    lane="l1",
    end=PassageEnd.PASSED,
    why="",
    credential_ids=(named("ana"),),
    verdict=Verdict.CLEAR,
    reasons=(),
    authorisation_kind=AuthorisationKind.CLEAR,
    officer="boris",
    counted=1,
    times=PassageTimes(read=NOW, shown=NOW, decided=NOW, gate=NOW),
    list_number=48213,
    list_age=timedelta(seconds=6.4),
    ended_at=NOW,
)
REFERRAL = ReferralClosed(
    passage_id=named("passage"),
    lane="l1",
    end=ReferralEnd.AFTER_CHECKS,
    officer="boris",
    reason="Canary Cantilever",
)
ALARM = AlarmRaised(alarm_id=named("alarm"), lane="l1", code="tailgate", passage_id=None)
INSPECTION = InspectionRecorded(
    visit_id=named("visit"),
    passage_id=named("passage"),
    results=(
        PersonResult(credential_id=named("ana"), result=Result.NOTHING),
        PersonResult(
            credential_id=named("beto"),
            result=Result.VIOLATION,
            violation=ViolationType.UNDECLARED_GOODS,
            note="Canary Cantilever",
        ),
    ),
    officer="boris",
    at=NOW,
)


def sample(kind: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads((FOLDER / f"{kind}.json").read_text(encoding="utf-8"))
    return body


def form(value: object) -> object:
    """Return the fields and types of a body, without its values."""
    if isinstance(value, Mapping):
        return {name: form(each) for name, each in value.items()}
    if isinstance(value, list):
        return [form(each) for each in value]
    return type(value).__name__


@pytest.fixture(scope="module")
def ring(tmp_path_factory: pytest.TempPathFactory) -> FolderKeyRing:
    made = FolderKeyRing(tmp_path_factory.mktemp("keys"), for_demo=True)
    made.ensure(["dossier"])
    return made


@pytest.mark.parametrize(
    "event", [PASSAGE, REFERRAL, ALARM], ids=lambda event: type(event).__name__
)
def test_what_a_lane_publishes_has_the_form_of_its_sample(event: Event) -> None:
    [message] = lane_translator(clock=lambda: NOW)(event)
    assert form(message.body) == form(sample(message.type))
    assert "Canary" not in str(message.body)


def test_what_the_desk_publishes_has_the_form_of_its_sample(ring: FolderKeyRing) -> None:
    translate = desk_translator(vetting_key=public_jwk(ring, "dossier"), new_id=new_id)
    [message] = translate(INSPECTION)
    assert form(message.body) == form(sample(message.type))
    assert "Canary" not in str(message.body)


@pytest.mark.parametrize(
    ("kind", "schema"),
    [
        ("feed_applied", enrollment.FeedApplied),
        ("passage_recorded", enrollment.PassageRecorded),
        ("referral_closed", enrollment.ReferralClosed),
        ("inspection_recorded", enrollment.InspectionRecorded),
        ("alarm_raised", enrollment.AlarmRaised),
        ("alarm_acknowledged", enrollment.AlarmAcknowledged),
        ("number_in_two_places", enrollment.NumberInTwoPlaces),
        ("selection_committed", enrollment.SelectionCommitted),
        ("selection_revealed", enrollment.SelectionRevealed),
        ("erasure_done", enrollment.ErasureDone),
    ],
)
def test_enrollment_reads_the_sample(kind: str, schema: type[enrollment.Heard]) -> None:
    assert schema().load(sample(f"lane_gateway.{kind}.v1"))


@pytest.mark.parametrize("path", sorted(FOLDER.glob("lane_gateway.*.json")), ids=lambda p: p.stem)
def test_every_sample_has_its_paragraph(path: Path) -> None:
    lines = path.with_suffix(".md").read_text(encoding="utf-8").splitlines()
    assert lines[0] == f"# {path.stem}"
    assert len([line for line in lines[1:] if line]) == 1
