"""Entries of a lane's record, as an agent would write them."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from services.lane_gateway.domain.admission import CardResult, Decision, Reason, Verdict
from services.lane_gateway.domain.authorisation import Authorisation, AuthorisationKind
from services.lane_gateway.domain.events import (
    AlarmRaised,
    CardSeen,
    Entry,
    PassageAuthorised,
    PassageDecided,
    PassageEnd,
    PassageEnded,
    PassageOpened,
    PassageTimes,
    PlateSeen,
)
from services.lane_gateway.domain.lane_policy import LaneMode
from services.lane_gateway.persistence.lane_record import LaneRecordFile
from shared.clock import utc_now
from shared.events import Event

EPC = bytes.fromhex("c0ffee") * 4
PLATE = "CANARY7"
WORDS = "Canary Cantilever showed a passport"


def write(record: LaneRecordFile, *events: Event, at: datetime | None = None) -> None:
    record.append([Entry(event=event, at=at or utc_now(), monotonic=1.0) for event in events])


def a_decision(verdict: Verdict, reasons: tuple[Reason, ...], credential: UUID) -> Decision:
    card = CardResult(epc=EPC, credential_id=credential, reasons=reasons)
    return Decision(
        verdict=verdict,
        reasons=reasons,
        cards=(card,),
        cards_counted=1,
        list_number=4711,
        list_age=timedelta(seconds=20),
        at=utc_now(),
    )


def begin_passage(record: LaneRecordFile, passage_id: UUID, credential: UUID) -> None:
    write(
        record,
        PassageOpened(passage_id=passage_id, lane="l1", mode=LaneMode.ATTENDED),
        CardSeen(
            lane="l1",
            passage_id=passage_id,
            epc=EPC,
            tid_read=True,
            antenna=1,
            rssi=-50.0,
            replay=False,
        ),
        PlateSeen(
            lane="l1",
            passage_id=passage_id,
            plate=PLATE,
            region="US-CA",
            confidence=0.97,
            by_officer=False,
        ),
        PassageDecided(
            passage_id=passage_id,
            lane="l1",
            decision=a_decision(Verdict.REFER, (Reason.HELD,), credential),
        ),
    )


def end_passage(
    record: LaneRecordFile, passage_id: UUID, credential: UUID | None = None, **changes: Any
) -> None:
    now = changes.pop("at", None) or utc_now()
    verdict = changes.get("verdict", Verdict.REFER)
    values: dict[str, Any] = {
        "passage_id": passage_id,
        "lane": "l1",
        "end": PassageEnd.PASSED,
        "why": "",
        "credential_ids": (credential,) if credential else (),
        "verdict": verdict,
        "reasons": () if verdict is Verdict.CLEAR else (Reason.HELD,),
        "authorisation_kind": AuthorisationKind.AFTER_CHECKS,
        "officer": "boris",
        "counted": 1,
        "times": PassageTimes(
            read=now,
            shown=now + timedelta(seconds=0.05),
            decided=now + timedelta(seconds=0.02),
            gate=now + timedelta(seconds=8),
        ),
        "list_number": 4711,
        "list_age": timedelta(seconds=20),
        "ended_at": now,
    }
    authorised = PassageAuthorised(
        passage_id=passage_id,
        lane=values["lane"],
        authorisation=Authorisation(
            id=uuid4(),
            lane="l1",
            passage_id=passage_id,
            kind=AuthorisationKind.AFTER_CHECKS,
            verdict=Verdict.REFER,
            officer="boris",
            counted=1,
            cards_counted=1,
            reason=WORDS,
            granted=1.0,
            open_by=2.0,
        ),
    )
    write(record, authorised, PassageEnded(**values | changes), at=now)


def raise_alarm(
    record: LaneRecordFile,
    alarm_id: UUID,
    code: str,
    *,
    at: datetime | None = None,
) -> None:
    write(record, AlarmRaised(alarm_id=alarm_id, lane="l1", code=code, passage_id=None), at=at)
