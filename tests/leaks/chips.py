"""The encoder at the center: simulated chips, written as the page says, with all their banks."""

from collections.abc import Iterator

from services.lane_gateway.simulator.reader_field import (
    EPC_BANK,
    RESERVED_BANK,
    TID_BANK,
    USER_BANK,
    WORD_BYTES,
    Field,
    Tag,
)
from tests.actors.center import CardMade
from tests.leaks.places import Part

BANKS = {"reserved": RESERVED_BANK, "epc": EPC_BANK, "tid": TID_BANK, "user": USER_BANK}
BLANK_EPC = bytes(12)
USER_BYTES = 128
EPC_WORD, PASSWORD_WORD = 2, 0


class Encoder:
    """Writes chips and reads them back."""

    def __init__(self) -> None:
        self.field = Field()
        self._used = 0

    def write(self, card: CardMade) -> None:
        """Write a blank chip with everything that the page gives for the chip."""
        blank = Tag(epc=BLANK_EPC, tid=bytes.fromhex(card.tid), user=bytes(USER_BYTES))
        self.field.place(blank)
        passwords = bytes.fromhex(card.kill_password + card.access_password)
        self._write(blank, RESERVED_BANK, PASSWORD_WORD, passwords)
        self._write(self._chip(), EPC_BANK, EPC_WORD, bytes.fromhex(card.epc))

    def write_user(self, data: bytes) -> None:
        """Write into what is free of the user bank, which no card of ours uses."""
        words = data + bytes(len(data) % WORD_BYTES)
        self._write(self._chip(), USER_BANK, self._used // WORD_BYTES, words)
        self._used += len(words)

    def banks(self) -> Iterator[Part]:
        """Return every bank of every chip."""
        for tag in self.field.tags():
            for name, bank in BANKS.items():
                yield f"{tag.epc.hex()} {name}", tag.bank(bank)

    def _chip(self) -> Tag:
        return self.field.tags()[-1]

    def _write(self, chip: Tag, bank: int, word: int, data: bytes) -> None:
        written = chip.written(bank, word, data)
        assert written is not None, "the chip refused"
        self.field.change(chip, written)
