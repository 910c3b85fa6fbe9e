"""The words of the pages: states, steps, next actions, and what is wrong with a form."""

from collections.abc import Mapping, Sequence
from datetime import date

from babel.dates import format_date

from services.enrollment.domain import card, membership
from services.enrollment.domain.application import Status
from services.enrollment.domain.application_form import Step
from services.enrollment.domain.appointment import Status as AppointmentStatus
from services.enrollment.domain.disclosures import Question
from services.enrollment.domain.flaws import Flaw
from services.enrollment.domain.history import Occupation
from services.enrollment.domain.identity_document import DocumentKind, Sex
from services.enrollment.domain.interview import AnswerOutcome, Outcome, QuestionType
from services.enrollment.domain.next_step import Action, Actor
from shared.errors import InvalidInput
from shared.web.language import Text, current_language
from shared.web.language import gettext as _
from shared.web.language import lazy as _l
from shared.web.showing import CUSTOMS, day

PROGRAMS: Mapping[str, Text] = {"sentri": _l("SENTRI")}

STATUSES: Mapping[Status, tuple[Text, str]] = {
    Status.DRAFT: (_l("Not sent yet"), "neutral"),
    Status.SUBMITTED: (_l("Under review"), "info"),
    Status.ACTION_NEEDED: (_l("Your answer is needed"), "warn"),
    Status.CONDITIONALLY_APPROVED: (_l("Conditionally approved"), "good"),
    Status.INTERVIEW_BOOKED: (_l("Interview booked"), "info"),
    Status.APPROVED: (_l("Approved"), "good"),
    Status.DENIED: (_l("Denied"), "bad"),
    Status.LAPSED: (_l("Lapsed"), "neutral"),
    Status.WITHDRAWN: (_l("Withdrawn"), "neutral"),
}
HAPPENED: Mapping[Status, Text] = {
    Status.DRAFT: _l("You began the application"),
    Status.SUBMITTED: _l("The application went to the vetting center"),
    Status.ACTION_NEEDED: _l("The vetting center asked you for something"),
    Status.CONDITIONALLY_APPROVED: _l(
        "The vetting center approved you, on condition of an interview"
    ),
    Status.INTERVIEW_BOOKED: _l("An interview was booked"),
    Status.APPROVED: _l("You passed the interview and are a member"),
    Status.DENIED: _l("The application was denied"),
    Status.LAPSED: _l("The approval lapsed without an interview"),
    Status.WITHDRAWN: _l("You withdrew the application"),
}
ACTORS: Mapping[Actor, Text] = {
    Actor.APPLICANT: _l("You"),
    Actor.VETTING: _l("The vetting center"),
    Actor.CENTER: _l("The enrollment center"),
    Actor.NOBODY: _l("Nobody"),
}
ACTIONS: Mapping[Action, Text] = {
    Action.FINISH_FORM: _l("Finish the form and send it"),
    Action.OPEN_CASE: _l("Take up your application"),
    Action.REVIEW: _l("Check your answers and decide"),
    Action.ANSWER: _l("Correct your answers and send them again"),
    Action.BOOK_INTERVIEW: _l("Book an interview"),
    Action.COME_TO_INTERVIEW: _l("Come to the interview with your documents"),
    Action.ISSUE_CARD: _l("Make your card"),
    Action.NOTHING: _l("Nothing more will happen"),
}
STEPS: Mapping[Step, Text] = {
    Step.NAMES: _l("Your names"),
    Step.BIRTH: _l("Your birth"),
    Step.CITIZENSHIPS: _l("Citizenship"),
    Step.DOCUMENTS: _l("Documents"),
    Step.CONTACT: _l("How to reach you"),
    Step.PHYSICAL_ADDRESS: _l("Where you live"),
    Step.MAILING_ADDRESS: _l("Where mail reaches you"),
    Step.RESIDENCES: _l("Where you have lived"),
    Step.EMPLOYMENTS: _l("What you have done"),
    Step.VEHICLES: _l("Your vehicles"),
    Step.DISCLOSURES: _l("Questions about your past"),
    Step.CROSSING: _l("Interview and crossing"),
}
QUESTIONS: Mapping[Question, Text] = {
    Question.FALSE_INFORMATION: _l(
        "Have you ever given false or incomplete information in an application to a government?"
    ),
    Question.ARRESTS: _l(
        "Have you ever been arrested, charged or convicted, in any country, pardoned or not?"
    ),
    Question.CUSTOMS_VIOLATIONS: _l(
        "Have you ever broken a customs, immigration or agriculture rule, in any country?"
    ),
    Question.INVESTIGATIONS: _l("Are you the subject of an investigation, in any country?"),
    Question.INADMISSIBLE: _l(
        "Have you ever been refused entry, or entered on a waiver or on parole?"
    ),
}
DOCUMENTS: Mapping[DocumentKind, Text] = {
    DocumentKind.PASSPORT: _l("Passport"),
    DocumentKind.PASSPORT_CARD: _l("Passport card"),
    DocumentKind.RESIDENT_CARD: _l("Permanent resident card"),
    DocumentKind.BIRTH_CERTIFICATE: _l("Birth certificate"),
    DocumentKind.DRIVING_LICENCE: _l("Driver's license"),
    DocumentKind.VOTER_CARD: _l("Voter card (INE)"),
}
SEXES: Mapping[Sex, Text] = {Sex.F: _l("Female"), Sex.M: _l("Male"), Sex.X: _l("X or another")}
OCCUPATIONS: Mapping[Occupation, Text] = {
    Occupation.EMPLOYED: _l("Employed"),
    Occupation.SELF_EMPLOYED: _l("Self-employed"),
    Occupation.STUDYING: _l("Studying"),
    Occupation.CARING: _l("Caring for family"),
    Occupation.RETIRED: _l("Retired"),
    Occupation.NOT_WORKING: _l("Not working"),
}
MEMBERSHIPS: Mapping[membership.Status, tuple[Text, str]] = {
    membership.Status.ACTIVE: (_l("Active"), "good"),
    membership.Status.HELD: (_l("On hold"), "warn"),
    membership.Status.SUSPENDED: (_l("Suspended"), "bad"),
    membership.Status.REVOKED: (_l("Revoked"), "bad"),
    membership.Status.ENDED: (_l("Ended"), "neutral"),
}
CARDS: Mapping[card.Status, tuple[Text, str]] = {
    card.Status.ORDERED: (_l("Being made"), "info"),
    card.Status.ENCODED: (_l("Being made"), "info"),
    card.Status.MAILED: (_l("Waits for activation"), "warn"),
    card.Status.ACTIVE: (_l("Active"), "good"),
    card.Status.LAPSED: (_l("Not activated in time"), "bad"),
    card.Status.LOST: (_l("Reported lost"), "bad"),
    card.Status.STOLEN: (_l("Reported stolen"), "bad"),
    card.Status.DAMAGED: (_l("Damaged"), "bad"),
    card.Status.REPLACED: (_l("Replaced"), "neutral"),
    card.Status.ENDED: (_l("Ended"), "neutral"),
}
APPOINTMENTS: Mapping[AppointmentStatus, tuple[Text, str]] = {
    AppointmentStatus.OFFERED: (_l("Offered"), "neutral"),
    AppointmentStatus.HELD: (_l("Held"), "neutral"),
    AppointmentStatus.BOOKED: (_l("Expected"), "info"),
    AppointmentStatus.CHECKED_IN: (_l("Is here"), "warn"),
    AppointmentStatus.DONE: (_l("Recorded"), "good"),
    AppointmentStatus.EXPIRED: (_l("Expired"), "neutral"),
    AppointmentStatus.CANCELLED: (_l("Cancelled"), "neutral"),
    AppointmentStatus.MISSED: (_l("Did not come"), "bad"),
}
OUTCOMES: Mapping[Outcome, Text] = {
    Outcome.PASSED: _l("Passed: becomes a member"),
    Outcome.FAILED: _l("Not passed: back to vetting"),
    Outcome.REFERRED: _l("Needs another look: back to vetting"),
}
QUESTION_TYPES: Mapping[QuestionType, Text] = {
    QuestionType.IDENTITY: _l("Identity and documents"),
    QuestionType.RESIDENCE: _l("Residence"),
    QuestionType.EMPLOYMENT: _l("Work and studies"),
    QuestionType.TRAVEL_HISTORY: _l("Travel"),
    QuestionType.VEHICLES: _l("Vehicles"),
    QuestionType.DISCLOSURES: _l("Disclosures"),
    QuestionType.PROGRAM_RULES: _l("Rules of the program"),
}
ANSWERS: Mapping[AnswerOutcome, Text] = {
    AnswerOutcome.SATISFACTORY: _l("Satisfactory"),
    AnswerOutcome.UNSATISFACTORY: _l("Not satisfactory"),
    AnswerOutcome.NOT_ASKED: _l("Not asked"),
}

