"""What enrollment tells others: domain event to message. Unlisted events stay inside."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import singledispatchmethod

from services.enrollment.domain import events
from services.enrollment.domain.application_form import ApplicationForm, Step
from services.enrollment.domain.form_document import dump_form
from shared.events import Event, Outgoing

SealToVetting = Callable[[Mapping[str, object], str], str]
"""Seals a dossier to vetting's public key, bound to what it is about."""


@dataclass(frozen=True, kw_only=True)
class Publications:
    """Says of each event what the other services may know of it."""

    seal: SealToVetting

    def __call__(self, event: Event) -> Sequence[Outgoing]:
        """Return the messages of ``event``, if any."""
        return self._tell(event)

    @singledispatchmethod
    def _tell(self, event: Event) -> Sequence[Outgoing]:
        del event
        return ()

    @_tell.register
    def _(self, event: events.ApplicationSubmitted) -> Sequence[Outgoing]:
        subject = str(event.application_id)
        body = {
            "application_id": subject,
            "person_id": str(event.person_id),
            "program": event.program,
            "purpose": event.purpose,
            "submitted_at": instant(event.submitted_at),
            "policy_version": event.policy_version,
            "dossier": self.seal(dossier(event.form, event.submitted_at), f"application {subject}"),
        }
        return [
            Outgoing(
                type="enrollment.application_submitted.v1",
                subject=subject,
                body=body,
                person=event.person_id,
            )
        ]

    @_tell.register
    def _(self, event: events.ApplicationAmended) -> Sequence[Outgoing]:
        subject = str(event.application_id)
        body = {
            "application_id": subject,
            "at": instant(event.at),
            "answers_request_id": str(event.request_id),
            "dossier": self.seal(dossier(event.form, event.at), f"application {subject}"),
        }
        return [
            Outgoing(
                type="enrollment.application_amended.v1",
                subject=subject,
                body=body,
                person=event.person_id,
            )
        ]

    @_tell.register
    def _(self, event: events.ApplicationWithdrawn) -> Sequence[Outgoing]:
        if not event.sent:
            return ()
        subject = str(event.application_id)
        body = {"application_id": subject, "at": instant(event.at)}
        return [Outgoing(type="enrollment.application_withdrawn.v1", subject=subject, body=body)]

    @_tell.register
    def _(self, event: events.InterviewRecorded) -> Sequence[Outgoing]:
        subject = str(event.application_id)
        questions = [{"type": kind, "outcome": outcome} for kind, outcome in event.questions]
        body = {
            "application_id": subject,
            "interview_id": str(event.interview_id),
            "outcome": event.outcome,
            "recorded_by": event.recorded_by,
            "at": instant(event.at),
            "dossier": self.seal(
                {"questions": questions, "text": event.text}, f"application {subject}"
            ),
        }
        return [
            Outgoing(
                type="enrollment.interview_recorded.v1",
                subject=subject,
                body=body,
                person=event.person_id,
            )
        ]

    @_tell.register
    def _(self, event: events.MembershipStarted) -> Sequence[Outgoing]:
        sealed = self._member_dossier(event, str(event.application_id), event.form)
        return [_membership("enrollment.membership_started.v1", event, dossier=sealed)]

    @_tell.register
    def _(self, event: events.MembershipChanged) -> Sequence[Outgoing]:
        sealed = None
        if event.form is not None:
            sealed = self._member_dossier(event, str(event.application_id), event.form)
        return [_membership("enrollment.membership_changed.v1", event, dossier=sealed)]

    @_tell.register
    def _(self, event: events.MembershipEnded) -> Sequence[Outgoing]:
        return [_membership("enrollment.membership_ended.v1", event)]

    @_tell.register
    def _(self, event: events.PersonErased) -> Sequence[Outgoing]:
        subject = str(event.person_id)
        body = {
            "person_id": subject,
            "credential_ids": [str(each) for each in event.credential_ids],
        }
        kind = "enrollment.person_erased.v1"
        to_sites = [
            Outgoing(type=kind, subject=subject, body=body, site=site, version=1)
            for site in event.sites
        ]
        return [Outgoing(type=kind, subject=subject, body=body), *to_sites]

    def _member_dossier(
        self, event: events.MembershipEvent, application_id: str, form: ApplicationForm
    ) -> str:
        payload = {**dossier(form, None), "application_id": application_id}
        return self.seal(payload, f"membership {event.membership_id}")


def dossier(form: ApplicationForm, signed_at: datetime | None) -> dict[str, object]:
    """Return what vetting gets to know of a form: all answers, and when they were signed."""
    plain = dump_form(form)
    answers = {str(step): plain[step] for step in Step}
    consent = plain["consent"]
    if consent is not None:
        consent = {**consent, "signed_at": None if signed_at is None else instant(signed_at)}
    return {**answers, "consent": consent}


def instant(moment: datetime) -> str:
    """Return an instant as messages write it."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _membership(kind: str, event: events.MembershipEvent, **more: object) -> Outgoing:
    body: dict[str, object] = {
        "membership_id": str(event.membership_id),
        "person_id": str(event.person_id),
        "program": event.program,
        "status": event.status,
        "valid_from": event.valid_from.isoformat(),
        "valid_until": event.valid_until.isoformat(),
        **more,
    }
    return Outgoing(type=kind, subject=str(event.membership_id), body=body, person=event.person_id)
