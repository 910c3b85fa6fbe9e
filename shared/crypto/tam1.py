"""Experimental: a chip proves that it holds its key, after TAM1 of ISO/IEC 29167-10.

The layout comes from second-hand sources and the constant from no source that could be checked, so
no conformance is claimed before the standard's own text has been read. What is proved is that the
chip holds the key: not who holds the card, and not where it is.

The message is 12 bytes: method 00, custom data 0 and five reserved bits, then the key's number and
the 80-bit challenge. The answer is one AES-128 block: constant, 32 bits of the chip's own
randomness, challenge, encrypted under the chip's key.
"""

import hmac

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from shared.errors import InvalidInput

CHALLENGE_BYTES = 10
RANDOM_BYTES = 4
ANSWER_BYTES = 16
MESSAGE_BYTES = 12
CONSTANT = bytes.fromhex("96c5")
"""``C_TAM1``; from memory, see the module's first lines."""
_ONE_BLOCK = CBC(bytes(ANSWER_BYTES))
"""CBC of one block from zero is the block cipher alone."""


def tam1_message(challenge: bytes, *, key_number: int = 0) -> bytes:
    """Return what is sent to the chip; or ``InvalidInput`` for a challenge that is not 80 bits."""
    if len(challenge) != CHALLENGE_BYTES:
        raise InvalidInput({"challenge": ["A challenge has 10 bytes"]})
    return bytes([0, key_number]) + challenge


def tam1_challenge(message: bytes) -> bytes | None:
    """Return the challenge that a chip was sent; ``None`` for what is no TAM1 message."""
    if len(message) != MESSAGE_BYTES or message[0] != 0:
        return None
    return message[2:]


def tam1_answer(key: bytes, challenge: bytes, randomness: bytes) -> bytes:
    """Return what a chip with ``key`` answers; ``randomness`` is 4 bytes of its own."""
    encryptor = Cipher(AES(key), _ONE_BLOCK).encryptor()
    return encryptor.update(CONSTANT + randomness + challenge) + encryptor.finalize()


def tam1_proves(key: bytes, challenge: bytes, answer: bytes) -> bool:
    """Tell whether ``answer`` was made with ``key`` for exactly this challenge."""
    if len(answer) != ANSWER_BYTES:
        return False
    decryptor = Cipher(AES(key), _ONE_BLOCK).decryptor()
    plain = decryptor.update(answer) + decryptor.finalize()
    found = plain[: len(CONSTANT)] + plain[len(CONSTANT) + RANDOM_BYTES :]
    return hmac.compare_digest(found, CONSTANT + challenge)
