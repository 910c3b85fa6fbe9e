import json
from datetime import date
from importlib import resources
from typing import Any
from uuid import uuid4

import pytest

from services.enrollment.domain import events
from services.enrollment.messages.publications import Publications
from shared.events import Event, Outgoing
from tests.unit.enrollment.builders import NOON, TODAY, form

publish = Publications(seal=lambda payload, about: f"{about}: {json.dumps(payload)}")
KNOWN: dict[str, Any] = {
    "membership_id": uuid4(),
    "person_id": uuid4(),
    "program": "sentri",
    "status": "active",
    "valid_from": TODAY,
    "valid_until": date(2031, 7, 14),
}
TOLD: list[Event] = [
    events.ApplicationSubmitted(
        application_id=uuid4(),
        person_id=uuid4(),
        program="sentri",
        purpose="new",
        submitted_at=NOON,
        policy_version="2024-10-01",
        form=form(),
    ),
    events.ApplicationAmended(
        application_id=uuid4(), person_id=uuid4(), at=NOON, request_id=uuid4(), form=form()
    ),
    events.ApplicationWithdrawn(application_id=uuid4(), at=NOON, sent=True),
    events.InterviewRecorded(
        application_id=uuid4(),
        interview_id=uuid4(),
        person_id=uuid4(),
        outcome="passed",
        recorded_by="carla",
        at=NOON,
        questions=(("identity", "satisfactory"),),
        text="all well",
    ),
    events.MembershipStarted(**KNOWN, application_id=uuid4(), form=form()),
    events.MembershipChanged(**KNOWN),
    events.MembershipEnded(**KNOWN),
    events.PersonErased(person_id=uuid4(), credential_ids=(uuid4(),), sites=()),
]


def sample(kind: str) -> dict[str, Any]:
    text = resources.files("shared.contracts").joinpath(f"{kind}.json").read_text()
    loaded: dict[str, Any] = json.loads(text)
    return loaded


@pytest.mark.parametrize("event", TOLD, ids=lambda e: type(e).__name__)
def test_a_message_has_the_fields_of_its_sample(event: Event) -> None:
    (message,) = publish(event)

    assert message.body.keys() == sample(message.type).keys()
    for name, value in sample(message.type).items():
        found = message.body[name]
        assert found is None or value is None or type(found) is type(value), name


@pytest.mark.parametrize("event", TOLD, ids=lambda e: type(e).__name__)
def test_what_is_personal_travels_sealed_alone(event: Event) -> None:
    (message,) = publish(event)
    open_part = {name: value for name, value in message.body.items() if name != "dossier"}

    for word in ("Maribel", "G12345678", "8ABC123", "1990", "Segunda", "all well"):
        assert word not in json.dumps(open_part)


def test_a_dossier_has_the_shape_that_the_contract_shows() -> None:
    text = resources.files("shared.contracts").joinpath("enrollment.application_submitted.v1.md")
    shown = json.loads(text.read_text().split("```json")[1].split("```")[0])
    (message,) = publish(TOLD[0])

    about, _, payload = str(message.body["dossier"]).partition(": ")
    assert about == f"application {message.subject}"
    assert json.loads(payload).keys() == shown.keys()
    for step in ("names", "birth", "contact", "physical_address", "crossing"):
        assert json.loads(payload)[step].keys() == shown[step].keys()
    for step in ("documents", "residences", "employments", "vehicles"):
        assert json.loads(payload)[step][0].keys() == shown[step][0].keys()


def test_a_draft_that_was_never_sent_is_withdrawn_in_silence() -> None:
    event = events.ApplicationWithdrawn(application_id=uuid4(), at=NOON, sent=False)

    assert publish(event) == ()


def test_an_erasure_goes_to_every_site_that_has_a_record() -> None:
    event = events.PersonErased(person_id=uuid4(), credential_ids=(), sites=("otm", "sym"))

    central, *to_sites = publish(event)

    assert (central.site, central.version) == (None, None)
    assert [(m.site, m.version) for m in to_sites] == [("otm", 1), ("sym", 1)]


def test_everything_else_stays_inside() -> None:
    event = events.DraftSaved(application_id=uuid4(), person_id=uuid4(), step="names")
    nothing: tuple[Outgoing, ...] = ()

    assert publish(event) == nothing
