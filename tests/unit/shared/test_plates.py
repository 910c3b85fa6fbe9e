"""Plates have one written form, and a mark that only who read the card can test."""

import hashlib
import hmac

import pytest

from shared.plates import normalise_plate, plate_mark

TID = bytes.fromhex("e2806894200050001234abcd")


@pytest.mark.parametrize(
    "written", ["8abc123", "8ABC 123", " 8-ABC-123 ", "8abc·123", "\uff18ABC123"]
)
def test_a_plate_has_one_form(written: str) -> None:
    assert normalise_plate(written) == "8ABC123"


def test_the_mark_is_the_same_for_every_way_of_writing_it() -> None:
    mark = plate_mark(TID, "CA", "8ABC123")
    assert len(mark) == 16
    assert plate_mark(TID, "ca", "8abc-123") == mark


def test_the_mark_is_hmac_over_region_and_plate_with_the_tid_as_key() -> None:
    expected = hmac.new(TID, b"CA8ABC123", hashlib.sha256).digest()[:16]
    assert plate_mark(TID, "CA", "8ABC123") == expected


def test_another_card_region_or_plate_gives_another_mark() -> None:
    mark = plate_mark(TID, "CA", "8ABC123")
    assert plate_mark(TID[:-1] + b"\x00", "CA", "8ABC123") != mark
    assert plate_mark(TID, "BCN", "8ABC123") != mark
    assert plate_mark(TID, "CA", "8ABC128") != mark
