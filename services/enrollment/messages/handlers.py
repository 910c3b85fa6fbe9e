"""What enrollment does on hearing from vetting and from sites."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from marshmallow import Schema

from services.enrollment.domain.application import Decision, Request
from services.enrollment.domain.crossing import Alarm, InspectionResult, Passage
from services.enrollment.domain.lane_selection import SelectionCommitment, SelectionTold
from services.enrollment.domain.membership import Reasons
from services.enrollment.domain.site import Applied
from services.enrollment.messages import schemas
from services.enrollment.messages.passkey_handlers import passkey_handlers
from services.enrollment.use_cases.front_door import UseCases
from shared.errors import Forbidden
from shared.messaging.dispatcher import Handler
from shared.messaging.envelope import Envelope
from shared.messaging.letter_box import cause_of

IGNORED = frozenset({"vetting.appeal_decided.v1"})
"""Appeals come with redress; until then a granted one arrives as a reinstatement as well."""


def handlers(use_cases: UseCases) -> Mapping[str, Handler]:
    """Return the handler of each message type that enrollment listens to."""
    vetting, lanes = FromVetting(use_cases=use_cases), FromLanes(use_cases=use_cases)
    return {
        "vetting.case_opened.v1": vetting.case_opened,
        "vetting.information_requested.v1": vetting.information_requested,
        "vetting.case_decided.v1": vetting.case_decided,
        "vetting.hold_placed.v1": vetting.hold_placed,
        "vetting.hold_lifted.v1": vetting.hold_lifted,
        "vetting.membership_suspended.v1": vetting.suspended,
        "vetting.membership_revoked.v1": vetting.revoked,
        "vetting.membership_reinstated.v1": vetting.reinstated,
        "vetting.erasure_done.v1": vetting.erasure_done,
        "lane_gateway.feed_applied.v1": lanes.feed_applied,
        "lane_gateway.passage_recorded.v1": lanes.passage_recorded,
        "lane_gateway.referral_closed.v1": lanes.referral_closed,
        "lane_gateway.inspection_recorded.v1": lanes.inspection_recorded,
        "lane_gateway.alarm_raised.v1": lanes.alarm_raised,
        "lane_gateway.alarm_acknowledged.v1": lanes.alarm_acknowledged,
        "lane_gateway.number_in_two_places.v1": lanes.in_two_places,
        "lane_gateway.selection_committed.v1": lanes.selection_committed,
        "lane_gateway.selection_revealed.v1": lanes.selection_revealed,
        "lane_gateway.erasure_done.v1": lanes.erasure_done,
        **passkey_handlers(use_cases),
    }


@dataclass(frozen=True, kw_only=True)
class FromVetting:
    """Vetting's messages."""

    use_cases: UseCases

    def case_opened(self, envelope: Envelope) -> None:
        """Note that vetting has a case."""
        body = _load(schemas.CaseOpened(), envelope)
        self.use_cases.record_case(
            body["application_id"],
            case_id=body["case_id"],
            at=body["at"],
            cause=cause_of(envelope),
        )

    def information_requested(self, envelope: Envelope) -> None:
        """Hand the form back to the applicant."""
        body = _load(schemas.InformationRequested(), envelope)
        request = Request(
            id=body["request_id"],
            fields=tuple(body["fields_"]),
            text_code=body["text_code"],
            due_on=body["due_on"],
        )
        self.use_cases.request_information(
            body["application_id"], request, cause=cause_of(envelope)
        )

    def case_decided(self, envelope: Envelope) -> None:
        """Approve conditionally, or deny."""
        body = _load(schemas.CaseDecided(), envelope)
        decision = Decision(
            outcome=body["outcome"],
            reason_codes=tuple(body["reason_codes"]),
            notice_codes=tuple(body["notice"]),
            decided_at=body["decided_at"],
        )
        self.use_cases.record_decision(body["application_id"], decision, cause=cause_of(envelope))

    def hold_placed(self, envelope: Envelope) -> None:
        """Keep members out of the lanes for now."""
        body = _load(schemas.HoldPlaced(), envelope)
        self.use_cases.follow_vetting.place_hold(
            body["hold_id"], body["membership_ids"], cause=cause_of(envelope)
        )

    def hold_lifted(self, envelope: Envelope) -> None:
        """Let a member pass again."""
        body = _load(schemas.HoldLifted(), envelope)
        person = body["person_id"] or envelope.subject
        self.use_cases.follow_vetting.lift_hold(
            body["hold_id"], _person(str(person)), cause=cause_of(envelope)
        )

    def suspended(self, envelope: Envelope) -> None:
        """Stop a membership."""
        body = _load(schemas.MembershipWord(), envelope)
        self.use_cases.follow_vetting.suspend(
            body["membership_id"], _reasons(body), cause=cause_of(envelope)
        )

    def revoked(self, envelope: Envelope) -> None:
        """Take a membership away."""
        body = _load(schemas.MembershipWord(), envelope)
        self.use_cases.follow_vetting.revoke(
            body["membership_id"], _reasons(body), cause=cause_of(envelope)
        )

    def reinstated(self, envelope: Envelope) -> None:
        """Give a membership back."""
        body = _load(schemas.MembershipWord(), envelope)
        self.use_cases.follow_vetting.reinstate(body["membership_id"], cause=cause_of(envelope))

    def erasure_done(self, envelope: Envelope) -> None:
        """Keep vetting's receipt."""
        _keep_receipt(self.use_cases, envelope, holder="vetting")


