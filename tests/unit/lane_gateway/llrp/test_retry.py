"""When a reader is tried again."""

import pytest

from services.lane_gateway.devices.llrp.retry import GHOST_TRIES, RetryPolicy
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


@pytest.mark.fault(2)
def test_a_try_into_the_dark_counts_towards_its_pause() -> None:
    policy = RetryPolicy(lambda _low, high: high)
    assert policy.failed(ReaderLost(), spent=0.3) == pytest.approx(0.7)
    assert policy.failed(ReaderLost(), spent=1.0) == 0.1


@pytest.mark.fault(2)
@pytest.mark.fault(4)
def test_a_reader_that_serves_our_own_dead_session_is_asked_again_soon_and_not_for_ever() -> None:
    policy = RetryPolicy(lambda low, high: (low + high) / 2)
    policy.succeeded()
    policy.failed(ReaderLost())
    pauses = [policy.failed(ReaderBusy()) for _ in range(GHOST_TRIES)]
    assert set(pauses) == {0.75}
    assert [policy.failed(ReaderBusy()) for _ in range(5)] == [1, 2, 4, 8, 10]


@pytest.mark.fault(4)
def test_a_session_of_ours_makes_no_refusal_quicker() -> None:
    policy = RetryPolicy(lambda low, high: (low + high) / 2)
    for _ in range(5):
        policy.failed(ReaderRefused())
    policy.succeeded()
    assert [policy.failed(ReaderRefused()) for _ in range(3)] == [1, 2, 4]
