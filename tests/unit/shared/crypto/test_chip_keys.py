"""One key a chip, and nothing of it in any other."""

import pytest
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC
from hypothesis import given
from hypothesis import strategies as st

from shared.crypto.chip_keys import CHIP_KEY_BYTES, LABEL, an10922_key, chip_key
from shared.errors import InvalidInput

MASTER = bytes.fromhex("00112233445566778899aabbccddeeff")
PUBLISHED = bytes.fromhex("04782e21801d80" + "3042f5" + "4e585020416275")
TID = bytes(range(12))
FIRST_SUBKEY = bytes.fromhex("fbc9f75c9413c041dfee452d3f0706d1")
SECOND_SUBKEY = bytes.fromhex("f793eeb928278083bfdc8a5a7e0e0d25")
"""Of ``MASTER``, as AN10922 prints them."""


def cmac(key: bytes, data: bytes) -> bytes:
    mac = CMAC(AES(key))
    mac.update(data)
    return mac.finalize()


def exclusive(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def test_the_mac_under_it_gives_the_published_value() -> None:
    """RFC 4493, section 4, example 2."""
    key = bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c")
    message = bytes.fromhex("6bc1bee22e409f96e93d7e117393172a")
    assert cmac(key, message).hex() == "070a16b46b4d4144f79bdd9dd04a287c"


@pytest.mark.statement(38)
@pytest.mark.parametrize("master", [MASTER, bytes(range(32))])
def test_a_chips_key_is_made_as_sp_800_108_says(master: bytes) -> None:
    counter, bits = (1).to_bytes(4), (8 * CHIP_KEY_BYTES).to_bytes(4)
    assert chip_key(master, TID) == cmac(master, counter + LABEL + b"\0" + TID + bits)


@pytest.mark.statement(38)
@given(one=st.binary(min_size=1, max_size=32), other=st.binary(min_size=1, max_size=32))
def test_no_two_chips_and_no_two_masters_share_a_key(one: bytes, other: bytes) -> None:
    assert (chip_key(MASTER, one) == chip_key(MASTER, other)) == (one == other)
    assert chip_key(MASTER, one) != chip_key(bytes(16), one)


@pytest.mark.statement(38)
def test_a_chip_without_a_number_gets_no_key() -> None:
    with pytest.raises(InvalidInput):
        chip_key(MASTER, b"")


@pytest.mark.statement(38)
@pytest.mark.statement(39)
def test_an10922_gives_the_published_key() -> None:
    assert an10922_key(MASTER, PUBLISHED).hex() == "a8dd63a3b89d54b37ca802473fda9175"


@pytest.mark.statement(39)
def test_a_chips_number_of_12_bytes_is_no_plain_mac() -> None:
    """RFC 4493 pads 13 bytes to one block and AN10922 to two: another key.

    No outside vector for a short input was found. So the key is worked out a second way: a MAC over
    two whole blocks, the last of which changes the one subkey for the other.
    """
    padded = (b"\x01" + TID + b"\x80").ljust(32, b"\0")
    swapped = padded[:16] + exclusive(padded[16:], exclusive(FIRST_SUBKEY, SECOND_SUBKEY))
    assert an10922_key(MASTER, TID) == cmac(MASTER, swapped)
    assert an10922_key(MASTER, TID) != cmac(MASTER, b"\x01" + TID)


@pytest.mark.statement(39)
@pytest.mark.parametrize("size", range(16, 32))
def test_an10922_is_a_mac_from_two_blocks_on(size: int) -> None:
    """From 17 bytes with the constant on, padding to two blocks is what RFC 4493 does too."""
    data = bytes(range(size))
    assert an10922_key(MASTER, data) == cmac(MASTER, b"\x01" + data)


@pytest.mark.parametrize("data", [b"", bytes(32)])
def test_an10922_refuses_what_does_not_fit(data: bytes) -> None:
    with pytest.raises(InvalidInput):
        an10922_key(MASTER, data)


def test_an10922_takes_a_key_of_16_bytes() -> None:
    with pytest.raises(InvalidInput):
        an10922_key(bytes(32), TID)
