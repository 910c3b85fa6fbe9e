"""One decision, asked for in a line."""

from datetime import datetime

from services.lane_gateway.domain.admission import (
    CardEvidence,
    Decision,
    VehicleEvidence,
    decide,
)
from services.lane_gateway.domain.lane_policy import (
    LanePolicy,
)
from services.lane_gateway.domain.list_age import ListState
from tests.unit.lane_gateway.builders import (
    NOW,
    a_lane,
    a_list,
    a_vehicle,
)

ALL_FIT: VehicleEvidence = a_vehicle()


def verdict_on(
    *cards: CardEvidence,
    vehicle: VehicleEvidence | None = ALL_FIT,
    lane: LanePolicy | None = None,
    known: ListState | None = None,
    now: datetime = NOW,
) -> Decision:
    return decide(cards, vehicle, lane=lane or a_lane(), known=known or a_list(), now=now)
