"""Cuts the byte stream of a connection into frames, however the network chops it."""

from collections.abc import Iterator

from services.lane_gateway.devices.llrp.errors import DecodeError
from services.lane_gateway.devices.llrp.messages import HEADER, HEADER_BYTES

MAX_FRAME = 1 << 20
"""The longest frame believed, in bytes. Real reports reach half of it; a length beyond it is no
reader but another protocol, or a stream that has lost its place."""
COMPACT = 1 << 16
"""Used bytes are thrown away in pieces of this size, since each time moves what is left."""


class Framer:
    """Bytes in, whole frames out, holding at most one frame and what was fed last.

    After a ``DecodeError`` the stream has lost its place, and the connection must be given up.
    """

    def __init__(self, max_frame: int = MAX_FRAME) -> None:
        self._max = max_frame
        self._buffer = bytearray()
        self._at = 0

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the stream."""
        self._buffer += data

    def pop(self) -> bytes | None:
        """Return the next whole frame, or ``None`` until more bytes have come.

        Raise ``DecodeError`` on a length that no frame can have, before the frame is complete.
        """
        left = len(self._buffer) - self._at
        if left < HEADER_BYTES:
            self._compact()
            return None
        _, length, _ = HEADER.unpack_from(self._buffer, self._at)
        if not HEADER_BYTES <= length <= self._max:
            raise DecodeError(f"A frame calls itself {length} bytes long")
        if left < length:
            self._compact()
            return None
        frame = bytes(memoryview(self._buffer)[self._at : self._at + length])
        self._at += length
        if self._at >= COMPACT:
            self._compact()
        return frame

    def __iter__(self) -> Iterator[bytes]:
        while (frame := self.pop()) is not None:
            yield frame

    @property
    def has_frame(self) -> bool:
        """Whether ``pop`` has something to say without another byte."""
        left = len(self._buffer) - self._at
        if left < HEADER_BYTES:
            return False
        _, length, _ = HEADER.unpack_from(self._buffer, self._at)
        return not HEADER_BYTES <= length <= self._max or left >= length

    @property
    def held(self) -> int:
        """How many bytes of unfinished or unread frames are held."""
        return len(self._buffer) - self._at

    def _compact(self) -> None:
        if self._at:
            del self._buffer[: self._at]
            self._at = 0
