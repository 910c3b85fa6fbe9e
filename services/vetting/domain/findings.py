"""Findings: what stands against a person until an officer has weighed it.

Each ground of 8 CFR 235.12(b)(2) is a finding of its own. The source says where it was seen: in the
applicant's own answers, in the interview, in a screening that had too little to go by, in a hit.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from services.vetting.domain.hit import Hit
from services.vetting.domain.reasons import RULES, Reason


class Source(StrEnum):
    """Where a finding was seen."""

    DISCLOSURE = "disclosure"
    INTERVIEW = "interview"
    SCREENING = "screening"
    WATCHLIST = "watchlist"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One ground, with where it was seen and what backs it, by reference."""

    ground: Reason
    source: Source
    evidence: str = ""

    @property
    def rule(self) -> str:
        """The rule that makes it a ground."""
        return RULES.get(self.ground, "")

    def to_json(self) -> dict[str, str]:
        """Return the finding in plain values."""
        return {"ground": self.ground, "source": self.source, "evidence": self.evidence}

    @classmethod
    def from_json(cls, plain: Mapping[str, str]) -> "Finding":
        """Read back what ``to_json`` gave."""
        return cls(
            ground=Reason(plain["ground"]),
            source=Source(plain["source"]),
            evidence=plain["evidence"],
        )


GROUND_OF_DISCLOSURE = {
    "false_information": Reason.FALSE_INFORMATION,
    "arrests": Reason.CRIMINAL_RECORD,
    "customs_violations": Reason.CUSTOMS_VIOLATION,
    "investigations": Reason.UNDER_INVESTIGATION,
    "inadmissible": Reason.INADMISSIBLE,
}


def disclosed(dossier: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield a finding for each question of the form that was answered with yes."""
    for question, ground in GROUND_OF_DISCLOSURE.items():
        if dossier.get("disclosures", {}).get(question, {}).get("answer"):
            yield Finding(ground=ground, source=Source.DISCLOSURE, evidence=question)


def found_in(hits: Iterable[Hit]) -> Iterator[Finding]:
    """Yield a finding for each hit that an officer did not rule out."""
    for hit in hits:
        if hit.is_finding:
            yield Finding(
                ground=Reason.LOW_RISK_NOT_SHOWN,
                source=Source.WATCHLIST,
                evidence=f"{hit.list}/{hit.entry}",
            )
