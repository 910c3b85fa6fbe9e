"""When a reader is tried again."""

import pytest

from services.lane_gateway.devices.llrp.retry import RetryPolicy
from services.lane_gateway.use_cases.ports import ReaderBusy, ReaderLost, ReaderRefused


def test_a_lost_reader_is_tried_again_within_a_second() -> None:
    policy = RetryPolicy()
    pauses = [policy.failed(ReaderLost()) for _ in range(200)]
    assert 0.5 <= min(pauses) < max(pauses) <= 1.0


@pytest.mark.fault(4)
@pytest.mark.parametrize("error", [ReaderBusy(), ReaderRefused()])
def test_a_busy_reader_is_asked_more_and_more_rarely(error: Exception) -> None:
    policy = RetryPolicy(lambda low, high: (low + high) / 2)
    assert [policy.failed(error) for _ in range(6)] == [1, 2, 4, 8, 10, 10]


@pytest.mark.fault(4)
def test_after_a_success_the_patience_is_as_at_first() -> None:
    policy = RetryPolicy(lambda low, high: (low + high) / 2)
    for _ in range(5):
        policy.failed(ReaderBusy())
    policy.succeeded()
    assert policy.failed(ReaderBusy()) == 1