@dataclass(frozen=True, kw_only=True)
class FromLanes:
    """The sites' messages."""

    use_cases: UseCases

    def feed_applied(self, envelope: Envelope) -> None:
        """Keep how far a site has followed the feed."""
        body = _load(schemas.FeedApplied(), envelope)
        report = Applied(
            site=_site(envelope),
            number=body["number"],
            applied_at=body["applied_at"],
            reported_at=envelope.time,
        )
        self.use_cases.follow_lanes.applied(report, cause=cause_of(envelope))

    def passage_recorded(self, envelope: Envelope) -> None:
        """Keep a passage."""
        body = _load(schemas.PassageRecorded(), envelope)
        passage = Passage(
            id=body["passage_id"],
            site=_site(envelope),
            lane=body["lane"],
            credential_ids=tuple(body["credential_ids"]),
            verdict=body["verdict"] or "",
            reasons=tuple(body["reasons"]),
            authorisation=body["authorisation"] or "",
            officer=body["officer"] or "",
            counted=body["counted"],
            times={name: at for name, at in body["times"].items() if at is not None},
            list_number=body["list_number"],
            list_age_s=body["list_age_s"],
        )
        self.use_cases.follow_lanes.passage(passage, cause=cause_of(envelope))

    def referral_closed(self, envelope: Envelope) -> None:
        """Note how a referral ended."""
        body = _load(schemas.ReferralClosed(), envelope)
        self.use_cases.follow_lanes.referral_closed(
            body["passage_id"],
            site=_site(envelope),
            end=body["end"],
            reason=body["reason"] or "",
            at=envelope.time,
            cause=cause_of(envelope),
        )

    def inspection_recorded(self, envelope: Envelope) -> None:
        """Keep what an inspection found, person by person."""
        body = _load(schemas.InspectionRecorded(), envelope)
        results = [
            InspectionResult(
                credential_id=person["credential_id"],
                result=person["result"],
                type=person["violation"] or "",
                note=person["note"] or "",
                officer=body["officer"] or "",
                at=body["at"] or envelope.time,
            )
            for person in body["persons"]
        ]
        self.use_cases.follow_lanes.inspected(body["passage_id"], results, cause=cause_of(envelope))

    def alarm_raised(self, envelope: Envelope) -> None:
        """Keep an alarm."""
        body = _load(schemas.AlarmRaised(), envelope)
        alarm = Alarm(
            id=body["alarm_id"],
            site=_site(envelope),
            code=body["code"],
            lane=body["lane"] or "",
            at=body["at"],
            officer=body["officer"] or "",
        )
        self.use_cases.follow_lanes.alarm(alarm, cause=cause_of(envelope))

    def alarm_acknowledged(self, envelope: Envelope) -> None:
        """Note that an alarm was seen."""
        body = _load(schemas.AlarmAcknowledged(), envelope)
        self.use_cases.follow_lanes.acknowledged(
            body["alarm_id"],
            officer=body["officer"] or "",
            at=body["at"],
            cause=cause_of(envelope),
        )

    def in_two_places(self, envelope: Envelope) -> None:
        """Flag a card that was at two lanes at once."""
        body = _load(schemas.NumberInTwoPlaces(), envelope)
        self.use_cases.follow_lanes.in_two_places(body["credential_id"], cause=cause_of(envelope))

    def selection_committed(self, envelope: Envelope) -> None:
        """Keep what a lane bound itself to before it draws."""
        body = _load(schemas.SelectionCommitted(), envelope)
        commitment = SelectionCommitment(site=_site(envelope), at=envelope.time, **body)
        self.use_cases.follow_selections.committed(commitment, cause=cause_of(envelope))

    def selection_revealed(self, envelope: Envelope) -> None:
        """Hold a lane to what it was bound to."""
        body = _load(schemas.SelectionRevealed(), envelope)
        seed = bytes.fromhex(body.pop("seed"))
        told = SelectionTold(site=_site(envelope), at=envelope.time, seed=seed, **body)
        self.use_cases.follow_selections.told(told, cause=cause_of(envelope))

    def erasure_done(self, envelope: Envelope) -> None:
        """Keep a site's receipt."""
        _keep_receipt(self.use_cases, envelope, holder=f"site:{_site(envelope)}")


def _load(schema: Schema, envelope: Envelope) -> dict[str, Any]:
    loaded: dict[str, Any] = schema.load(dict(envelope.body))
    return loaded


def _site(envelope: Envelope) -> str:
    return envelope.source.rpartition("/")[2]


def _person(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Forbidden("The message names no person") from None


def _reasons(body: Mapping[str, Any]) -> Reasons:
    return Reasons(
        codes=tuple(body["reason_codes"]),
        notice_codes=tuple(body["notice"]),
        undisclosed_rule=body["undisclosed_rule"] or "",
        at=body["at"],
        appeal_until=body["appeal_until"],
    )


def _keep_receipt(use_cases: UseCases, envelope: Envelope, *, holder: str) -> None:
    body = _load(schemas.ErasureDone(), envelope)
    use_cases.keep_receipt(
        body["person_id"],
        holder=holder,
        rows=body["rows"],
        at=body["at"],
        cause=cause_of(envelope),
    )
