"""Where a log reader resumes, and when it begins anew."""

from hypothesis import given
from hypothesis import strategies as st

from shared.messaging.log_position import FIRST, LogPosition, Step


def test_a_new_reader_begins_with_the_first_entry_and_drops_what_it_has_had() -> None:
    position = LogPosition(2)

    assert position.subscribe() == FIRST
    assert [position.arrived(number, number - 1) for number in (1, 2, 3)] == [
        Step.DROP,
        Step.DROP,
        Step.TAKE,
    ]


def test_it_resumes_behind_the_last_offset() -> None:
    position = LogPosition(0)
    position.subscribe()
    position.arrived(1, 10)
    position.arrived(2, 11)

    assert position.subscribe() == 12
    assert position.arrived(3, 12) is Step.TAKE


def test_a_repeat_is_dropped_and_moves_the_offset_on() -> None:
    position = LogPosition(0)
    position.subscribe()
    position.arrived(1, 0)

    assert position.arrived(1, 1) is Step.DROP
    assert position.subscribe() == 2


def test_a_gap_right_after_resuming_means_another_stream() -> None:
    position = LogPosition(0)
    position.subscribe()
    position.arrived(1, 7)
    position.subscribe()

    assert position.arrived(9, 8) is Step.ANEW
    assert position.arrived(2, 9) is Step.DROP  # still of the subscription that is left
    assert position.subscribe() == FIRST
    assert position.arrived(2, 0) is Step.TAKE


def test_a_gap_in_what_is_kept_is_handed_on() -> None:
    position = LogPosition(1)
    position.subscribe()

    assert position.arrived(9, 0) is Step.TAKE


def test_silence_after_resuming_means_an_offset_beyond_the_end() -> None:
    position = LogPosition(0)
    position.subscribe()
    position.arrived(1, 700)
    position.subscribe()

    assert position.silent() is Step.ANEW
    assert position.silent() is None  # once is enough
    assert position.subscribe() == FIRST


def test_silence_is_nothing_once_something_came_or_from_the_beginning() -> None:
    position = LogPosition(0)
    position.subscribe()
    assert position.silent() is None

    position.arrived(1, 0)
    position.subscribe()
    position.arrived(2, 1)
    assert position.silent() is None


@given(st.lists(st.integers(min_value=1, max_value=30)), st.integers(min_value=0, max_value=30))
def test_no_number_is_taken_twice_or_below_the_first(numbers: list[int], after: int) -> None:
    position = LogPosition(after)
    position.subscribe()

    taken = [
        number
        for offset, number in enumerate(numbers)
        if position.arrived(number, offset) is Step.TAKE
    ]

    assert taken == sorted(set(taken))
    assert all(number > after for number in taken)
