"""What vetting tells others: domain event to message. Unlisted events stay inside."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import singledispatch

from services.vetting.domain import events, member_events
from services.vetting.domain.case_states import Kind, Outcome
from services.vetting.domain.reasons import REDRESS_DAYS, Reason, notice_for
from shared.events import Event, Outgoing

Body = dict[str, object]


@singledispatch
def translate(event: Event) -> Sequence[Outgoing]:
    """Return what the world may know of ``event``, if anything."""
    del event
    return ()


@translate.register
def _(event: events.CaseOpened) -> Sequence[Outgoing]:
    if event.kind != Kind.APPLICATION:
        return ()
    body: Body = {
        "application_id": str(event.application_id),
        "case_id": str(event.case_id),
        "at": _instant(event.at),
    }
    return [_of_case("vetting.case_opened.v1", event, body)]


@translate.register
def _(event: events.InformationRequested) -> Sequence[Outgoing]:
    body: Body = {
        "application_id": str(event.application_id),
        "case_id": str(event.case_id),
        "request_id": str(event.request_id),
        "fields": list(event.fields),
        "text_code": event.text_code,
        "due_on": event.due_on.isoformat(),
        "at": _instant(event.at),
    }
    return [_of_case("vetting.information_requested.v1", event, body)]


@translate.register
def _(event: events.CaseDecided) -> Sequence[Outgoing]:
    if event.kind != Kind.APPLICATION:
        return ()
    notice = notice_for(Outcome(event.outcome), [Reason(code) for code in event.reasons])
    body: Body = {
        "application_id": str(event.application_id),
        "case_id": str(event.case_id),
        "outcome": event.outcome,
        "reason_codes": list(notice.reason_codes),
        "notice": list(notice.text_codes),
        "undisclosed_rule": notice.undisclosed_rule,
        "decided_at": _instant(event.at),
        "decided_by": event.decided_by,
        "second_by": event.second_by,
        "list_version": event.list_version,
        "policy_version": event.policy_version,
    }
    return [_of_case("vetting.case_decided.v1", event, body)]


@translate.register
def _(event: member_events.HoldPlaced) -> Sequence[Outgoing]:
    body: Body = {
        "hold_id": str(event.hold_id),
        "person_id": str(event.person_id),
        "membership_ids": [str(number) for number in event.membership_ids],
        "expires_at": _instant(event.expires_at),
        "notice_policy": event.notice_policy,
        "at": _instant(event.at),
    }
    return [Outgoing(type="vetting.hold_placed.v1", subject=str(event.person_id), body=body)]


@translate.register
def _(event: member_events.HoldLifted) -> Sequence[Outgoing]:
    body: Body = {
        "hold_id": str(event.hold_id),
        "person_id": str(event.person_id),
        "why": event.why,
        "at": _instant(event.at),
    }
    return [Outgoing(type="vetting.hold_lifted.v1", subject=str(event.person_id), body=body)]


@translate.register
def _(event: member_events.MembershipSuspended) -> Sequence[Outgoing]:
    return [_of_membership("vetting.membership_suspended.v1", event, Outcome.SUSPEND)]


@translate.register
def _(event: member_events.MembershipRevoked) -> Sequence[Outgoing]:
    return [_of_membership("vetting.membership_revoked.v1", event, Outcome.REVOKE)]


@translate.register
def _(event: member_events.MembershipReinstated) -> Sequence[Outgoing]:
    return [_of_membership("vetting.membership_reinstated.v1", event, Outcome.KEEP)]


def _of_case(kind: str, event: events.CaseEvent, body: Body) -> Outgoing:
    return Outgoing(type=kind, subject=str(event.case_id), body=body)


def _of_membership(kind: str, event: member_events.MembershipDecided, outcome: Outcome) -> Outgoing:
    notice = notice_for(outcome, [Reason(code) for code in event.reasons])
    appeal = None
    if outcome is not Outcome.KEEP:
        appeal = (event.at + timedelta(days=REDRESS_DAYS)).date().isoformat()
    return Outgoing(
        type=kind,
        subject=str(event.person_id),
        body={
            "membership_id": str(event.membership_id),
            "person_id": str(event.person_id),
            "reason_codes": list(notice.reason_codes),
            "notice": list(notice.text_codes),
            "undisclosed_rule": notice.undisclosed_rule,
            "decided_by": event.decided_by,
            "second_by": event.second_by,
            "at": _instant(event.at),
            "appeal_until": appeal,
        },
    )


def _instant(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
