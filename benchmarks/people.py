"""Invented people at enrollment, made through its own parts and not through pages."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from secrets import token_bytes
from uuid import UUID, uuid4

from services.enrollment.bootstrap import Parts
from services.enrollment.domain.application import Status
from services.enrollment.domain.membership import Membership
from services.enrollment.domain.policy_rows import SENTRI
from services.enrollment.use_cases.activate_card import CardCodes
from tests.unit.enrollment.builders import application, consent

TID_BYTES = 12
TERM_YEARS = 5


@dataclass(frozen=True, kw_only=True)
class Member:
    """Somebody whose card opens lanes."""

    id: UUID
    person_id: UUID
    epc: bytes = field(repr=False)
    tid: bytes = field(repr=False)


def anybody(count: int) -> list[UUID]:
    """Return people whom nobody knows yet."""
    return [uuid4() for _ in range(count)]


def add_members(parts: Parts, people: Sequence[UUID]) -> list[Member]:
    """Make members of ``people``, with cards in use."""
    begin = parts.transactions()  # before the first aggregate: it maps their classes
    made = [_membership(person) for person in people]
    with begin() as work:
        for membership in made:
            entered = application(status=Status.APPROVED, person_id=membership.person_id)
            entered.id = membership.application_id
            work.applications.add(entered)
            work.memberships.add(membership)
        work.commit()
    return [_with_card(parts, membership) for membership in made]


def add_applicants(parts: Parts, people: Sequence[UUID]) -> None:
    """Submit an application for each of ``people``."""
    begin = parts.transactions()
    drafts = [application(person_id=person) for person in people]
    with begin() as work:
        for draft in drafts:
            work.applications.add(draft)
        work.commit()
    submit = parts.use_cases().submit_application
    for draft in drafts:
        submit(draft.id, person_id=draft.person_id, consent=consent())


def _membership(person: UUID) -> Membership:
    drawn = application(status=Status.APPROVED, person_id=person)
    return Membership.start(
        membership_id=uuid4(),
        person_id=drawn.person_id,
        application_id=drawn.id,
        program=SENTRI,
        passid=f"{uuid4().int % 10**9:09d}",
        form=drawn.form,
        approved_on=datetime.now(UTC).date(),
        years=TERM_YEARS,
    )


def _with_card(parts: Parts, membership: Membership) -> Member:
    use_cases, tid = parts.use_cases(), token_bytes(TID_BYTES)
    card, *_ = use_cases.issue_card(membership.id, tid=tid)
    use_cases.hand_over_card(card.id, epc=card.epc, tid=tid)
    codes = CardCodes(passid=membership.passid, security_code=card.secrets.security_code)
    use_cases.activate_card(membership.person_id, codes)
    return Member(id=membership.id, person_id=membership.person_id, epc=card.epc, tid=tid)
