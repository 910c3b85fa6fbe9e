"""A case: what vetting decides about one application or one member."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypedDict
from uuid import UUID

from services.vetting.domain import events
from services.vetting.domain.case_rules import (
    DUE,
    LEASE,
    ClaimedByOther,
    NotHolder,
    Priority,
    SameOfficer,
    check_decision,
    must_be_judged,
    needs_second,
)
from services.vetting.domain.case_states import (
    ALLOWED,
    HELD_BY_OFFICER,
    OPEN,
    UNCLAIMED,
    Kind,
    Outcome,
    Status,
    moved,
)
from services.vetting.domain.findings import Finding
from services.vetting.domain.hit import Hit
from services.vetting.domain.officer import Officer
from services.vetting.domain.reasons import Reason
from shared.errors import Conflict, InvalidInput
from shared.events import Aggregate


class _About(TypedDict):
    case_id: UUID
    person_id: UUID
    application_id: UUID | None
    at: datetime


@dataclass(eq=False, kw_only=True)
class Case(Aggregate):
    """One case and its officer; its hits are aggregates of their own."""

    id: UUID
    kind: Kind
    person_id: UUID
    opened_at: datetime
    due_at: datetime
    application_id: UUID | None = None
    program: str = ""
    purpose: str = ""
    policy_version: str = ""
    list_version: str = ""
    status: Status = Status.NEW
    priority: Priority = Priority.NONE
    findings: list[dict[str, str]] | None = field(default_factory=list, repr=False)
    hits: int = 0
    """Every new one moves the version, so that no decision misses it."""
    officer: str | None = None
    lease_until: datetime | None = None
    waiting_since: datetime | None = None
    request_id: UUID | None = None
    outcome: Outcome | None = None
    reasons: list[str] | None = field(default_factory=list, repr=False)
    note: str | None = field(default=None, repr=False)
    findings_sealed: bytes | None = field(default=None, repr=False)
    reasons_sealed: bytes | None = field(default=None, repr=False)
    note_sealed: bytes | None = field(default=None, repr=False)
    decided_by: str | None = None
    second_by: str | None = None
    decided_at: datetime | None = None
    version: int = 0

    def open(self) -> None:
        """Put the case into the queue."""
        self.record(events.CaseOpened(**self._about(self.opened_at), kind=self.kind))

    def add_hit(self, hit: Hit, *, now: datetime) -> None:
        """Count a hit; one that comes after the decision reopens the case."""
        self.hits += 1
        self.raise_priority(Priority.STRONG_HIT if hit.strong else Priority.HIT)
        if self.status is Status.DECIDED:
            self.reopen("new_hit", now=now)

    def add_finding(self, finding: Finding, *, now: datetime) -> None:
        """Note something that stands against the person."""
        known = self.findings or []
        if finding.to_json() in known:
            return
        self.findings = [*known, finding.to_json()]
        self.record(
            events.FindingAdded(**self._about(now), ground=finding.ground, source=finding.source)
        )

    def raise_priority(self, priority: Priority) -> None:
        """Move the case up in the queue, never down."""
        self.priority = min(self.priority, priority)

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.status in OPEN

    def is_with(self, officer: Officer, *, now: datetime) -> bool:
        """Whether the officer holds the case, with a lease that still runs."""
        held = self.status in HELD_BY_OFFICER and not self._lease_is_lost(now)
        return held and self.officer == officer.subject

    def claim(self, officer: Officer, *, now: datetime) -> None:
        """Take the case for as long as the lease lasts; who has it already keeps it."""
        officer.must_be_free_for(self.person_id)
        if self.is_with(officer, now=now):
            return self._must_hold(officer, now)
        if self._lease_is_lost(now):
            self.lose_lease(now=now)
        if self.status not in UNCLAIMED and self.status in OPEN:
            raise ClaimedByOther("The case is with an officer")
        self._move(Status.CLAIMED)
        self.officer, self.lease_until = officer.subject, now + LEASE
        return self.record(events.CaseClaimed(**self._about(now), by=officer.subject))

    def start_review(self, officer: Officer, *, now: datetime) -> None:
        """Open the file; from here on the officer works on it."""
        self._must_hold(officer, now)
        if self.status is Status.CLAIMED:
            self._move(Status.IN_REVIEW)
            self.record(events.ReviewStarted(**self._about(now), by=officer.subject))

    def release(self, officer: Officer, *, now: datetime) -> None:
        """Give the case back to the queue."""
        self._must_hold(officer, now)
        self._back_to_queue("released", now=now)

    def lose_lease(self, *, now: datetime) -> None:
        """Give the case back because its officer has left it alone for too long."""
        if not self._lease_is_lost(now):
            raise Conflict("The lease still runs")
        self._back_to_queue("lease_lost", now=now)

    def keep_lease(self, officer: Officer, *, now: datetime) -> None:
        """Let the lease run anew, since the officer is at work; raise ``NotHolder`` otherwise."""
        self._must_hold(officer, now)

    def ask(
        self,
        officer: Officer,
        *,
        request_id: UUID,
        fields: Sequence[str],
        text_code: str,
        due_on: date,
        now: datetime,
    ) -> None:
        """Ask the applicant; the deadline pauses until the answer."""
        self._must_hold(officer, now)
        if self.application_id is None or not fields:
            raise InvalidInput({"fields": ["required"]}, "Only an applicant can be asked, by field")
        self._move(Status.WAITING_APPLICANT)
        self.waiting_since, self.request_id, self.lease_until = now, request_id, None
        self.record(
            events.InformationRequested(
                **self._about(now),
                request_id=request_id,
                fields=tuple(fields),
                text_code=text_code,
                due_on=due_on,
                by=officer.subject,
            )
        )

    def receive_answer(self, request_id: UUID, *, now: datetime) -> None:
        """Go on with the review; the time of waiting is added to the deadline."""
        if request_id != self.request_id or self.waiting_since is None:
            raise Conflict("The case waits for no answer to that request")
        self._move(Status.IN_REVIEW)
        self.due_at += now - self.waiting_since
        self.waiting_since, self.request_id, self.lease_until = None, None, now + LEASE
        self.record(events.InformationReceived(**self._about(now), request_id=request_id))

    def withdraw(self, *, now: datetime) -> None:
        """Close the case without a decision."""
        self._move(Status.WITHDRAWN)
        self.officer = self.lease_until = None
        self.record(events.CaseWithdrawn(**self._about(now)))

    def propose(
        self,
        outcome: Outcome,
        reasons: Sequence[Reason],
        note: str,
        *,
        officer: Officer,
        hits: Sequence[Hit],
        now: datetime,
    ) -> None:
        """Decide, or propose where a second officer has to confirm.

        Raise ``HitsOpen`` while a hit is not judged.
        """
        self._must_hold(officer, now)
        second_needed = needs_second(outcome, self.findings or (), hits)
        check_decision(self.kind, outcome, reasons, note, needs_note=second_needed)
        must_be_judged(hits)
        self.outcome, self.reasons, self.note = outcome, [str(r) for r in reasons], note.strip()
        self.decided_by, self.second_by = officer.subject, None
        if second_needed:
            self._move(Status.PROPOSED)
            self.lease_until = None
            self.record(
                events.DecisionProposed(
                    **self._about(now),
                    outcome=outcome,
                    reasons=tuple(self.reasons or ()),
                    by=officer.subject,
                )
            )
        else:
            self._decide(now=now)

    def confirm(self, second: Officer, hits: Sequence[Hit], *, now: datetime) -> None:
        """Agree with a colleague's proposal, which makes it the decision."""
        self._must_be_second(second)
        must_be_judged(hits)
        self.second_by = second.subject
        self._decide(now=now)

    def send_back(self, second: Officer, *, now: datetime) -> None:
        """Disagree: the case returns to the officer who proposed."""
        self._must_be_second(second)
        self._move(Status.IN_REVIEW)
        self.outcome, self.reasons, self.lease_until = None, [], now + LEASE
        self.record(events.ProposalReturned(**self._about(now), by=second.subject))

    def reopen(self, why: str, *, now: datetime) -> None:
        """Take a decided case up again: a redress, or something new."""
        self._move(Status.REOPENED)
        self.officer = self.lease_until = None
        self.due_at = now + DUE[self.kind]
        self.record(events.CaseReopened(**self._about(now), why=why))

    def _decide(self, *, now: datetime) -> None:
        self._move(Status.DECIDED)
        self.decided_at, self.lease_until = now, None
        self.record(
            events.CaseDecided(
                **self._about(now),
                kind=self.kind,
                outcome=str(self.outcome),
                reasons=tuple(self.reasons or ()),
                decided_by=str(self.decided_by),
                second_by=self.second_by,
                list_version=self.list_version,
                policy_version=self.policy_version,
            )
        )

    def _must_be_second(self, second: Officer) -> None:
        second.must_be_free_for(self.person_id)
        if self.status is not Status.PROPOSED:
            raise Conflict("Nothing is proposed in this case")
        if second.subject == self.decided_by:
            raise SameOfficer("The second approval needs another officer")

    def _must_hold(self, officer: Officer, now: datetime) -> None:
        officer.must_be_free_for(self.person_id)
        if self.officer != officer.subject or self.status not in HELD_BY_OFFICER:
            raise NotHolder("The case is not with this officer")
        if self._lease_is_lost(now):
            raise NotHolder("The lease has run out; claim the case again")
        self.lease_until = now + LEASE

    def _lease_is_lost(self, now: datetime) -> bool:
        return (
            self.status in HELD_BY_OFFICER
            and self.lease_until is not None
            and self.lease_until <= now
        )

    def _back_to_queue(self, why: str, *, now: datetime) -> None:
        self._move(Status.NEW)
        self.officer = self.lease_until = None
        self.record(events.CaseReturned(**self._about(now), why=why))

    def _move(self, wanted: Status) -> None:
        self.status = moved(ALLOWED, self.status, wanted, thing="case")

    def _about(self, now: datetime) -> _About:
        return {
            "case_id": self.id,
            "person_id": self.person_id,
            "application_id": self.application_id,
            "at": now,
        }
