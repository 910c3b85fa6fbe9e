"""Somebody who applies: a name to sign in with, and an answer to everything the form asks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

Answers = Mapping[str, Mapping[str, Any]]
"""By step of the form, the answers in the shape in which pages and the JSON interface take them."""

QUESTIONS = (
    "false_information",
    "arrests",
    "customs_violations",
    "investigations",
    "inadmissible",
)


@dataclass(frozen=True, kw_only=True)
class Traveler:
    """An applicant, later a member."""

    username: str
    answers: Answers = field(repr=False)

    @property
    def center(self) -> str:
        """The center where the interview is wanted."""
        return str(self.answers["crossing"]["center"])

    @property
    def plate(self) -> str:
        """The plate of the first vehicle."""
        return str(self.answers["vehicles"]["vehicles"][0]["plate"])

    @property
    def region(self) -> str:
        """The state that issued that plate, as a camera names it."""
        region = str(self.answers["vehicles"]["vehicles"][0]["region"])
        return region.rpartition("-")[2]


def a_traveler(username: str = "ana", **steps: Mapping[str, Any]) -> Traveler:
    """Return somebody without anything special; ``steps`` replaces the answers of whole steps."""
    return Traveler(username=username, answers={**_plain_answers(), **steps})


def no_disclosures(**changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return "no" to every question, but for ``changes``."""
    plain = {question: {"answer": False, "explanation": ""} for question in QUESTIONS}
    return {**plain, **changes}


def an_address(**changes: str) -> dict[str, str]:
    """Return an address on the southern side."""
    plain = {
        "street": "Avenida Revolución 1200",
        "unit": "",
        "city": "Tijuana",
        "region": "MX-BCN",
        "postal_code": "22000",
        "country": "MX",
    }
    return {**plain, **changes}


def a_vehicle(**changes: Any) -> dict[str, Any]:
    """Return a car."""
    plain = {
        "plate": "7TRV204",
        "region": "US-CA",
        "make": "Toyota",
        "model": "Corolla",
        "year": 2019,
        "colour": "blue",
        "vin": "1M8GDM9AXKP042788",
    }
    return {**plain, **changes}


def _plain_answers() -> dict[str, Mapping[str, Any]]:
    return {
        "names": {
            "given": "Ana",
            "middle": "Luz",
            "paternal_surname": "Robles",
            "maternal_surname": "Vega",
            "suffix": "",
            "others": [],
        },
        "birth": {
            "date": date(1988, 4, 17),
            "city": "Tijuana",
            "region": "MX-BCN",
            "country": "MX",
            "sex": "F",
        },
        "citizenships": {"citizenships": ["MX"]},
        "documents": {"documents": [a_document()]},
        "contact": {"phone": "+526641234567", "email": "", "language": "en"},
        "physical_address": an_address(),
        "mailing_address": an_address(),
        "residences": {"residences": [{**an_address(), "from": date(2010, 1, 1), "until": None}]},
        "employments": {"employments": [a_job()]},
        "vehicles": {"vehicles": [a_vehicle()]},
        "disclosures": no_disclosures(),
        "crossing": {"center": "sym", "sites": ["sym"]},
    }


def a_document(**changes: Any) -> dict[str, Any]:
    """Return a passport."""
    plain = {
        "kind": "passport",
        "country": "MX",
        "number": "G20417733",
        "expires_on": date(2035, 5, 31),
    }
    return {**plain, **changes}


def a_job(**changes: Any) -> dict[str, Any]:
    """Return a job that lasts to this day."""
    plain = {
        "kind": "employed",
        "employer": "Panificadora del Norte",
        "occupation": "baker",
        "city": "Tijuana",
        "country": "MX",
        "from": date(2012, 3, 1),
        "until": None,
    }
    return {**plain, **changes}
