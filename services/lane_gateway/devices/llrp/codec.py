"""LLRP 1.0.1 between bytes and messages, without any I/O; of 1.1 the agreement on a version.

Of 2.0 there are the experimental parameters to authenticate a chip (``wire/authenticate.txt``).

``decode`` and ``encode`` are contract. How messages are made and read is in ``values``.
"""

from services.lane_gateway.devices.llrp.errors import DecodeError, EncodeError
from services.lane_gateway.devices.llrp.messages import decode, encode
from services.lane_gateway.devices.llrp.values import Bits, Message, Parameter, message, parameter

__all__ = [
    "Bits",
    "DecodeError",
    "EncodeError",
    "Message",
    "Parameter",
    "decode",
    "encode",
    "message",
    "parameter",
]
