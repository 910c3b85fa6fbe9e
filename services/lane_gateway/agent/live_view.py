"""Draws the picture of the lane that the booth's page shows."""

import math
from datetime import datetime
from uuid import UUID

from services.lane_gateway.agent.gate_control import GateControl
from services.lane_gateway.agent.tracker import Tracker
from services.lane_gateway.domain.admission import CardResult
from services.lane_gateway.domain.gate_model import Override
from services.lane_gateway.domain.lane_policy import LaneHealth, LaneMode, LanePolicy
from services.lane_gateway.domain.list_age import ListState, standing
from services.lane_gateway.domain.live import (
    LiveCard,
    LiveList,
    LiveOverride,
    LivePassage,
    LiveState,
)
from services.lane_gateway.domain.passage import Passage

LONGEST_SHOWN = 3600.0  # seconds; the key switch holds for ever


def draw(
    *,
    run: UUID,
    gate: GateControl,
    tracker: Tracker,
    known: ListState,
    policy: LanePolicy,
    wanted_mode: LaneMode,
    camera_live: bool,
    last_command: int,
    refused: str | None,
    now: datetime,
) -> LiveState:
    """Return the picture at ``now``."""
    state = gate.state
    return LiveState(
        lane=state.lane,
        run=run,
        scans=gate.scans,
        at=now,
        word=_word(gate, tracker),
        mode=state.mode,
        wanted_mode=wanted_mode,
        health=state.health(),
        gate=state.status,
        faults=tuple(sorted(state.faults)),
        lamp=state.outputs.lamp,
        sign=state.outputs.sign,
        signed_on=state.signed_on,
        reader_live=state.reader_live,
        camera_live=camera_live,
        inputs_live=state.inputs is not None,
        record_ok=state.record_ok,
        counter=state.inputs.occupants if state.inputs else None,
        card_list=LiveList(
            number=known.number,
            age_s=known.age.total_seconds() if known.age is not None else None,
            standing=standing(known.age, policy.age_limits),
        ),
        front=_passage(tracker.front),
        passing=_passage(tracker.passing),
        approaching=tuple(one for one in [_passage(tracker.coming)] if one),
        last_command=last_command,
        last_command_refused=refused,
        override=_override(state.override, gate.monotonic()),
    )


def _word(gate: GateControl, tracker: Tracker) -> str:
    """Return the booth word: what is wrong with the lane stands above any vehicle's verdict."""
    out = gate.state.health() is LaneHealth.OUT_OF_SERVICE
    if out or gate.state.mode is LaneMode.CLOSED:
        return "stop"
    main = tracker.front or tracker.coming or tracker.passing
    return main.decision.verdict if main is not None and main.decision else "waiting"


def _override(override: Override | None, at: float) -> LiveOverride | None:
    if override is None:
        return None
    left = min(max(0.0, override.expires - at), LONGEST_SHOWN)
    return LiveOverride(officer=override.officer, left_s=math.ceil(left))


def _passage(passage: Passage | None) -> LivePassage | None:
    if passage is None:
        return None
    decision, vehicle = passage.decision, passage.vehicle
    return LivePassage(
        passage_id=passage.id,
        state=passage.state,
        verdict=decision.verdict if decision else None,
        reasons=tuple(decision.reasons) if decision else (),
        cards=tuple(_card(result, passage) for result in decision.cards) if decision else (),
        cards_counted=decision.cards_counted if decision else 0,
        counted=passage.counted,
        plate=vehicle.plate if vehicle else None,
        region=vehicle.region if vehicle else None,
        plate_confidence=vehicle.confidence if vehicle else None,
        plate_by_officer=bool(vehicle and vehicle.by_officer),
        authorisation=passage.authorisation.kind if passage.authorisation else None,
        decided_at=passage.decided_at,
        vehicle_proved=decision is not None and decision.vehicle_proved,
    )


def _card(result: CardResult, passage: Passage) -> LiveCard:
    known = passage.cards.get(result.epc)
    return LiveCard(
        credential_id=result.credential_id,
        epc=result.epc.hex(),
        reasons=tuple(result.reasons),
        in_grace=result.in_grace,
        age_band=result.age_band,
        by_officer=bool(known and known.by_officer),
    )
