"""The form as plain values and back: the shape in which it rests sealed and travels to vetting.

Dates are ISO 8601 texts, ``from`` and ``until`` of a stretch are inclusive, and what was not
answered is ``None`` or empty. ``shared/contracts/enrollment.application_submitted.v1.md`` shows it.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any, TypeVar

from services.enrollment.domain.address import Address
from services.enrollment.domain.application_form import (
    ApplicationForm,
    Contact,
    Crossing,
    Step,
)
from services.enrollment.domain.disclosures import Consent, Disclosure, Disclosures, Question
from services.enrollment.domain.history import Employment, Occupation, Residence, Stretch
from services.enrollment.domain.identity_document import (
    Birth,
    DocumentKind,
    IdentityDocument,
    Sex,
)
from services.enrollment.domain.names import Name, Names
from services.enrollment.domain.vehicle import Vehicle

Plain = dict[str, Any]
T = TypeVar("T")


def dump_form(form: ApplicationForm) -> Plain:
    """Return the whole form as plain values, ``done`` and ``consent`` included."""
    steps = {str(step): dump_step(form, step) for step in Step}
    consent = None if form.consent is None else asdict(form.consent)
    return {**steps, "done": sorted(form.done), "consent": consent}


def load_form(plain: Mapping[str, Any]) -> ApplicationForm:
    """Return the form that ``dump_form`` was given."""
    answers = {str(step): load_step(step, plain.get(step)) for step in Step}
    consent = plain.get("consent")
    return ApplicationForm(
        **answers,
        done=frozenset(Step(name) for name in plain.get("done", ())),
        consent=None if consent is None else Consent(**consent),
    )


def dump_step(form: ApplicationForm, step: Step) -> Any:
    """Return the answers of one step as plain values."""
    value = getattr(form, step)
    return None if value is None else _DUMP.get(step, asdict)(value)


def load_step(step: Step, plain: Any) -> Any:
    """Return the answers of one step from plain values."""
    if plain is None:
        return () if step in _LISTS else None
    return _LOAD[step](plain)


def _each(dump: Callable[[Any], Any]) -> Callable[[Any], list[Any]]:
    return lambda values: [dump(value) for value in values]


def _all(load: Callable[[Any], T]) -> Callable[[Any], tuple[T, ...]]:
    return lambda values: tuple(load(value) for value in values)


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _dump_names(names: Names) -> Plain:
    return {**asdict(names.legal), "others": [asdict(name) for name in names.others]}


def _load_names(plain: Plain) -> Names:
    legal = {key: value for key, value in plain.items() if key != "others"}
    return Names(legal=Name(**legal), others=tuple(Name(**other) for other in plain["others"]))


def _dump_birth(birth: Birth) -> Plain:
    return {
        "date": birth.born_on.isoformat(),
        "city": birth.city,
        "region": birth.region,
        "country": birth.country,
        "sex": str(birth.sex),
    }


def _load_birth(plain: Plain) -> Birth:
    rest = {key: plain[key] for key in ("city", "region", "country")}
    return Birth(born_on=date.fromisoformat(plain["date"]), sex=Sex(plain["sex"]), **rest)


def _dump_document(document: IdentityDocument) -> Plain:
    return {
        "kind": str(document.kind),
        "country": document.country,
        "number": document.number,
        "expires_on": _day(document.expires_on),
    }


def _load_document(plain: Plain) -> IdentityDocument:
    return IdentityDocument(
        kind=DocumentKind(plain["kind"]),
        country=plain["country"],
        number=plain["number"],
        expires_on=_date(plain["expires_on"]),
    )


def _dump_stretch(stretch: Stretch) -> Plain:
    return {"from": stretch.since.isoformat(), "until": _day(stretch.until)}


def _load_stretch(plain: Plain) -> Stretch:
    return Stretch(since=date.fromisoformat(plain["from"]), until=_date(plain["until"]))


def _without_stretch(plain: Plain) -> Plain:
    return {key: value for key, value in plain.items() if key not in {"from", "until"}}


def _dump_residence(residence: Residence) -> Plain:
    return {**asdict(residence.address), **_dump_stretch(residence.stretch)}


def _load_residence(plain: Plain) -> Residence:
    return Residence(address=Address(**_without_stretch(plain)), stretch=_load_stretch(plain))


def _dump_employment(employment: Employment) -> Plain:
    return {
        "kind": str(employment.kind),
        "employer": employment.employer,
        "occupation": employment.occupation,
        "city": employment.city,
        "country": employment.country,
        **_dump_stretch(employment.stretch),
    }


def _load_employment(plain: Plain) -> Employment:
    rest = {**_without_stretch(plain), "kind": Occupation(plain["kind"])}
    return Employment(**rest, stretch=_load_stretch(plain))


def _dump_disclosures(disclosures: Disclosures) -> Plain:
    return {str(question): asdict(found) for question, found in disclosures.answers.items()}


def _load_disclosures(plain: Plain) -> Disclosures:
    return Disclosures(
        answers={Question(name): Disclosure(**found) for name, found in plain.items()}
    )


def _dump_crossing(crossing: Crossing) -> Plain:
    return {"center": crossing.center, "sites": list(crossing.sites)}


def _load_crossing(plain: Plain) -> Crossing:
    return Crossing(center=plain["center"], sites=tuple(plain["sites"]))


_LISTS = frozenset(
    {Step.CITIZENSHIPS, Step.DOCUMENTS, Step.RESIDENCES, Step.EMPLOYMENTS, Step.VEHICLES}
)
_DUMP: Mapping[Step, Callable[[Any], Any]] = {
    Step.NAMES: _dump_names,
    Step.BIRTH: _dump_birth,
    Step.CITIZENSHIPS: list,
    Step.DOCUMENTS: _each(_dump_document),
    Step.RESIDENCES: _each(_dump_residence),
    Step.EMPLOYMENTS: _each(_dump_employment),
    Step.VEHICLES: _each(asdict),
    Step.DISCLOSURES: _dump_disclosures,
    Step.CROSSING: _dump_crossing,
}
_LOAD: Mapping[Step, Callable[[Any], Any]] = {
    Step.NAMES: _load_names,
    Step.BIRTH: _load_birth,
    Step.CITIZENSHIPS: tuple,
    Step.DOCUMENTS: _all(_load_document),
    Step.CONTACT: lambda plain: Contact(**plain),
    Step.PHYSICAL_ADDRESS: lambda plain: Address(**plain),
    Step.MAILING_ADDRESS: lambda plain: Address(**plain),
    Step.RESIDENCES: _all(_load_residence),
    Step.EMPLOYMENTS: _all(_load_employment),
    Step.VEHICLES: _all(lambda plain: Vehicle(**plain)),
    Step.DISCLOSURES: _load_disclosures,
    Step.CROSSING: _load_crossing,
}
