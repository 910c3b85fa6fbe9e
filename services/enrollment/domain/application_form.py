"""The traveler's form: its steps, filled one by one, and the rules over the whole of it.

A draft holds what has been answered so far; ``None`` or an empty tuple is a step not reached yet.
Each step is checked when it is saved, and all of them again when the form is signed.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from services.enrollment.domain.address import Address
from services.enrollment.domain.birthday import age
from services.enrollment.domain.disclosures import Consent, Disclosures
from services.enrollment.domain.flaws import Flaw, within
from services.enrollment.domain.history import (
    Employment,
    Residence,
    Stretch,
    gap_flaws,
    look_back_start,
)
from services.enrollment.domain.identity_document import (
    PROVES_CITIZENSHIP,
    Birth,
    IdentityDocument,
)
from services.enrollment.domain.names import Names
from services.enrollment.domain.program import Policy, Rule
from services.enrollment.domain.vehicle import Vehicle, fleet_flaws

MAX_CITIZENSHIPS = 5
MAX_DOCUMENTS = 8
MAX_HISTORY = 40


class Step(StrEnum):
    """The groups of questions, in the order in which the pages ask them."""

    NAMES = "names"
    BIRTH = "birth"
    CITIZENSHIPS = "citizenships"
    DOCUMENTS = "documents"
    CONTACT = "contact"
    PHYSICAL_ADDRESS = "physical_address"
    MAILING_ADDRESS = "mailing_address"
    RESIDENCES = "residences"
    EMPLOYMENTS = "employments"
    VEHICLES = "vehicles"
    DISCLOSURES = "disclosures"
    CROSSING = "crossing"


@dataclass(frozen=True, kw_only=True)
class Contact:
    """How to reach the applicant; nobody needs a phone or e-mail, letters reach everybody."""

    phone: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    language: str = "en"


@dataclass(frozen=True, kw_only=True)
class Crossing:
    """Where the applicant wants to be interviewed, and where they cross."""

    center: str
    sites: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Rules:
    """The policy's figures that a form of one day is held against."""

    today: date
    look_back_years: int
    minimum_age: int
    consent_age: int
    vehicles: int

    @classmethod
    def of(cls, policy: Policy, program: str, today: date) -> "Rules":
        """Read the figures in force on ``today``, the legal date in the center's zone."""
        return cls(
            today=today,
            look_back_years=policy.value(program, Rule.LOOK_BACK_YEARS, today),
            minimum_age=policy.value(program, Rule.MINIMUM_AGE, today),
            consent_age=policy.value(program, Rule.CONSENT_AGE, today),
            vehicles=policy.value(program, Rule.VEHICLES_PER_MEMBER, today),
        )


@dataclass(frozen=True, kw_only=True)
class ApplicationForm:
    """Everything an applicant answers."""

    names: Names | None = field(default=None, repr=False)
    birth: Birth | None = field(default=None, repr=False)
    citizenships: tuple[str, ...] = field(default=(), repr=False)
    documents: tuple[IdentityDocument, ...] = field(default=(), repr=False)
    contact: Contact | None = field(default=None, repr=False)
    physical_address: Address | None = field(default=None, repr=False)
    mailing_address: Address | None = field(default=None, repr=False)
    residences: tuple[Residence, ...] = field(default=(), repr=False)
    employments: tuple[Employment, ...] = field(default=(), repr=False)
    vehicles: tuple[Vehicle, ...] = field(default=(), repr=False)
    disclosures: Disclosures | None = field(default=None, repr=False)
    crossing: Crossing | None = None
    done: frozenset[Step] = frozenset()
    consent: Consent | None = field(default=None, repr=False)

    def flaws_of(self, step: Step, rules: Rules) -> list[Flaw]:
        """Return what is wrong with one step; an empty list lets the applicant go on."""
        return list(_CHECKS[step](self, rules))

    def flaws(self, rules: Rules) -> list[Flaw]:
        """Return what is wrong with the whole form, in the order of its steps."""
        found = [flaw for step in Step for flaw in self.flaws_of(step, rules)]
        minor = self.birth is not None and age(self.birth.born_on, rules.today) < rules.consent_age
        if self.consent is None:
            return [*found, Flaw(path="consent", code="required")]
        return found + within("consent", list(self.consent.flaws(minor=minor)))

    def next_step(self, rules: Rules) -> Step | None:
        """Return the first step that is not saved or not right yet; ``None`` when all are."""
        for step in Step:
            if step not in self.done or self.flaws_of(step, rules):
                return step
        return None


Check = Callable[[ApplicationForm, Rules], Iterator[Flaw]]


def _names(form: ApplicationForm, _: Rules) -> Iterator[Flaw]:
    if form.names is None:
        yield Flaw(path="names", code="required")
    else:
        yield from within("names", list(form.names.flaws()))


