"""What a lane's bench has to show after a day's work."""

from services.lane_gateway.domain.events import (
    AlarmRaised,
    PassageEnded,
)
from services.lane_gateway.domain.lane_policy import LaneMode
from tests.unit.lane_gateway.agent_bench import LaneBench


def alarms(bench: LaneBench) -> list[str]:
    return [alarm.code for alarm in bench.record.of(AlarmRaised)]


def ends(bench: LaneBench) -> list[str]:
    return [str(ended.end) for ended in bench.record.of(PassageEnded)]


def automatic() -> LaneBench:
    bench = LaneBench(mode=LaneMode.AUTOMATIC, has_counter=True)
    bench.desk.set(signed_on=None)
    bench.run(1.5)
    assert bench.picture().mode == "automatic"
    return bench
