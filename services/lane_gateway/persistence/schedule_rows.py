"""A switch of a lane's schedule as a row."""

from collections.abc import Mapping
from datetime import time
from typing import Any

from services.lane_gateway.domain.lane_policy import LaneMode, LaneType
from services.lane_gateway.domain.schedule import Switch


def switch_values(switch: Switch) -> dict[str, object]:
    """Return the columns of a switch."""
    return {
        "id": switch.id,
        "lane": switch.lane,
        "weekdays": "".join(str(day) for day in sorted(switch.weekdays)),
        "at": switch.at.strftime("%H:%M"),
        "mode": switch.mode.value,
        "lane_type": switch.lane_type.value,
        "made_at": switch.made_at,
    }


def switch_of(row: Mapping[str, Any]) -> Switch:
    """Return the switch of a row."""
    return Switch(
        id=row["id"],
        lane=row["lane"],
        weekdays=frozenset(int(day) for day in row["weekdays"]),
        at=time.fromisoformat(row["at"]),
        mode=LaneMode(row["mode"]),
        lane_type=LaneType(row["lane_type"]),
        made_at=row["made_at"],
    )
