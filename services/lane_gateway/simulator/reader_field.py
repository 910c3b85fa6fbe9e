"""The tags that a simulated reader has before its antennas, with their memory."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from services.lane_gateway.simulator.reader_chip import SimulatedChip

RESERVED_BANK, EPC_BANK, TID_BANK, USER_BANK = range(4)
WORD_BYTES = 2
WORD_BITS = 16


@dataclass(frozen=True, kw_only=True)
class Tag:
    """One tag: its number, its memory, and how an antenna sees it.

    ``epc_bits`` is for numbers that do not fill their last byte. A chip with ``silent_tid`` gives
    its EPC but does not answer when its own number is read; one with a ``chip`` can be challenged.
    """

    epc: bytes = field(repr=False)
    tid: bytes = field(default=b"", repr=False)
    user: bytes = field(default=b"", repr=False)
    antenna: int = 1
    rssi: float = -50.0
    epc_bits: int | None = None
    silent_tid: bool = False
    access_password: int = field(default=0, repr=False)
    kill_password: int = field(default=0, repr=False)
    chip: SimulatedChip | None = field(default=None, compare=False)

    @property
    def bits(self) -> int:
        """How many bits the number has."""
        return 8 * len(self.epc) if self.epc_bits is None else self.epc_bits

    @property
    def pc(self) -> int:
        """The protocol control word: the number's length in words in its top five bits."""
        return (len(self.epc) // WORD_BYTES & 0x1F) << 11

    @property
    def crc(self) -> int:
        """The checksum over control word and number."""
        return gen2_checksum(self.pc.to_bytes(2) + self.epc)

    def bank(self, number: int) -> bytes:
        """Return one bank of the memory."""
        match number:
            case 0:
                return self.kill_password.to_bytes(4) + self.access_password.to_bytes(4)
            case 1:
                return self.crc.to_bytes(2) + self.pc.to_bytes(2) + self.epc
            case 2:
                return self.tid
            case _:
                return self.user

    def matches(self, bank: int, bit: int, mask: tuple[int, bytes], data: bytes) -> bool:
        """Tell whether the bits from ``bit`` on are ``data`` wherever ``mask`` has a one."""
        count, pattern = mask
        if count == 0:
            return True
        memory = self.bank(bank)
        if 8 * len(memory) < bit + count:
            return False
        seen = _slice(memory, bit, count)
        ones = _slice(pattern, 0, count)
        wanted = _slice(data.ljust(len(pattern), b"\0"), 0, count)
        return seen & ones == wanted & ones

    def read(self, bank: int, word: int, words: int) -> bytes | None:
        """Return words of a bank, all from ``word`` on for 0; ``None`` beyond the memory's end."""
        memory = self.bank(bank)
        start = WORD_BYTES * word
        end = start + WORD_BYTES * words if words else len(memory)
        return memory[start:end] if start <= len(memory) and end <= len(memory) else None

    def written(self, bank: int, word: int, data: bytes) -> "Tag | None":
        """Return the tag with words of a bank changed; ``None`` where it cannot be."""
        memory, start = bytearray(self.bank(bank)), WORD_BYTES * word
        if start + len(data) > len(memory):
            return None
        memory[start : start + len(data)] = data
        match bank:
            case 0:
                kill, access = int.from_bytes(memory[:4]), int.from_bytes(memory[4:8])
                return replace(self, kill_password=kill, access_password=access)
            case 1:
                return replace(self, epc=bytes(memory[4:]))
            case 3:
                return replace(self, user=bytes(memory))
            case _:
                return None


def gen2_checksum(data: bytes) -> int:
    """Return the CRC-16 of Gen2: polynomial 1021, begun with ones and turned over at the end."""
    register = 0xFFFF
    for byte in data:
        register ^= byte << 8
        for _ in range(8):
            carry = register & 0x8000
            register = (register << 1 & 0xFFFF) ^ (0x1021 if carry else 0)
    return register ^ 0xFFFF


def _slice(data: bytes, bit: int, count: int) -> int:
    number = int.from_bytes(data)
    return number >> (8 * len(data) - bit - count) & (1 << count) - 1


class Field:
    """What is before the antennas now; placing and removing is safe from any thread."""

    def __init__(self, changed: Callable[[], None] = lambda: None) -> None:
        self._tags: dict[tuple[bytes, int], Tag] = {}
        self._lock = threading.Lock()
        self._changed = changed

    def place(self, tag: Tag) -> None:
        """Bring a tag before its antenna; one of the same number there is replaced."""
        with self._lock:
            self._tags[tag.epc, tag.antenna] = tag
        self._changed()

    def move(self, epc: bytes, rssi: float) -> bool:
        """Let a tag be heard at another strength; tell whether it is there."""
        with self._lock:
            found = [at for at in self._tags if at[0] == epc]
            for at in found:
                self._tags[at] = replace(self._tags[at], rssi=rssi)
        return bool(found)

    def remove(self, tag: Tag | bytes) -> None:
        """Take a tag away from all antennas, by itself or by its number."""
        epc = tag.epc if isinstance(tag, Tag) else tag
        with self._lock:
            self._tags = {at: kept for at, kept in self._tags.items() if at[0] != epc}

    def clear(self) -> None:
        """Take all tags away."""
        with self._lock:
            self._tags.clear()

    def tags(self) -> list[Tag]:
        """Return the tags in the order in which they came."""
        with self._lock:
            return list(self._tags.values())

    def change(self, old: Tag, new: Tag | None) -> None:
        """Replace a tag that a reader has written to, or killed."""
        with self._lock:
            if self._tags.pop((old.epc, old.antenna), None) is not None and new is not None:
                self._tags[new.epc, new.antenna] = new
