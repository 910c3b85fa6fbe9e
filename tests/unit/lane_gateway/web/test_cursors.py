import base64
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.lane_gateway.web.cursors import read_cursor, write_cursor
from shared.errors import InvalidInput


def test_a_place_comes_back_as_it_was_written() -> None:
    places = {"l1": 12, "l2": 0}
    assert read_cursor(write_cursor(places)) == places


@pytest.mark.parametrize("text", [None, ""])
def test_no_place_is_the_beginning(text: str | None) -> None:
    assert read_cursor(text) == {}


@pytest.mark.parametrize(
    "said", [b"[]", b'{"l1": "1"}', b'{"L 1": 1}', b'{"l1": -1}', b'{"l1": true}', b"{", b"1"]
)
def test_a_place_that_was_made_up_is_refused(said: bytes) -> None:
    with pytest.raises(InvalidInput):
        read_cursor(base64.urlsafe_b64encode(said).decode())


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_by_the_name_of_its_field(text: str) -> None:
    with suppress(InvalidInput):
        assert all(isinstance(number, int) for number in read_cursor(text).values())
