"""A dossier on a page: rows of its tables, and what its codes are called."""

from collections.abc import Mapping
from typing import Any

from flask import Flask

from services.vetting.domain.person import full_name
from services.vetting.web.words import Words, word
from shared.web.language import lazy as _l

Part = Mapping[str, Any]

DOCUMENTS: Words = {
    "passport": _l("Passport"),
    "passport_card": _l("Passport card"),
    "resident_card": _l("Resident card"),
    "birth_certificate": _l("Birth certificate"),
    "driving_licence": _l("Driving licence"),
    "voter_card": _l("Voter card"),
}
DISCLOSURES: Words = {
    "false_information": _l("Ever gave false information to an authority"),
    "arrests": _l("Ever arrested, charged or convicted"),
    "customs_violations": _l("Ever broke customs, immigration or agriculture rules"),
    "investigations": _l("Under investigation"),
    "inadmissible": _l("Ever refused entry, or let in by waiver or parole"),
}
EVIDENCE: Words = {
    **DISCLOSURES,
    "too_little": _l("too little to screen by"),
    "no_list": _l("no watchlist was loaded"),
    "failed": _l("not passed"),
    "referred": _l("referred to vetting"),
}
INTERVIEWS: Words = {
    "passed": _l("Passed"),
    "failed": _l("Not passed"),
    "referred": _l("Referred to vetting"),
}
INTERVIEW_TONES: Mapping[str, str] = {"passed": "good", "failed": "bad", "referred": "warn"}
QUESTIONS: Words = {
    "identity": _l("Identity"),
    "residence": _l("Residence"),
    "employment": _l("Employment"),
    "travel_history": _l("Travel history"),
    "vehicles": _l("Vehicles"),
    "disclosures": _l("Disclosures"),
    "program_rules": _l("Rules of the program"),
}
ANSWERS: Words = {
    "satisfactory": _l("satisfactory"),
    "unsatisfactory": _l("not satisfactory"),
    "not_asked": _l("not asked"),
}
OCCUPATIONS: Words = {
    "employed": _l("Employed"),
    "self_employed": _l("Self-employed"),
    "student": _l("Student"),
    "unemployed": _l("Without work"),
    "retired": _l("Retired"),
    "homemaker": _l("At home"),
}


def install(app: Flask) -> None:
    """Give templates the filters for dossiers."""
    app.jinja_env.filters.update(
        address=address,
        document_row=document_row,
        employment_row=employment_row,
        full_name_of=full_name,
        residence_row=residence_row,
        vehicle_row=vehicle_row,
    )


def address(part: Part) -> str:
    """Return an address in one line."""
    names = ("street", "unit", "city", "region", "postal_code", "country")
    return ", ".join(str(part[name]) for name in names if part.get(name))


def document_row(part: Part) -> list[str]:
    """Return kind, number, country and expiry."""
    kind = word(DOCUMENTS, part["kind"])
    return [kind, part["number"], part.get("country", ""), part.get("expires_on") or "—"]


def vehicle_row(part: Part) -> list[str]:
    """Return plate, region and what it is."""
    what = (part.get(name) for name in ("year", "make", "model", "colour"))
    return [part.get("plate", ""), part.get("region", ""), " ".join(str(x) for x in what if x)]


def residence_row(part: Part) -> list[str]:
    """Return from, until and the address."""
    return [part.get("from", ""), part.get("until") or "—", address(part)]


def employment_row(part: Part) -> list[str]:
    """Return from, until and what the person did."""
    names = ("employer", "occupation", "city", "country")
    what = [word(OCCUPATIONS, part.get("kind", ""))]
    what += [str(part[name]) for name in names if part.get(name)]
    return [part.get("from", ""), part.get("until") or "—", ", ".join(what)]
