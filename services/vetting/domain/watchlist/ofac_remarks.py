"""What the remarks of an OFAC entry say about a person.

The remarks are one string of items divided by semicolons, ended by a full stop:
``DOB 03 Jun 1961; alt. DOB 1962; POB Cali, Colombia; nationality Colombia; Passport AC123456
(Colombia) expires 05 Mar 2017; a.k.a. 'EL PRIMO'.``
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from services.vetting.domain.watchlist.birth_date import BirthDate, parse_listed
from services.vetting.domain.watchlist.countries import country_code, country_in
from services.vetting.domain.watchlist.entry import ListedDocument

DOCUMENT_KINDS = {
    "Passport": "passport",
    "Diplomatic Passport": "passport",
    "Cedula No.": "national_id",
    "National ID No.": "national_id",
    "Identification Number": "national_id",
    "Personal ID Card": "national_id",
    "Numero de Identidad": "national_id",
    "D.N.I.": "national_id",
    "C.U.R.P.": "national_id",
    "Citizen's Card Number": "national_id",
    "Cedula de Ciudadania": "national_id",
    "Residency Number": "residence",
    "SSN": "national_id",
    "R.F.C.": "tax_id",
    "Tax ID No.": "tax_id",
    "NIT #": "tax_id",
    "RUC #": "tax_id",
    "C.U.I.T.": "tax_id",
    "Driver's License No.": "driving_licence",
    "Electoral Registry No.": "voter",
    "Credencial electoral": "voter",
    "Birth Certificate Number": "birth_certificate",
    "Refugee ID Card": "residence",
    "Stateless Person ID Card": "residence",
    "VisaNumberID": "visa",
}
"""The labels under which the list gives numbers of documents, and what we call them."""

_DOCUMENT = re.compile(
    rf"(?P<label>{'|'.join(map(re.escape, DOCUMENT_KINDS))}) "
    r"(?P<number>[A-Za-z0-9][A-Za-z0-9 ./*-]*?)"
    r"(?: \((?P<country>[^)]*)\))?(?: (?:issued|expires) .*)?$"
)
_WEAK_ALIAS = re.compile(r"[afn]\.k\.a\. '(?P<name>[^']*(?:'[^';]+)*)'$")


@dataclass(kw_only=True)
class Remarks:
    """The facts found in the remarks of one entry."""

    birth_dates: list[BirthDate] = field(default_factory=list)
    birth_places: list[str] = field(default_factory=list)
    countries: set[str] = field(default_factory=set)
    documents: list[ListedDocument] = field(default_factory=list)
    weak_aliases: list[str] = field(default_factory=list)


def parse_remarks(text: str) -> Remarks:
    """Read every item that screening compares and pass over the rest."""
    remarks = Remarks()
    for item in _items(text):
        _read_item(item, remarks)
    return remarks


def _items(text: str) -> Iterator[str]:
    for item in text.strip().removesuffix(".").split(";"):
        yield item.strip().removeprefix("alt. ")


def _read_item(item: str, remarks: Remarks) -> None:
    word, _, rest = item.partition(" ")
    if word == "DOB":
        _add_birth_date(rest, remarks)
    elif word == "POB":
        remarks.birth_places.append(rest)
        _add_country(country_in(rest), remarks)
    elif word in ("nationality", "citizen"):
        _add_country(country_code(rest), remarks)
    elif alias := _WEAK_ALIAS.match(item):
        remarks.weak_aliases.append(alias["name"])
    elif document := _DOCUMENT.match(item):
        remarks.documents.append(
            ListedDocument(
                kind=DOCUMENT_KINDS[document["label"]],
                number=document["number"].strip(),
                country=country_code(document["country"] or ""),
            )
        )


def _add_birth_date(text: str, remarks: Remarks) -> None:
    found = parse_listed(text)
    if found is not None:
        remarks.birth_dates.append(found)


def _add_country(code: str | None, remarks: Remarks) -> None:
    if code is not None:
        remarks.countries.add(code)