FLAWS: Mapping[str, Text] = {
    "required": _l("Enter an answer."),
    "name_missing": _l("Enter a given name or a surname."),
    "too_many": _l("Enter at most %(limit)s."),
    "twice": _l("Name each only once."),
    "in_the_future": _l("This day lies in the future."),
    "too_long_ago": _l("Nobody is that old. Check the year."),
    "too_young": _l("The program is for people of %(years)s years and older."),
    "citizenship_proof_needed": _l(
        "Add a document that proves your citizenship: a passport, a passport card or a birth "
        "certificate."
    ),
    "document_expired": _l("This document has expired. Enter one that is valid."),
    "region_of_other_country": _l("This state does not belong to the country."),
    "ends_before_it_begins": _l("The end lies before the beginning."),
    "history_gap": _l(
        "Nothing is entered from %(first_day)s to %(last_day)s. Add what belongs there."
    ),
    "vin_length": _l("A VIN has %(length)s letters and digits."),
    "vin_character": _l("A VIN has no I, O or Q and no other signs. Check it on the vehicle."),
    "vin_check_digit": _l("One letter or digit is wrong. Compare it with the vehicle."),
    "out_of_range": _l("Enter a year from %(first)s to %(last)s."),
    "too_many_vehicles": _l("You can enroll at most %(limit)s vehicles."),
    "vehicle_twice": _l("This vehicle is entered twice."),
    "vehicle_full": _l("This vehicle already has %(limit)s members, and no more can join."),
    "explain_yes": _l("Explain what happened, when and where."),
    "consent_needed": _l("Without your consent we cannot take the application."),
    "guardian_consent_needed": _l("Under 18, a parent or guardian must consent."),
    "program_unknown": _l("This program does not exist."),
    "tid_invalid": _l("A chip number (TID) has 24 digits from 0 to 9 and A to F."),
    "not_a_report": _l("Choose what happened."),
}

