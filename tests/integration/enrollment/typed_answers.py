"""What an applicant types on each page of the form."""

from typing import Any

from services.enrollment.domain.application_form import Step

ANSWERS: dict[Step, dict[str, Any]] = {
    Step.NAMES: {
        "given": "Maribel",
        "paternal_surname": "Ñandú",
        "maternal_surname": "O'Farrill",
        "others__0__given": "Mari",
    },
    Step.BIRTH: {
        "date__month": "7",
        "date__day": "14",
        "date__year": "1990",
        "city": "Tijuana",
        "region": "MX-BCN",
        "country": "MX",
        "sex": "F",
    },
    Step.CITIZENSHIPS: {"citizenships": ["MX", "", ""]},
    Step.DOCUMENTS: {
        "documents__0__kind": "passport",
        "documents__0__country": "MX",
        "documents__0__number": "G12345678",
        "documents__0__expires_on-month": "5",
        "documents__0__expires_on-day": "31",
        "documents__0__expires_on-year": "2031",
    },
    Step.CONTACT: {"language": "es"},
    Step.PHYSICAL_ADDRESS: {
        "street": "Calle Segunda 14",
        "city": "Tijuana",
        "region": "MX-BCN",
        "postal_code": "22000",
        "country": "MX",
    },
    Step.MAILING_ADDRESS: {
        "street": "PO Box 900",
        "city": "San Ysidro",
        "region": "US-CA",
        "postal_code": "92173",
        "country": "US",
    },
    Step.RESIDENCES: {
        "residences__0__street": "Calle Segunda 14",
        "residences__0__city": "Tijuana",
        "residences__0__region": "MX-BCN",
        "residences__0__postal_code": "22000",
        "residences__0__country": "MX",
        "residences__0__from-month": "1",
        "residences__0__from-day": "1",
        "residences__0__from-year": "2010",
    },
    Step.EMPLOYMENTS: {
        "employments__0__kind": "retired",
        "employments__0__from-month": "1",
        "employments__0__from-day": "1",
        "employments__0__from-year": "2015",
    },
    Step.VEHICLES: {
        "vehicles__0__plate": "8abc123",
        "vehicles__0__region": "US-CA",
        "vehicles__0__make": "Toyota",
        "vehicles__0__model": "Corolla",
        "vehicles__0__year": "2019",
        "vehicles__0__colour": "blue",
        "vehicles__0__vin": "1m8gdm9axkp042788",
    },
    Step.DISCLOSURES: {
        "false_information__answer": "no",
        "arrests__answer": "yes",
        "arrests__explanation": "a traffic stop",
        "customs_violations__answer": "no",
        "investigations__answer": "no",
        "inadmissible__answer": "no",
    },
    Step.CROSSING: {"center": "sym", "sites": ["sym"]},
}
