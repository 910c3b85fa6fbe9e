from dataclasses import replace
from datetime import date

import pytest

from services.enrollment.domain.application_form import ApplicationForm, Step
from services.enrollment.domain.disclosures import Disclosure, Disclosures, Question
from services.enrollment.domain.form_document import dump_form, dump_step, load_form
from services.enrollment.domain.history import Employment, Occupation, Stretch
from services.enrollment.domain.identity_document import DocumentKind, IdentityDocument
from services.enrollment.domain.names import Name, Names
from tests.unit.enrollment.builders import address, birth, consent, form, rules


def flaws(filled: ApplicationForm) -> list[tuple[str, str]]:
    signed = filled if filled.consent else replace(filled, consent=consent())
    return [(flaw.path, flaw.code) for flaw in signed.flaws(rules())]


def test_a_whole_form_has_no_flaws() -> None:
    assert flaws(form()) == []


def test_an_empty_form_names_every_step() -> None:
    found = flaws(ApplicationForm())

    assert {path.partition(".")[0] for path, _ in found} == {str(s) for s in Step} - {"vehicles"}


@pytest.mark.statement(5)
@pytest.mark.parametrize(
    "name",
    [
        Name(given="Ana", paternal_surname="Ríos", maternal_surname="Peña", suffix="III"),
        Name(given="Ana", middle="María del Pilar", paternal_surname="Ríos"),
        Name(given="Ana", maternal_surname="Peña"),
        Name(given="Suharto"),
        Name(paternal_surname="Suharto"),
    ],
)
def test_no_field_forces_one_surname(name: Name) -> None:
    other = Name(given="Anita", paternal_surname="Rios")

    assert flaws(form(names=Names(legal=name, others=(other, other, other)))) == []


@pytest.mark.statement(5)
def test_a_name_is_needed_all_the_same() -> None:
    nameless = Names(legal=Name(middle="x"), others=(Name(),))

    assert flaws(form(names=nameless)) == [
        ("names.given", "name_missing"),
        ("names.others.0.given", "name_missing"),
    ]


def test_a_full_name_is_in_the_order_in_which_it_is_spoken() -> None:
    name = Name(given="Ana", middle="M.", paternal_surname="Ríos", maternal_surname="Peña")

    assert name.full == "Ana M. Ríos Peña"


@pytest.mark.statement(3)
def test_under_18_a_guardian_consents() -> None:
    minor = form(birth=birth(date(2008, 11, 25)))

    assert flaws(minor) == [
        ("consent.guardian_name", "guardian_consent_needed"),
        ("consent.guardian_relationship", "guardian_consent_needed"),
    ]
    with_guardian = consent(guardian_name="Rosa Peña", guardian_relationship="mother")
    assert flaws(replace(minor, consent=with_guardian)) == []
    assert flaws(form(birth=birth(date(2008, 11, 24)))) == []


@pytest.mark.statement(6)
def test_a_gap_in_the_work_history_is_named() -> None:
    worked = Employment(kind=Occupation.RETIRED, stretch=Stretch(since=date(2023, 1, 1)))
    (flaw,) = replace(form(employments=(worked,)), consent=consent()).flaws(rules())

    assert (flaw.path, flaw.code) == ("employments", "history_gap")
    assert flaw.values == {"first_day": date(2021, 11, 24), "last_day": date(2022, 12, 31)}


@pytest.mark.statement(7)
def test_physical_and_mailing_address_are_two_things() -> None:
    only_one = form(mailing_address=None)

    assert flaws(only_one) == [("mailing_address", "required")]
    plain = dump_form(form())
    assert plain["physical_address"]["country"] == "MX"
    assert plain["mailing_address"]["country"] == "US"


def test_a_region_belongs_to_its_country() -> None:
    wrong = form(physical_address=address(region="US-CA"))

    assert flaws(wrong) == [("physical_address.region", "region_of_other_country")]


def test_abroad_needs_no_region() -> None:
    abroad = address(region="", postal_code="", country="DE")

    assert flaws(form(mailing_address=abroad)) == []


def test_a_yes_needs_an_explanation_and_no_question_stays_open() -> None:
    answers = {q: Disclosure(answer=False) for q in Question}
    answers[Question.ARRESTS] = Disclosure(answer=True)
    del answers[Question.INADMISSIBLE]

    assert flaws(form(disclosures=Disclosures(answers=answers))) == [
        ("disclosures.arrests.explanation", "explain_yes"),
        ("disclosures.inadmissible.answer", "required"),
    ]


def test_citizenship_is_proved_by_a_document_that_is_valid() -> None:
    expired = IdentityDocument(
        kind=DocumentKind.PASSPORT, country="MX", number="G1", expires_on=date(2026, 11, 23)
    )
    licence = IdentityDocument(
        kind=DocumentKind.DRIVING_LICENCE, country="MX", number="L1", expires_on=date(2030, 1, 1)
    )

    assert flaws(form(documents=(expired,))) == [("documents.0.expires_on", "document_expired")]
    assert flaws(form(documents=(licence,))) == [("documents", "citizenship_proof_needed")]


def test_the_next_step_is_the_first_that_is_open_or_wrong() -> None:
    assert ApplicationForm().next_step(rules()) is Step.NAMES
    assert form().next_step(rules()) is None
    assert form(done=frozenset(Step) - {Step.VEHICLES}).next_step(rules()) is Step.VEHICLES
    assert form(birth=birth(date(2030, 1, 1))).next_step(rules()) is Step.BIRTH


def test_a_form_survives_being_written_down() -> None:
    signed = replace(form(), consent=consent())

    assert load_form(dump_form(signed)) == signed
    assert load_form(dump_form(ApplicationForm())) == ApplicationForm()
    assert dump_step(form(), Step.CITIZENSHIPS) == ["MX"]


def test_nothing_of_a_person_is_shown() -> None:
    shown = repr(replace(form(), consent=consent(guardian_name="Rosa Peña")))

    assert not [
        word for word in ("Maribel", "Tijuana", "G12345678", "Rosa", "1990") if word in shown
    ]
