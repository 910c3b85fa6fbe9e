"""The traveler whose every answer is a canary, and what officers write about them."""

from tests.actors.traveler import (
    Traveler,
    a_document,
    a_job,
    a_traveler,
    a_vehicle,
    an_address,
    no_disclosures,
)
from tests.leaks import canaries
from tests.main_job import Words

LISTED_NUMBER = "WL4471902"
"""The number by which the watchlist knows the traveler: a list is no data of ours to hide."""
LISTED = f"W-1,Zephirander Iollotzinca Naxhuelica Owraithelbi,,1971,MX,{LISTED_NUMBER},TEST"
"""The listed person: spelled otherwise, so that the list itself holds no canary."""

WORDS = Words(
    verdict=f"{canaries.NOTE}, verdict",
    decision=f"{canaries.NOTE}, decision",
    interview=f"{canaries.NOTE}, interview",
    lift=f"{canaries.NOTE}, lifted",
    inspection=f"{canaries.NOTE}, inspection",
)


def the_traveler(username: str = "zoe") -> Traveler:
    """Return the traveler."""
    address = an_address(street=canaries.STREET, unit=canaries.UNIT)
    since = a_job()["from"]
    return a_traveler(
        username,
        names={
            "given": canaries.GIVEN,
            "middle": canaries.MIDDLE,
            "paternal_surname": canaries.PATERNAL,
            "maternal_surname": canaries.MATERNAL,
            "suffix": "",
            "others": [{"given": canaries.OTHER_NAME, "paternal_surname": canaries.PATERNAL}],
        },
        birth={
            "date": canaries.BORN_ON,
            "city": canaries.BIRTH_CITY,
            "region": "MX-BCN",
            "country": "MX",
            "sex": "F",
        },
        documents={
            "documents": [
                a_document(number=canaries.DOCUMENT),
                a_document(kind="voter_card", number=LISTED_NUMBER),
            ]
        },
        contact={"phone": canaries.PHONE, "email": canaries.EMAIL, "language": "es"},
        physical_address=address,
        mailing_address=address,
        residences={"residences": [{**address, "from": since, "until": None}]},
        employments={"employments": [a_job(employer=canaries.EMPLOYER)]},
        vehicles={"vehicles": [a_vehicle(plate=canaries.PLATE, vin=canaries.VIN)]},
        disclosures=no_disclosures(
            arrests={"answer": True, "explanation": canaries.EXPLANATION},
        ),
    )
