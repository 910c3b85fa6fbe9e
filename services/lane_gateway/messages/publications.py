"""What a site tells headquarters: domain event to wire message. Unlisted events stay inside."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from services.lane_gateway.domain.events import AlarmRaised, PassageEnded, ReferralClosed
from services.lane_gateway.domain.selection import SelectionCommitted, SelectionRevealed
from services.lane_gateway.domain.sightings import NumberInTwoPlaces
from services.lane_gateway.domain.visit import InspectionRecorded, PersonResult, VisitMissed
from shared.clock import Clock
from shared.crypto.dossier import seal_dossier
from shared.crypto.jwk import PublicKeyForm
from shared.events import Event, Outgoing, Translate

GIVEN = "given"
MISSING_VEHICLE = "vehicle_missing"


def lane_translator(*, clock: Clock) -> Translate:
    """Return what the world may know of a lane's events."""

    def translate(event: Event) -> Sequence[Outgoing]:
        match event:
            case PassageEnded():
                return [_passage_recorded(event)]
            case ReferralClosed():
                return [_referral_closed(event)]
            case AlarmRaised():
                return [_alarm(event.alarm_id, event.code, event.lane, clock())]
            case _:
                return _of_all_lanes(event)

    return translate


def _of_all_lanes(event: Event) -> Sequence[Outgoing]:
    """Say what others need to hold this lane to its draws, and to find copies of cards."""
    match event:
        case NumberInTwoPlaces() if event.credential_id is not None:
            return [_in_two_places(event)]
        case SelectionCommitted():
            return [_selection_committed(event)]
        case SelectionRevealed():
            return [_selection_revealed(event)]
        case _:
            return []


def desk_translator(*, vetting_key: PublicKeyForm, new_id: Callable[[], UUID]) -> Translate:
    """Return what the world may know of the desk's events; notes are sealed to vetting."""

    def translate(event: Event) -> Sequence[Outgoing]:
        match event:
            case InspectionRecorded():
                return [_inspection_recorded(event, vetting_key)]
            case VisitMissed():
                return [_alarm(new_id(), MISSING_VEHICLE, event.lane, event.at)]
            case _:
                return []

    return translate


def _passage_recorded(event: PassageEnded) -> Outgoing:
    times = event.times
    return Outgoing(
        type="lane_gateway.passage_recorded.v1",
        subject=f"lane-{event.lane}",
        body={
            "passage_id": str(event.passage_id),
            "lane": event.lane,
            "end": event.end.value,
            "credential_ids": [str(each) for each in event.credential_ids],
            "verdict": event.verdict.value if event.verdict else None,
            "reasons": [reason.value for reason in event.reasons],
            "authorisation": event.authorisation_kind.value if event.authorisation_kind else None,
            "officer": event.officer,
            "counted": event.counted,
            "times": {
                "read": _text(times.read),
                "shown": _text(times.shown),
                "decided": _text(times.decided),
                "gate": _text(times.gate),
            },
            "list_number": event.list_number,
            "list_age_s": event.list_age.total_seconds() if event.list_age else None,
            "ended_at": _text(event.ended_at),
        },
    )


def _referral_closed(event: ReferralClosed) -> Outgoing:
    # The officer's words stay at the site: they may name anybody.
    return Outgoing(
        type="lane_gateway.referral_closed.v1",
        subject=f"lane-{event.lane}",
        body={
            "passage_id": str(event.passage_id),
            "lane": event.lane,
            "end": event.end.value,
            "officer": event.officer,
            "reason": GIVEN if event.reason.strip() else None,
        },
    )


def _in_two_places(event: NumberInTwoPlaces) -> Outgoing:
    return Outgoing(
        type="lane_gateway.number_in_two_places.v1",
        subject=f"lane-{event.lane}",
        body={
            "passage_id": str(event.passage_id),
            "lane": event.lane,
            "credential_id": str(event.credential_id),
            "other_lane": event.other_lane,
            "other_passage_id": str(event.other_passage_id),
            "other_at": _text(event.other_at),
        },
    )


def _selection_committed(event: SelectionCommitted) -> Outgoing:
    return Outgoing(
        type="lane_gateway.selection_committed.v1",
        subject=f"lane-{event.lane}",
        body={
            "lane": event.lane,
            "period": event.period,
            "ppm": event.ppm,
            "version": event.version,
            "commitment": event.commitment,
        },
    )


def _selection_revealed(event: SelectionRevealed) -> Outgoing:
    return Outgoing(
        type="lane_gateway.selection_revealed.v1",
        subject=f"lane-{event.lane}",
        body={
            "lane": event.lane,
            "period": event.period,
            "seed": event.seed,
            "draws": event.draws,
        },
    )


def _inspection_recorded(event: InspectionRecorded, vetting_key: PublicKeyForm) -> Outgoing:
    return Outgoing(
        type="lane_gateway.inspection_recorded.v1",
        subject=f"visit-{event.visit_id}",
        body={
            "passage_id": str(event.passage_id),
            "persons": [_person(result, vetting_key) for result in event.results],
            "officer": event.officer,
            "at": _text(event.at),
        },
    )


def _person(result: PersonResult, vetting_key: PublicKeyForm) -> dict[str, object]:
    note = {"note": result.note} if result.note.strip() else None
    return {
        "credential_id": str(result.credential_id),
        "result": result.result.value,
        "violation": result.violation.value if result.violation else None,
        "note": seal_dossier(vetting_key, note) if note else None,
    }


def _alarm(alarm_id: UUID, code: str, lane: str, at: datetime) -> Outgoing:
    return Outgoing(
        type="lane_gateway.alarm_raised.v1",
        subject=f"alarm-{alarm_id}",
        body={"alarm_id": str(alarm_id), "code": code, "lane": lane, "at": _text(at)},
    )


def _text(at: datetime | None) -> str | None:
    return at.isoformat().replace("+00:00", "Z") if at else None
