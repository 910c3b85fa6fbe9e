"""What an applicant has to disclose: the grounds of refusal, asked one by one.

The questions follow the grounds of 8 CFR 235.12(b)(2); a yes refuses nobody by itself, vetting
weighs it, while a false no is a ground of its own.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from services.enrollment.domain.flaws import Flaw


class Question(StrEnum):
    """The questions of the form, in their order."""

    FALSE_INFORMATION = "false_information"
    ARRESTS = "arrests"
    CUSTOMS_VIOLATIONS = "customs_violations"
    INVESTIGATIONS = "investigations"
    INADMISSIBLE = "inadmissible"


@dataclass(frozen=True, kw_only=True)
class Disclosure:
    """The answer to one question; a yes needs an explanation."""

    answer: bool = field(repr=False)
    explanation: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class Disclosures:
    """All answers."""

    answers: Mapping[Question, Disclosure] = field(repr=False)

    def flaws(self) -> Iterator[Flaw]:
        """Find questions without an answer, and a yes without an explanation."""
        for question in Question:
            found = self.answers.get(question)
            if found is None:
                yield Flaw(path=f"{question}.answer", code="required")
            elif found.answer and not found.explanation:
                yield Flaw(path=f"{question}.explanation", code="explain_yes")


@dataclass(frozen=True, kw_only=True)
class Consent:
    """The applicant's signature under the form; a minor's guardian signs with them."""

    truth: bool
    checks: bool
    guardian_name: str = field(default="", repr=False)
    guardian_relationship: str = field(default="", repr=False)
    language: str

    def flaws(self, *, minor: bool) -> Iterator[Flaw]:
        """Find what keeps the signature from counting."""
        for name in ("truth", "checks"):
            if not getattr(self, name):
                yield Flaw(path=name, code="consent_needed")
        if minor:
            for name in ("guardian_name", "guardian_relationship"):
                if not getattr(self, name):
                    yield Flaw(path=name, code="guardian_consent_needed")
