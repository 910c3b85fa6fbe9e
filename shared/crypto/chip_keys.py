"""Keys of single chips, made from one master key that headquarters alone holds.

``chip_key`` is what cards get: NIST SP 800-108 in counter mode with CMAC (AES), so that a chip's
key tells nothing of another's and nothing of the master. ``an10922_key`` is NXP's AN10922 for
AES-128, for chips that come with keys made that way. It is not "just CMAC": what is diversified is
always padded to 32 bytes, so a short input gives another key than RFC 4493 would.
"""

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.kdf.kbkdf import KBKDFCMAC, CounterLocation, Mode

from shared.errors import InvalidInput

CHIP_KEY_BYTES = 16
"""Chips compute AES-128."""
LABEL = b"trustlane chip key v1"
BLOCK_BYTES = 16
AN10922_INPUT_BYTES = 31
"""The longest input: with the constant before it, it fills two blocks."""
_COUNTER_BYTES = 4
_ZERO_BLOCK = bytes(BLOCK_BYTES)
_AES_128_CONSTANT = b"\x01"
_POLYNOMIAL = 0x87
_TOP_BIT = 1 << 127
_ALL_BITS = (1 << 128) - 1


def chip_key(master: bytes, tid: bytes) -> bytes:
    """Return the 16-byte key of the chip whose own number is ``tid``.

    Counter and length have 32 bits each, the counter stands before label, zero byte and ``tid``.
    Raise ``InvalidInput`` for a chip without a number: all such chips would share one key.
    """
    if not tid:
        raise InvalidInput({"tid": ["A chip without a number has no key"]})
    derivation = KBKDFCMAC(
        algorithm=AES,
        mode=Mode.CounterMode,
        length=CHIP_KEY_BYTES,
        rlen=_COUNTER_BYTES,
        llen=_COUNTER_BYTES,
        location=CounterLocation.BeforeFixed,
        label=LABEL,
        context=tid,
        fixed=None,
    )
    return derivation.derive(master)


def an10922_key(master: bytes, diversifier: bytes) -> bytes:
    """Return the AES-128 key that AN10922 (rev. 2.2) makes of 1 to 31 bytes; or ``InvalidInput``.

    The constant 01 and the input are padded with 80 00 ... to 32 bytes; the last block is masked
    with CMAC's second subkey where there was padding, else with the first; the key is the last
    block of their CBC encryption.
    """
    if len(master) != BLOCK_BYTES or not 1 <= len(diversifier) <= AN10922_INPUT_BYTES:
        raise InvalidInput({"diversifier": ["AN10922 takes 1 to 31 bytes and a key of 16"]})
    first, second = _subkeys(master)
    whole = _AES_128_CONSTANT + diversifier
    mask = first if len(whole) == 2 * BLOCK_BYTES else second
    padded = (whole + b"\x80").ljust(2 * BLOCK_BYTES, b"\0")[: 2 * BLOCK_BYTES]
    return _cbc(master, padded[:BLOCK_BYTES] + _xor(padded[BLOCK_BYTES:], mask))[BLOCK_BYTES:]


def _subkeys(key: bytes) -> tuple[bytes, bytes]:
    """Return CMAC's two subkeys (RFC 4493, section 2.3)."""
    first = _doubled(_cbc(key, _ZERO_BLOCK))
    return first, _doubled(first)


def _doubled(block: bytes) -> bytes:
    number = int.from_bytes(block)
    doubled = number << 1 & _ALL_BITS
    return (doubled ^ _POLYNOMIAL if number & _TOP_BIT else doubled).to_bytes(BLOCK_BYTES)


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def _cbc(key: bytes, blocks: bytes) -> bytes:
    encryptor = Cipher(AES(key), CBC(_ZERO_BLOCK)).encryptor()
    return encryptor.update(blocks) + encryptor.finalize()