def _birth(form: ApplicationForm, rules: Rules) -> Iterator[Flaw]:
    if form.birth is None:
        yield Flaw(path="birth", code="required")
        return
    yield from within("birth", list(form.birth.flaws(today=rules.today)))
    if (
        form.birth.born_on <= rules.today
        and age(form.birth.born_on, rules.today) < rules.minimum_age
    ):
        values = {"years": rules.minimum_age}
        yield Flaw(path="birth.date", code="too_young", values=values)


def _citizenships(form: ApplicationForm, _: Rules) -> Iterator[Flaw]:
    if not form.citizenships:
        yield Flaw(path="citizenships", code="required")
    if len(form.citizenships) > MAX_CITIZENSHIPS:
        yield Flaw(path="citizenships", code="too_many", values={"limit": MAX_CITIZENSHIPS})
    if len(set(form.citizenships)) != len(form.citizenships):
        yield Flaw(path="citizenships", code="twice")


def _documents(form: ApplicationForm, rules: Rules) -> Iterator[Flaw]:
    if not any(document.kind in PROVES_CITIZENSHIP for document in form.documents):
        yield Flaw(path="documents", code="citizenship_proof_needed")
    if len(form.documents) > MAX_DOCUMENTS:
        yield Flaw(path="documents", code="too_many", values={"limit": MAX_DOCUMENTS})
    for place, document in enumerate(form.documents):
        yield from within(f"documents.{place}", list(document.flaws(today=rules.today)))


def _contact(form: ApplicationForm, _: Rules) -> Iterator[Flaw]:
    if form.contact is None:
        yield Flaw(path="contact", code="required")


def _physical_address(form: ApplicationForm, _: Rules) -> Iterator[Flaw]:
    if form.physical_address is None:
        yield Flaw(path="physical_address", code="required")
    else:
        yield from within("physical_address", list(form.physical_address.flaws()))


def _mailing_address(form: ApplicationForm, _: Rules) -> Iterator[Flaw]:
    if form.mailing_address is None:
        yield Flaw(path="mailing_address", code="required")
    else:
        yield from within("mailing_address", list(form.mailing_address.flaws()))


def _residences(form: ApplicationForm, rules: Rules) -> Iterator[Flaw]:
    for place, residence in enumerate(form.residences):
        yield from within(f"residences.{place}", list(residence.flaws(today=rules.today)))
    stretches = [residence.stretch for residence in form.residences]
    yield from _history("residences", stretches, form, rules)


def _employments(form: ApplicationForm, rules: Rules) -> Iterator[Flaw]:
    for place, employment in enumerate(form.employments):
        yield from within(f"employments.{place}", list(employment.flaws(today=rules.today)))
    stretches = [employment.stretch for employment in form.employments]
    yield from _history("employments", stretches, form, rules)


def _history(
    path: str, stretches: list[Stretch], form: ApplicationForm, rules: Rules
) -> Iterator[Flaw]:
    if len(stretches) > MAX_HISTORY:
        yield Flaw(path=path, code="too_many", values={"limit": MAX_HISTORY})
    born = form.birth.born_on if form.birth else None
    first = look_back_start(rules.today, years=rules.look_back_years, born=born)
    yield from gap_flaws(path, stretches, first=first, last=rules.today)


def _vehicles(form: ApplicationForm, rules: Rules) -> Iterator[Flaw]:
    yield from fleet_flaws(form.vehicles, limit=rules.vehicles)
    for place, vehicle in enumerate(form.vehicles):
        yield from within(f"vehicles.{place}", list(vehicle.flaws(today=rules.today)))


def _disclosures(form: ApplicationForm, _: Rules) -> Iterator[Flaw]:
    if form.disclosures is None:
        yield Flaw(path="disclosures", code="required")
    else:
        yield from within("disclosures", list(form.disclosures.flaws()))


def _crossing(form: ApplicationForm, _: Rules) -> Iterator[Flaw]:
    if form.crossing is None or not form.crossing.center:
        yield Flaw(path="crossing.center", code="required")


_CHECKS: Mapping[Step, Check] = {
    Step.NAMES: _names,
    Step.BIRTH: _birth,
    Step.CITIZENSHIPS: _citizenships,
    Step.DOCUMENTS: _documents,
    Step.CONTACT: _contact,
    Step.PHYSICAL_ADDRESS: _physical_address,
    Step.MAILING_ADDRESS: _mailing_address,
    Step.RESIDENCES: _residences,
    Step.EMPLOYMENTS: _employments,
    Step.VEHICLES: _vehicles,
    Step.DISCLOSURES: _disclosures,
    Step.CROSSING: _crossing,
}
