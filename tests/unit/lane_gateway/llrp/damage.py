"""Damages frames as lines and faulty readers do, and worse."""

from random import Random


def damaged(frame: bytes, draw: Random, *, honest: float = 0.9) -> bytes:
    """Flip, overwrite, remove and add bytes; the part ``honest`` then has the right length."""
    torn = bytearray(frame)
    for _ in range(draw.randint(1, 4)):
        at = draw.randrange(len(torn))
        match draw.randrange(4):
            case 0:
                torn[at] ^= 1 << draw.randrange(8)
            case 1:
                torn[at] = draw.choice((0, 1, 0x7F, 0x80, 0xFF))
            case 2:
                del torn[at : at + draw.randint(1, 4)]
            case _:
                torn[at:at] = draw.randbytes(draw.randint(1, 4))
        torn = torn or bytearray(b"\0")
    if draw.random() < honest and len(torn) >= 6:
        torn[2:6] = len(torn).to_bytes(4)
    return bytes(torn)
