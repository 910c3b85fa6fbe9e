"""Pauses between attempts."""

from shared.messaging.backoff import FIRST_SECONDS, Backoff


def test_pauses_double_up_to_the_longest_with_jitter_below() -> None:
    backoff = Backoff(longest=0.4)
    pauses = [backoff.next() for _ in range(6)]

    for pause, most in zip(pauses, (0.05, 0.1, 0.2, 0.4, 0.4, 0.4), strict=True):
        assert most / 2 <= pause <= most


def test_two_processes_do_not_come_back_together() -> None:
    first, second = Backoff(), Backoff()

    assert [first.next() for _ in range(4)] != [second.next() for _ in range(4)]


def test_after_success_the_pause_is_short_again() -> None:
    backoff = Backoff()
    for _ in range(5):
        backoff.next()

    backoff.reset()

    assert backoff.next() <= FIRST_SECONDS
