"""Blind indexes find equal values within a column, and tell nothing beyond it."""

from pathlib import Path

from shared.crypto.blind_index import blind_index, blind_indexes, plain_form
from tests.unit.shared.crypto.rings import ring_with, rotate


def test_equal_values_are_found_whatever_their_case_blanks_and_composition(tmp_path: Path) -> None:
    ring = ring_with(tmp_path, "blind-index")
    wanted = blind_index(ring, "people.surname", "núñez  garcía")
    assert len(wanted) == 16
    for written in ("NÚÑEZ GARCÍA", " Nu\u0301n\u0303ez Garci\u0301a ", "Núñez\tGarcía"):
        assert blind_index(ring, "people.surname", written) == wanted


def test_other_values_columns_and_keys_give_other_indexes(tmp_path: Path) -> None:
    ring = ring_with(tmp_path, "blind-index")
    mine = blind_index(ring, "people.surname", "Ruiz")
    assert blind_index(ring, "people.surname", "Ruis") != mine
    assert blind_index(ring, "people.given", "Ruiz") != mine
    other = ring_with(tmp_path / "other", "blind-index")
    assert blind_index(other, "people.surname", "Ruiz") != mine


def test_the_caller_chooses_the_form(tmp_path: Path) -> None:
    ring = ring_with(tmp_path, "blind-index")

    def digits(value: str) -> str:
        return "".join(sign for sign in value if sign.isdigit())

    a = blind_index(ring, "people.phone", "+1 619 555-0100", normalise=digits)
    assert a == blind_index(ring, "people.phone", "16195550100", normalise=digits)


def test_rows_of_before_a_rotation_are_still_found(tmp_path: Path) -> None:
    ring = ring_with(tmp_path, "blind-index")
    old = blind_index(ring, "people.surname", "Ruiz")
    rotate(ring, "blind-index")
    new = blind_index(ring, "people.surname", "Ruiz")
    assert new != old
    assert set(blind_indexes(ring, "people.surname", "Ruiz")) == {old, new}


def test_the_plain_form_folds_what_looks_the_same() -> None:
    assert plain_form("Straße") == plain_form("STRASSE")
    assert plain_form("\uff21\uff22") == "ab"
