"""Things of enrollment with sensible defaults; each test says only what it is about."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from services.enrollment.domain.address import Address
from services.enrollment.domain.application import Application, Status, StatusChange
from services.enrollment.domain.application_form import (
    ApplicationForm,
    Contact,
    Crossing,
    Rules,
    Step,
)
from services.enrollment.domain.card import Card, CardSecrets
from services.enrollment.domain.disclosures import Consent, Disclosure, Disclosures, Question
from services.enrollment.domain.history import Employment, Occupation, Residence, Stretch
from services.enrollment.domain.identity_document import Birth, DocumentKind, IdentityDocument, Sex
from services.enrollment.domain.membership import Membership
from services.enrollment.domain.names import Name, Names
from services.enrollment.domain.policy_rows import POLICY, SENTRI
from services.enrollment.domain.vehicle import Vehicle

NOON = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)
VIN = "1M8GDM9AXKP042788"
TID = bytes.fromhex("e2801160200071234567890a")


def rules(today: date = TODAY) -> Rules:
    return Rules.of(POLICY, SENTRI, today)


def address(**changes: Any) -> Address:
    plain = Address(
        street="Calle Segunda 14",
        city="Tijuana",
        region="MX-BCN",
        postal_code="22000",
        country="MX",
    )
    return replace(plain, **changes)


def vehicle(**changes: Any) -> Vehicle:
    plain = Vehicle(
        plate="8ABC123",
        region="US-CA",
        make="Toyota",
        model="Corolla",
        year=2019,
        colour="blue",
        vin=VIN,
    )
    return replace(plain, **changes)


def birth(born_on: date = date(1990, 7, 14)) -> Birth:
    return Birth(born_on=born_on, city="Tijuana", region="MX-BCN", country="MX", sex=Sex.F)


def form(**changes: Any) -> ApplicationForm:
    plain = ApplicationForm(
        names=Names(
            legal=Name(
                given="Maribel",
                middle="del Carmen",
                paternal_surname="Ñandú",
                maternal_surname="O'Farrill",
            )
        ),
        birth=birth(),
        citizenships=("MX",),
        documents=(
            IdentityDocument(
                kind=DocumentKind.PASSPORT,
                country="MX",
                number="G12345678",
                expires_on=date(2031, 5, 31),
            ),
        ),
        contact=Contact(language="es"),
        physical_address=address(),
        mailing_address=address(
            street="PO Box 900",
            city="San Ysidro",
            region="US-CA",
            postal_code="92173",
            country="US",
        ),
        residences=(Residence(address=address(), stretch=Stretch(since=date(2010, 1, 1))),),
        employments=(
            Employment(
                kind=Occupation.EMPLOYED,
                employer="Panadería La Estrella",
                occupation="baker",
                city="Tijuana",
                country="MX",
                stretch=Stretch(since=date(2016, 3, 1)),
            ),
        ),
        vehicles=(vehicle(),),
        disclosures=Disclosures(answers={q: Disclosure(answer=False) for q in Question}),
        crossing=Crossing(center="sym", sites=("sym",)),
        done=frozenset(Step),
    )
    return replace(plain, **changes)


def consent(**changes: Any) -> Consent:
    return replace(Consent(truth=True, checks=True, language="es"), **changes)


def application(
    *,
    status: Status = Status.DRAFT,
    person_id: UUID | None = None,
    filled: ApplicationForm | None = None,
) -> Application:
    made = Application(
        id=uuid4(),
        person_id=person_id or uuid4(),
        program=SENTRI,
        created_at=NOON,
        status=status,
        form=form() if filled is None else filled,
        submitted_at=None if status is Status.DRAFT else NOON,
    )
    made.history = (StatusChange(status=status, at=NOON),)
    return made


def membership(*, approved_on: date = TODAY, filled: ApplicationForm | None = None) -> Membership:
    made = Membership.start(
        membership_id=uuid4(),
        person_id=uuid4(),
        application_id=uuid4(),
        program=SENTRI,
        passid="123456789",
        form=form() if filled is None else filled,
        approved_on=approved_on,
        years=5,
    )
    made.pull_events()
    return made


def secrets(**changes: Any) -> CardSecrets:
    plain = CardSecrets(
        epc=bytes.fromhex("a1b2c3d4e5f60718293a4b5c"),
        access_password=bytes.fromhex("11223344"),
        kill_password=bytes.fromhex("55667788"),
        security_code="314159",
    )
    return replace(plain, **changes)


def card(owner: Membership, *, tid: bytes = TID, **changes: Any) -> Card:
    made = Card.order(
        card_id=uuid4(),
        membership_id=owner.id,
        person_id=owner.person_id,
        secrets=secrets(**changes),
        tid=tid,
        now=NOON,
    )
    made.pull_events()
    return made
