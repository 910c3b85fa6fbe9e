"""Benches with the arm where a test wants it."""

from services.lane_gateway.domain.gate_model import GateStatus
from tests.unit.lane_gateway.gate_bench import (
    Bench,
    a_bench,
)


def an_open_bench() -> Bench:
    bench = a_bench()
    bench.grant()
    bench.run(1.5)
    assert bench.status() is GateStatus.UP
    return bench


def a_lowering_bench() -> Bench:
    bench = an_open_bench()
    bench.drive_through()
    bench.run(0.5)
    assert bench.status() is GateStatus.LOWERING
    return bench
