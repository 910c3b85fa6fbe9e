"""For each shape of body, some that fit, so that calls come further than its schema."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from deploy.local.layout import SITE
from shared.clock import utc_now
from tests.actors.traveler import a_traveler
from tests.e2e.api.ground import Ground
from tests.e2e.api.walk import SIGNED, as_json

QUERIES: Mapping[str, str | None] = {
    "center": SITE,
    "chain": "/vetting",
    "lane": "l1",
    "before": None,
    "after": None,
}
"""Parameters of queries that are not what they say without looking: a value, or leave it out."""

Bodies = Callable[[Ground], Sequence[object]]


def fitting_query(query: Mapping[str, Any]) -> dict[str, Any]:
    """Return a query that asks for what there is."""
    fitting = {name: QUERIES.get(name, value) for name, value in query.items()}
    return {name: value for name, value in fitting.items() if value is not None}


def _step(step: str) -> Bodies:
    return lambda _ground: [as_json(a_traveler().answers[step])]


def _slots(ground: Ground) -> Sequence[object]:
    return [{"slot_id": slot} for slot in ground.slots()[:5]]


def _decisions(_ground: Ground) -> Sequence[object]:
    return [
        {"outcome": "approve", "reasons": ["nothing_found"], "note": "Nothing found"},
        {"outcome": "deny", "reasons": ["document_not_valid"], "note": "Expired"},
        {"outcome": "suspend", "reasons": ["criminal_record"], "note": "As listed"},
        {"outcome": "keep", "reasons": ["not_the_same_person"], "note": "Somebody else"},
    ]


def _verdicts(_ground: Ground) -> Sequence[object]:
    verdicts = ("false_match", "true_match", "inconclusive")
    return [{"verdict": verdict, "note": "Compared"} for verdict in verdicts]


def _extensions(_ground: Ground) -> Sequence[object]:
    days = (1, 5, 13, 15)
    return [
        {"reason": "More to read", "until": (utc_now() + timedelta(days=more)).isoformat()}
        for more in days
    ]


def _commands(ground: Ground) -> Sequence[object]:
    passages = [place.values["passage_id"] for place in ground.places(frozenset({"passage_id"}))]
    plain: list[dict[str, Any]] = [
        {"kind": "reset"},
        {"kind": "admit", "counted": 2},
        {"kind": "after_checks", "reason": "Looked into the trunk"},
        {"kind": "confirm_plate", "plate": "8API001", "region": "US-CA"},
        {"kind": "redirect"},
        {"kind": "turn_back"},
    ]
    return plain + [{**each, "passage_id": passage} for passage in passages for each in plain]


def _results(ground: Ground) -> Sequence[object]:
    visits = ground.staff("lane_gateway", "booth", "/visits?limit=200")
    people = {card for visit in visits for card in visit["credential_ids"]}
    return [
        {"results": []},
        {"results": [{"credential_id": card, "result": "nothing"} for card in sorted(people)]},
    ]


BODIES: Mapping[str, Bodies] = {
    "ApplicationIn": lambda _ground: [{}, {"program": "sentri"}],
    "Answers": lambda _ground: [{}],
    "ConsentIn": lambda _ground: [SIGNED],
    "SlotIn": _slots,
    "BirthIn": _step("birth"),
    "CitizenshipsIn": _step("citizenships"),
    "ContactIn": _step("contact"),
    "CrossingIn": _step("crossing"),
    "DisclosuresIn": _step("disclosures"),
    "DocumentsIn": _step("documents"),
    "EmploymentsIn": _step("employments"),
    "AddressIn": _step("mailing_address"),
    "NamesIn": _step("names"),
    "ResidencesIn": _step("residences"),
    "VehiclesIn": _step("vehicles"),
    "CodesIn": lambda _ground: [{"passid": "123456789", "security_code": "123456"}],
    "ReportIn": lambda _ground: [{"what": "lost"}, {"what": "stolen"}],
    "DecisionIn": _decisions,
    "VerdictIn": _verdicts,
    "QuestionIn": lambda _ground: [{"fields": ["names"], "text_code": "ask.complete"}],
    "ReasonIn": lambda _ground: [{"reason": "Not the person on the list"}],
    "ExtensionIn": _extensions,
    "CommandIn": _commands,
    "ModeIn": lambda _ground: [{"mode": "attended"}, {"mode": "closed"}],
    "ResultsIn": _results,
}
"""By the name of the schema in the OpenAPI document; one that is missing fails."""
