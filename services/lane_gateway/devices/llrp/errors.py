"""What goes wrong between bytes and messages."""

from shared.errors import Unreadable


class DecodeError(Unreadable):
    """The bytes are no LLRP frame; the only error that decoding raises, on any bytes."""

    code = "llrp_unreadable"


class EncodeError(ValueError):
    """A message of ours cannot be written down: a bug of the caller, not the world's fault."""
