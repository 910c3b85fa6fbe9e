"""People, cases and lists for tests; everybody is invented."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from services.vetting.domain.case import Case
from services.vetting.domain.case_states import Kind, Status
from services.vetting.domain.hit import Hit, Verdict
from services.vetting.domain.hold import LASTS, Hold
from services.vetting.domain.officer import Officer
from services.vetting.domain.watchlist.birth_date import BirthDate, parse_iso
from services.vetting.domain.watchlist.entry import Entry, ListedDocument, ListedName, NameKind

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
OLGA = Officer(subject="olga")
OTTO = Officer(subject="otto")
SARA = Officer(subject="sara", supervisor=True)


def dossier(
    *,
    given: str = "Zenobia",
    paternal: str = "Quijorna",
    maternal: str = "Zarzalejo",
    born: str = "1984-05-17",
    citizenships: tuple[str, ...] = ("MX",),
    documents: tuple[str, ...] = ("G11223344",),
    others: tuple[str, ...] = (),
    arrested: bool = False,
) -> dict[str, Any]:
    address = {
        "street": "Calle Luna 5",
        "unit": "",
        "city": "Tijuana",
        "region": "MX-BCN",
        "postal_code": "22000",
        "country": "MX",
    }
    no = {"answer": False, "explanation": ""}
    arrests = {"answer": True, "explanation": "As a student, charges dropped"}
    return {
        "names": {
            "given": given,
            "middle": "",
            "paternal_surname": paternal,
            "maternal_surname": maternal,
            "suffix": "",
            "others": [
                {
                    "given": other,
                    "middle": "",
                    "paternal_surname": "",
                    "maternal_surname": "",
                    "suffix": "",
                }
                for other in others
            ],
        },
        "birth": {"date": born, "city": "Tecate", "region": "MX-BCN", "country": "MX", "sex": "F"},
        "citizenships": list(citizenships),
        "documents": [
            {"kind": "passport", "country": "MX", "number": number, "expires_on": "2031-05-31"}
            for number in documents
        ],
        "contact": {"phone": "+526641112233", "email": "", "language": "es"},
        "physical_address": address,
        "mailing_address": address,
        "residences": [{**address, "from": "2015-01-01", "until": None}],
        "employments": [
            {
                "kind": "employed",
                "employer": "Imprenta Luna",
                "occupation": "printer",
                "city": "Tijuana",
                "country": "MX",
                "from": "2016-03-01",
                "until": None,
            }
        ],
        "vehicles": [
            {
                "plate": "8ABC123",
                "region": "US-CA",
                "make": "Toyota",
                "model": "Corolla",
                "year": 2019,
                "colour": "blue",
                "vin": "1M8GDM9AXKP042788",
            }
        ],
        "disclosures": {
            "false_information": no,
            "arrests": arrests if arrested else no,
            "customs_violations": no,
            "investigations": no,
            "inadmissible": no,
        },
        "crossing": {"center": "sym", "sites": ["sym"]},
    }


def entry(
    number: str = "900100",
    name: str = "Zenobia QUIJORNA ZARZALEJO",
    *,
    born: tuple[str, ...] = ("1984-05-17",),
    aliases: tuple[str, ...] = (),
    weak: tuple[str, ...] = (),
    countries: tuple[str, ...] = ("MX",),
    documents: tuple[str, ...] = (),
) -> Entry:
    dates: tuple[BirthDate, ...] = tuple(parse_iso(text) for text in born)
    return Entry(
        id=number,
        names=(
            ListedName(text=name),
            *(ListedName(text=alias, kind=NameKind.ALIAS) for alias in aliases),
            *(ListedName(text=alias, kind=NameKind.WEAK) for alias in weak),
        ),
        birth_dates=dates,
        countries=countries,
        documents=tuple(ListedDocument(kind="passport", number=d) for d in documents),
        program="TEST",
    )


def case(*, kind: Kind = Kind.APPLICATION, status: Status = Status.NEW, **values: Any) -> Case:
    application = uuid4() if kind is Kind.APPLICATION else None
    given: dict[str, Any] = {
        "id": uuid4(),
        "kind": kind,
        "person_id": uuid4(),
        "application_id": application,
        "opened_at": NOON,
        "due_at": NOON + timedelta(days=30),
        "status": status,
    }
    return Case(**{**given, **values})


def case_in_review(**values: Any) -> Case:
    found = case(**values)
    found.claim(OLGA, now=NOON)
    found.start_review(OLGA, now=NOON)
    found.pull_events()
    return found


def hit(*, verdict: Verdict = Verdict.OPEN, strong: bool = False, **values: Any) -> Hit:
    given: dict[str, Any] = {
        "id": uuid4(),
        "case_id": uuid4(),
        "person_id": uuid4(),
        "list": "ofac-sdn",
        "entry": "900100",
        "list_version": 1,
        "score": 0.9,
        "strong": strong,
        "found_at": NOON,
        "compared": "c" * 64,
        "verdict": verdict,
    }
    return Hit(**{**given, **values})


def hold(*, person_id: UUID | None = None) -> Hold:
    return Hold(
        id=uuid4(),
        person_id=person_id or uuid4(),
        case_id=uuid4(),
        membership_ids=[str(uuid4())],
        placed_at=NOON,
        expires_at=NOON + LASTS,
    )
