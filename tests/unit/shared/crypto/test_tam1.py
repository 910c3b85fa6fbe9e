"""A chip proves that it holds its key, for one challenge."""

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR
from hypothesis import given
from hypothesis import strategies as st

from shared.crypto.chip_keys import chip_key
from shared.crypto.tam1 import tam1_answer, tam1_challenge, tam1_message, tam1_proves
from shared.errors import InvalidInput

KEY = chip_key(bytes(32), b"tid of this")
OTHER = chip_key(bytes(32), b"tid of that")
CHALLENGE = bytes(range(10))
ANSWER = tam1_answer(KEY, CHALLENGE, b"rand")


def test_the_message_is_method_key_and_challenge() -> None:
    assert tam1_message(CHALLENGE, key_number=1).hex() == "0001" + CHALLENGE.hex()
    assert tam1_challenge(tam1_message(CHALLENGE)) == CHALLENGE


def test_the_answer_is_one_block_under_the_key() -> None:
    """A counter that stands at the block and encrypts zeros gives the same."""
    block = bytes.fromhex("96c5") + b"rand" + CHALLENGE
    assert Cipher(AES(KEY), CTR(block)).encryptor().update(bytes(16)) == ANSWER


@pytest.mark.statement(40)
@given(challenge=st.binary(min_size=10, max_size=10), randomness=st.binary(min_size=4, max_size=4))
def test_the_own_answer_proves_and_one_of_another_key_or_challenge_does_not(
    challenge: bytes, randomness: bytes
) -> None:
    answer = tam1_answer(KEY, challenge, randomness)
    assert tam1_proves(KEY, challenge, answer)
    assert not tam1_proves(OTHER, challenge, answer)
    assert tam1_proves(KEY, CHALLENGE, answer) == (challenge == CHALLENGE)


@pytest.mark.statement(40)
@pytest.mark.parametrize("bit", range(128))
def test_no_bit_of_an_answer_may_be_flipped(bit: int) -> None:
    flipped = (int.from_bytes(ANSWER) ^ 1 << bit).to_bytes(16)
    assert not tam1_proves(KEY, CHALLENGE, flipped)


@pytest.mark.parametrize("answer", [b"", ANSWER[:-1], ANSWER + b"\0"])
def test_an_answer_of_another_length_proves_nothing(answer: bytes) -> None:
    assert not tam1_proves(KEY, CHALLENGE, answer)


@pytest.mark.parametrize("size", [0, 9, 11])
def test_a_challenge_has_80_bits(size: int) -> None:
    with pytest.raises(InvalidInput):
        tam1_message(bytes(size))


@pytest.mark.parametrize("message", [b"", b"\x40\0" + CHALLENGE, tam1_message(CHALLENGE)[:-1]])
def test_what_is_no_challenge_is_not_taken_for_one(message: bytes) -> None:
    assert tam1_challenge(message) is None
