import json
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from services.vetting.bootstrap import Parts
from services.vetting.domain.membership import Status
from services.vetting.messages.handlers import IGNORED
from services.vetting.persistence import tables
from shared.crypto.dossier import seal_dossier
from shared.crypto.jwk import public_jwk
from shared.messaging.dispatcher import Dispatcher, Fate
from shared.messaging.envelope import Envelope
from tests.integration.vetting.conftest import OTTO, Vetting
from tests.unit.vetting.builders import dossier

CONTRACTS = Path(__file__).parents[3] / "shared" / "contracts"


@pytest.fixture
def dispatch(parts: Parts) -> Dispatcher:
    return Dispatcher(service="vetting", handlers=parts.handlers().table(), ignored=IGNORED)


def message(parts: Parts, name: str, *, sequence: int = 1, **changes: Any) -> Envelope:
    """The sample of the contract, with a dossier that can be opened."""
    body = json.loads((CONTRACTS / f"enrollment.{name}.v1.json").read_text()) | changes
    subject = next(
        str(body[key]) for key in ("application_id", "membership_id", "person_id") if key in body
    )
    if body.get("dossier"):
        kind = "membership" if name.startswith("membership") else "application"
        payload = dossier()
        if name == "interview_recorded":
            payload = {
                "questions": [{"type": "identity", "outcome": "satisfactory"}],
                "text": "Fine",
            }
        vetting = public_jwk(parts.ring, "dossier")
        body["dossier"] = seal_dossier(vetting, payload, about=f"{kind} {subject}")
    return Envelope(
        id=uuid4(),
        type=f"enrollment.{name}.v1",
        source="/enrollment",
        subject=subject,
        time=parts.clock(),
        request_id="r-1",
        body=body,
        sequence=sequence,
    )


def rows(parts: Parts, table: Any) -> int:
    with parts.engine.connect() as connection:
        return int(connection.scalar(select(func.count()).select_from(table)) or 0)


def test_a_submitted_application_opens_one_case_however_often_it_is_delivered(
    parts: Parts, dispatch: Dispatcher
) -> None:
    submitted = message(parts, "application_submitted")

    fates = [dispatch(submitted).fate for _ in range(3)]

    assert fates == [Fate.APPLIED, Fate.REPEATED, Fate.REPEATED]
    assert rows(parts, tables.cases) == 1


def test_interview_and_withdrawal_reach_the_case(parts: Parts, dispatch: Dispatcher) -> None:
    dispatch(message(parts, "application_submitted"))

    assert dispatch(message(parts, "interview_recorded", sequence=2)).fate is Fate.APPLIED
    assert dispatch(message(parts, "application_withdrawn", sequence=3)).fate is Fate.APPLIED
    assert rows(parts, tables.interviews) == 1
    with parts.engine.connect() as connection:
        assert connection.scalar(select(tables.cases.c.status)) == "withdrawn"


def test_memberships_are_followed_to_their_end(parts: Parts, dispatch: Dispatcher) -> None:
    fates = [
        dispatch(message(parts, name, sequence=number)).fate
        for number, name in enumerate(
            ("membership_started", "membership_changed", "membership_ended"), 1
        )
    ]

    assert fates == [Fate.APPLIED] * 3
    with parts.engine.connect() as connection:
        assert connection.scalar(select(tables.memberships.c.status)) is Status.ENDED


def test_an_erased_person_is_erased_here_too(
    parts: Parts, dispatch: Dispatcher, vetting: Vetting
) -> None:
    submitted = message(parts, "application_submitted")
    dispatch(submitted)
    person = UUID(str(submitted.body["person_id"]))

    assert dispatch(message(parts, "person_erased", person_id=str(person))).fate is Fate.APPLIED
    assert vetting.use_cases.look_up("Zenobia Quijorna", staff=OTTO, purpose="audit") == []


def test_a_message_ahead_of_its_turn_waits(parts: Parts, dispatch: Dispatcher) -> None:
    assert dispatch(message(parts, "application_withdrawn", sequence=2)).fate is Fate.WAIT


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"person_id": "nobody"}, "invalid_input"),
        ({"dossier": None}, "invalid_input"),
    ],
)
def test_a_malformed_message_is_a_dead_letter(
    parts: Parts, dispatch: Dispatcher, changes: dict[str, Any], code: str
) -> None:
    outcome = dispatch(message(parts, "application_submitted", **changes))

    assert (outcome.fate, outcome.code) == (Fate.DEAD, code)


def test_a_dossier_about_somebody_else_is_refused(parts: Parts, dispatch: Dispatcher) -> None:
    other = message(parts, "application_submitted", application_id=str(uuid4()))
    swapped = message(parts, "application_submitted")
    body = {**swapped.body, "dossier": other.body["dossier"]}
    outcome = dispatch(
        Envelope(
            id=uuid4(),
            type=swapped.type,
            source=swapped.source,
            subject=swapped.subject,
            time=swapped.time,
            request_id="r-2",
            body=body,
            sequence=1,
        )
    )

    assert (outcome.fate, outcome.code) == (Fate.DEAD, "tampered")
    assert rows(parts, tables.cases) == 0
