"""Sealed columns: readable with the owner's key and in their own place only, and erasable."""

from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.crypto.keyring import FolderKeyRing, KeyMissing
from shared.crypto.sealing import Erased, Place, Sealer, Tampered, rewrap
from tests.unit.shared.crypto.rings import WrappedInMemory, ring_with, rotate

OLGA = UUID("6f8a4a52-0000-4000-8000-000000000001")
PABLO = UUID("6f8a4a52-0000-4000-8000-000000000002")
NAME = Place("applicants", "name", "1")


@pytest.fixture
def ring(tmp_path: Path) -> FolderKeyRing:
    return ring_with(tmp_path, "kek")


@pytest.fixture
def keys() -> WrappedInMemory:
    return WrappedInMemory()


@pytest.fixture
def sealer(ring: FolderKeyRing, keys: WrappedInMemory) -> Sealer:
    return Sealer(ring, keys)


def changed(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def test_what_was_sealed_opens_in_another_transaction(
    ring: FolderKeyRing, keys: WrappedInMemory, sealer: Sealer
) -> None:
    sealed = sealer.seal(OLGA, "Olga Núñez".encode(), NAME)
    assert Sealer(ring, keys).open(OLGA, sealed, NAME) == "Olga Núñez".encode()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(plain=st.binary(max_size=200))
def test_every_value_comes_back(sealer: Sealer, plain: bytes) -> None:
    assert sealer.open(OLGA, sealer.seal(OLGA, plain, NAME), NAME) == plain


def test_equal_values_do_not_look_equal(sealer: Sealer) -> None:
    assert sealer.seal(OLGA, b"x", NAME) != sealer.seal(OLGA, b"x", NAME)


def test_the_plain_value_is_in_no_stored_byte(keys: WrappedInMemory, sealer: Sealer) -> None:
    sealed = sealer.seal(OLGA, b"A very long and readable name", NAME)
    assert b"readable" not in sealed
    assert b"readable" not in keys.rows[OLGA]


def test_a_change_of_any_byte_is_noticed(sealer: Sealer) -> None:
    sealed = sealer.seal(OLGA, b"Olga", NAME)
    for at in range(len(sealed)):
        with pytest.raises((Tampered, Erased)):
            sealer.open(OLGA, changed(sealed, at), NAME)


def test_a_change_behind_the_key_s_id_is_called_tampered(sealer: Sealer) -> None:
    sealed = sealer.seal(OLGA, b"Olga", NAME)
    for at in (0, *range(9, len(sealed))):
        with pytest.raises(Tampered):
            sealer.open(OLGA, changed(sealed, at), NAME)


def test_a_cut_value_is_called_tampered(sealer: Sealer) -> None:
    sealed = sealer.seal(OLGA, b"Olga", NAME)
    for length in (0, 1, 20, len(sealed) - 1):
        with pytest.raises(Tampered):
            sealer.open(OLGA, sealed[:length], NAME)


@pytest.mark.parametrize(
    "elsewhere",
    [
        Place("members", "name", "1"),
        Place("applicants", "address", "1"),
        Place("applicants", "name", "2"),
        Place("applicantsname", "", "1"),
        Place("applicants", "nam", "e1"),
    ],
)
def test_a_value_moved_to_another_place_does_not_open(sealer: Sealer, elsewhere: Place) -> None:
    sealed = sealer.seal(OLGA, b"Olga", NAME)
    with pytest.raises(Tampered):
        sealer.open(OLGA, sealed, elsewhere)


def test_a_value_does_not_open_for_another_owner(sealer: Sealer) -> None:
    sealed = sealer.seal(OLGA, b"Olga", NAME)
    sealer.seal(PABLO, b"Pablo", NAME)
    with pytest.raises(Erased):
        sealer.open(PABLO, sealed, NAME)


def test_a_wrapped_key_put_into_another_owner_s_row_is_noticed(
    ring: FolderKeyRing, keys: WrappedInMemory, sealer: Sealer
) -> None:
    sealed = sealer.seal(OLGA, b"Olga", NAME)
    keys.rows[PABLO] = keys.rows[OLGA]
    with pytest.raises(Tampered):
        Sealer(ring, keys).open(PABLO, sealed, NAME)


def test_a_change_of_any_byte_of_the_wrapped_key_is_noticed(
    ring: FolderKeyRing, keys: WrappedInMemory, sealer: Sealer
) -> None:
    sealed = sealer.seal(OLGA, b"Olga", NAME)
    whole = keys.rows[OLGA]
    for at in range(len(whole)):
        keys.rows[OLGA] = changed(whole, at)
        with pytest.raises((Tampered, KeyMissing)):
            Sealer(ring, keys).open(OLGA, sealed, NAME)
    keys.rows[OLGA] = whole[:-1]
    with pytest.raises(Tampered):
        Sealer(ring, keys).open(OLGA, sealed, NAME)


def test_an_erased_owner_s_values_are_gone(
    ring: FolderKeyRing, keys: WrappedInMemory, sealer: Sealer
) -> None:
    sealed = sealer.seal(OLGA, b"Olga", NAME)
    assert sealer.erase(OLGA)
    for other in (sealer, Sealer(ring, keys)):
        with pytest.raises(Erased):
            other.open(OLGA, sealed, NAME)
    assert not sealer.erase(OLGA)


def test_within_the_transaction_that_erases_no_new_key_is_made(
    keys: WrappedInMemory, sealer: Sealer
) -> None:
    sealer.erase(OLGA)
    with pytest.raises(Erased):
        sealer.seal(OLGA, b"Olga", NAME)
    with pytest.raises(Erased):
        sealer.digest(OLGA, b"Olga")
    assert not keys.rows


def test_what_is_sealed_after_an_erasure_does_not_bring_the_old_back(
    ring: FolderKeyRing, keys: WrappedInMemory, sealer: Sealer
) -> None:
    old = sealer.seal(OLGA, b"Olga", NAME)
    sealer.erase(OLGA)
    later = Sealer(ring, keys)
    later.seal(OLGA, b"Olga again", NAME)
    with pytest.raises(Erased):
        later.open(OLGA, old, NAME)


def test_erasing_one_owner_leaves_the_others(sealer: Sealer) -> None:
    sealed = sealer.seal(PABLO, b"Pablo", NAME)
    sealer.seal(OLGA, b"Olga", NAME)
    sealer.erase(OLGA)
    assert sealer.open(PABLO, sealed, NAME) == b"Pablo"


def test_digests_are_equal_for_one_owner_and_differ_between_two(
    ring: FolderKeyRing, keys: WrappedInMemory, sealer: Sealer
) -> None:
    first = sealer.digest(OLGA, b"address")
    assert len(first) == 64
    assert Sealer(ring, keys).digest(OLGA, b"address") == first
    assert sealer.digest(PABLO, b"address") != first
    assert sealer.digest(OLGA, b"Address") != first


def test_after_a_rotation_old_data_reads_before_and_after_it_is_rewrapped(
    ring: FolderKeyRing, keys: WrappedInMemory, sealer: Sealer
) -> None:
    sealed, digest = sealer.seal(OLGA, b"Olga", NAME), sealer.digest(OLGA, b"d")
    rotate(ring, "kek")
    assert Sealer(ring, keys).open(OLGA, sealed, NAME) == b"Olga"
    fresh = rewrap(ring, keys.rows[OLGA])
    assert fresh is not None
    assert rewrap(ring, fresh) is None
    keys.rows[OLGA] = fresh
    assert Sealer(ring, keys).open(OLGA, sealed, NAME) == b"Olga"
    assert Sealer(ring, keys).digest(OLGA, b"d") == digest


def test_once_rewrapped_the_retired_key_is_not_needed_any_more(
    tmp_path: Path, ring: FolderKeyRing, keys: WrappedInMemory, sealer: Sealer
) -> None:
    sealed = sealer.seal(OLGA, b"Olga", NAME)
    old = keys.rows[OLGA]
    keys.rows[OLGA] = rewrap(ring, old) or old
    rotate(ring, "kek")
    keys.rows[OLGA] = rewrap(ring, old) or old
    other = ring_with(tmp_path / "elsewhere", "kek")
    with pytest.raises(KeyMissing):
        Sealer(other, keys).open(OLGA, sealed, NAME)
    assert Sealer(ring, keys).open(OLGA, sealed, NAME) == b"Olga"


def test_a_sealer_shows_no_key(sealer: Sealer) -> None:
    sealer.seal(OLGA, b"Olga", NAME)
    assert "_opened" not in repr(sealer)
    assert "Olga" not in repr(sealer)


def test_each_owner_has_a_key_of_its_own(keys: WrappedInMemory, sealer: Sealer) -> None:
    owners = [uuid4() for _ in range(5)]
    for owner in owners:
        sealer.seal(owner, b"x", NAME)
    assert len(set(keys.rows.values())) == len(owners)