NOTICES: Mapping[str, Text] = {
    "notice.deny": _l("Your application was denied."),
    "notice.suspend": _l("Your membership is suspended."),
    "notice.revoke": _l("Your membership was revoked."),
    "reason.false_information": _l(
        "Reason: information in the application was false or incomplete (8 CFR 235.12(b)(2)(i))."
    ),
    "reason.criminal_record": _l(
        "Reason: an arrest, a conviction, a pending charge or a warrant (8 CFR 235.12(b)(2)(ii))."
    ),
    "reason.customs_violation": _l(
        "Reason: a violation of customs, immigration or agriculture rules "
        "(8 CFR 235.12(b)(2)(iii))."
    ),
    "reason.inadmissible": _l(
        "Reason: you are inadmissible, or were granted a waiver or parole (8 CFR 235.12(b)(2)(v))."
    ),
    "reason.low_risk_not_shown": _l(
        "Reason: it was not shown that you are a low risk (8 CFR 235.12(b)(2)(vii))."
    ),
    "reason.document_not_valid": _l("Reason: a document is not valid."),
    "reason.information_not_supplied": _l(
        "Reason: information that we asked for was not supplied."
    ),
    "reason.not_disclosed": _l("The law forbids us to name a reason (5 USC 552(b)(7))."),
    "ask.specific_reasons": _l(
        "You can ask for the specific reasons: write to the enrollment center and name your "
        "application."
    ),
    "redress.routes": _l(
        "You can contest the decision: by a letter to the enrollment center, by DHS TRIP, or with "
        "the Ombudsman. All of these are free of charge."
    ),
    "ask.complete": _l("Please complete these parts of the form."),
    "ask.clearer_copy": _l("Please enter these parts again as they stand in the document."),
    "ask.explain": _l("Please explain your answers in these parts."),
    "deadline.30_days": _l("A letter to the enrollment center must arrive within 30 days."),
}
"""What vetting's codes say in a notice: reasons, how to ask for more, redress, the deadline."""

ERROR_TITLES: Mapping[str, Text] = {
    "application_open": _l("You already have an application that is not over"),
    "already_member": _l("You are a member already"),
    "not_editable": _l("This form has been sent and cannot be changed now"),
    "illegal_transition": _l("This cannot be done at this stage"),
    "slot_taken": _l("Somebody else has just taken this time"),
    "hold_expired": _l("You held this time too long, and it is free for everybody again"),
    "slot_passed": _l("This time has passed"),
    "wrong_activation_code": _l("The number or the code is not right"),
    "activation_locked": _l("Too many wrong codes. Try again in an hour."),
    "activation_lapsed": _l("The card was not activated in time"),
    "guardian_needed": _l("A guardian activates a minor's card at the enrollment center"),
    "card_in_use": _l("This member has a card already"),
    "chip_known": _l("This chip belongs to another card"),
    "card_mismatch": _l("The card read back is not the one that was ordered"),
}


def text_of(flaw: Flaw) -> str:
    """Say in the reader's language what is wrong."""
    values = {
        name: day(value) if hasattr(value, "isoformat") else value  # type: ignore[arg-type]
        for name, value in flaw.values.items()
    }
    known = FLAWS.get(flaw.code)
    return _(str.__str__(known), **values) if known else flaw.code


def spoken(flaws: Sequence[Flaw], *, below: str = "") -> InvalidInput:
    """Return the flaws as an error whose texts people can read; ``below`` is cut off the paths."""
    by_path: dict[str, list[str]] = {}
    for flaw in flaws:
        path = flaw.path.removeprefix(f"{below}.") if below else flaw.path
        by_path.setdefault(path, []).append(text_of(flaw))
    return InvalidInput(by_path, "The form is not complete and correct")


def written_day(stored: str | None) -> str:
    """Write a stored date in full; nothing for none."""
    return day(date.fromisoformat(stored)) if stored else ""


def weekday(value: date) -> str:
    """Write a date with its day of the week."""
    return str(format_date(value, "full", locale=CUSTOMS[current_language()]))


def notices(codes: Sequence[str]) -> list[str]:
    """Say a notice's codes in the reader's language; a code that we do not know says nothing."""
    return [str(NOTICES[code]) for code in codes if code in NOTICES]
