"""A card: a random number on a chip, its locks, and the way from the printer to the lane."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.enrollment.domain.events import CardChanged, WrongActivationCode
from services.enrollment.domain.transitions import allowed
from shared.errors import Conflict, InvalidInput
from shared.events import Aggregate

EPC_BYTES = 12
TID_BYTES = 12
PASSWORD_BYTES = 4
SECURITY_CODE_DIGITS = 6
PASSID_DIGITS = 9
MAX_TRIES = 5
LOCK_TIME = timedelta(hours=1)
"""Five guesses an hour at a million codes: the chance stays under one in 270 for the 30 days."""


class Status(StrEnum):
    """Where a card stands; held, suspended and revoked belong to the membership."""

    ORDERED = "ordered"
    ENCODED = "encoded"
    MAILED = "mailed"
    ACTIVE = "active"
    LAPSED = "lapsed"
    LOST = "lost"
    STOLEN = "stolen"
    DAMAGED = "damaged"
    REPLACED = "replaced"
    ENDED = "ended"


_GONE = frozenset({Status.LOST, Status.STOLEN, Status.DAMAGED})

ALLOWED: Mapping[Status, frozenset[Status]] = {
    Status.ORDERED: frozenset({Status.ENCODED, Status.ENDED}),
    Status.ENCODED: frozenset({Status.MAILED, Status.ENDED}),
    Status.MAILED: frozenset({Status.ACTIVE, Status.LAPSED, Status.ENDED}) | _GONE,
    Status.ACTIVE: frozenset({Status.ENDED}) | _GONE,
    Status.LAPSED: frozenset({Status.ENDED}),
    Status.LOST: frozenset({Status.REPLACED, Status.ENDED}),
    Status.STOLEN: frozenset({Status.REPLACED, Status.ENDED}),
    Status.DAMAGED: frozenset({Status.REPLACED, Status.ENDED}),
    Status.REPLACED: frozenset({Status.ENDED}),
    Status.ENDED: frozenset(),
}

IN_USE = frozenset({Status.ORDERED, Status.ENCODED, Status.MAILED, Status.ACTIVE})
"""States of which a membership can have one card only."""


class WrongCode(Conflict):
    """Number and security code do not belong to this card; ``left`` tries remain."""

    code = "wrong_activation_code"

    def __init__(self, left: int) -> None:
        super().__init__("The number or the security code is not right")
        self.left = left


class TooManyTries(Conflict):
    """The activation is locked for a while after too many wrong codes."""

    code = "activation_locked"


class ActivationLapsed(Conflict):
    """The card was not activated in time and stays without effect."""

    code = "activation_lapsed"


class CardMismatch(Conflict):
    """What the encoder read back is not what was to be written."""

    code = "card_mismatch"


@dataclass(frozen=True, kw_only=True)
class CardSecrets:
    """What is random about a card; the chip gets the first three and nothing of a person.

    ``chip_master`` names the master key of which the chip's key is derived, ``None`` for a chip
    without a key.
    """

    epc: bytes = field(repr=False)
    access_password: bytes = field(repr=False)
    kill_password: bytes = field(repr=False)
    security_code: str = field(repr=False)
    chip_master: str | None = None

    def __post_init__(self) -> None:
        """Refuse lengths that do not fit and passwords that anybody would try first."""
        if len(self.epc) != EPC_BYTES or not any(self.epc):
            raise ValueError("An EPC has 96 bits, not all of them zero")
        for password in (self.access_password, self.kill_password):
            if len(password) != PASSWORD_BYTES or len(set(password)) == 1:
                raise ValueError("A password has 32 bits, not four times the same byte")
        if self.access_password == self.kill_password:
            raise ValueError("Access and kill passwords differ")
        if len(self.security_code) != SECURITY_CODE_DIGITS or not self.security_code.isdecimal():
            raise ValueError("A security code has six digits")


@dataclass(frozen=True, kw_only=True)
class ChipContent:
    """All that is written into a chip; the user bank stays empty, the key cannot be read back."""

    epc: bytes = field(repr=False)
    access_password: bytes = field(repr=False)
    kill_password: bytes = field(repr=False)
    chip_key: bytes | None = field(default=None, repr=False)
    user: bytes = b""
    locked: tuple[str, ...] = ("kill", "access", "epc")


def chip_content(secrets: CardSecrets, chip_key: bytes | None = None) -> ChipContent:
    """Return what the encoder writes, and which banks it locks for good."""
    return ChipContent(
        epc=secrets.epc,
        chip_key=chip_key,
        access_password=secrets.access_password,
        kill_password=secrets.kill_password,
    )


def check_tid(tid: bytes) -> bytes:
    """Return ``tid``, or raise ``InvalidInput`` for one that no chip of ours has."""
    if len(tid) != TID_BYTES or not any(tid):
        raise InvalidInput({"tid": ["tid_invalid"]}, "A TID has 96 bits, not all of them zero")
    return tid


@dataclass(eq=False, kw_only=True)
class Card(Aggregate):
    """One card; its id is the credential id of the feed."""

    id: UUID
    membership_id: UUID
    person_id: UUID
    epc: bytes
    tid: bytes = field(repr=False)
    tid_digest: bytes
    secrets: CardSecrets = field(repr=False)
    ordered_at: datetime
    status: Status = Status.ORDERED
    activate_by: date | None = None
    wrong_tries: int = 0
    locked_until: datetime | None = None
    flagged_at: datetime | None = None
    """Since when its number is known to have been in two places."""
    version: int = 0

    @classmethod
    def order(
        cls,
        *,
        card_id: UUID,
        membership_id: UUID,
        person_id: UUID,
        secrets: CardSecrets,
        tid: bytes,
        now: datetime,
    ) -> "Card":
        """Bind a blank chip, known by its TID, to a membership."""
        card = cls(
            id=card_id,
            membership_id=membership_id,
            person_id=person_id,
            epc=secrets.epc,
            tid=check_tid(tid),
            tid_digest=hashlib.sha256(tid).digest(),
            secrets=secrets,
            ordered_at=now,
        )
        card._changed()
        return card

    def encoded(self, *, epc: bytes, tid: bytes) -> None:
        """Accept the card if the encoder reads back what was to be written."""
        if (epc, tid) != (self.epc, self.tid):
            raise CardMismatch("The card read back is not the one that was ordered")
        self._move_to(Status.ENCODED)

    def mail(self, *, today: date, activation_days: int) -> None:
        """Send the card, or hand it over; from here the time for activation runs."""
        self._move_to(Status.MAILED)
        self.activate_by = today + timedelta(days=activation_days)

    def activate(self, *, code_right: bool, today: date, now: datetime) -> bool:
        """Put the card into use; return whether it worked.

        A wrong code is counted and gives ``False`` (the try has to be kept); raise
        ``TooManyTries`` while locked, ``ActivationLapsed`` after the last day.
        """
        if self.locked_until is not None and now < self.locked_until:
            raise TooManyTries("Too many wrong codes; try again later")
        if self.status is Status.LAPSED or (
            self.activate_by is not None and today > self.activate_by
        ):
            raise ActivationLapsed("The card was not activated in time")
        allowed(ALLOWED, "card", self.status, Status.ACTIVE)
        if not code_right:
            self._count_wrong_code(now)
            return False
        self.wrong_tries, self.locked_until = 0, None
        self._move_to(Status.ACTIVE)
        return True

    @property
    def tries_left(self) -> int:
        """How many wrong codes are left before activation is locked."""
        return MAX_TRIES - self.wrong_tries % MAX_TRIES

    def lapse(self) -> None:
        """Close a card that was not activated in time."""
        self._move_to(Status.LAPSED)

    def report(self, what: Status) -> None:
        """Disable a card that is lost, stolen or damaged."""
        if what not in _GONE:
            raise InvalidInput({"what": ["not_a_report"]})
        self._move_to(what)

    def replace(self) -> None:
        """Note that another card took this one's place."""
        self._move_to(Status.REPLACED)

    def end(self) -> None:
        """Close the card with its membership."""
        self._move_to(Status.ENDED)

    def flag(self, *, now: datetime) -> bool:
        """Note that its number was in two places; tell whether that is new."""
        if self.flagged_at is not None:
            return False
        self.flagged_at = now
        self._changed()
        return True

    def unflag(self, *, looked_at: datetime) -> bool:
        """Note that an officer has looked at card and holder; tell whether it was flagged."""
        if self.flagged_at is None or looked_at < self.flagged_at:
            return False
        self.flagged_at = None
        self._changed()
        return True

    def _count_wrong_code(self, now: datetime) -> None:
        self.wrong_tries += 1
        if self.wrong_tries % MAX_TRIES == 0:
            self.locked_until = now + LOCK_TIME
        self.record(WrongActivationCode(card_id=self.id, person_id=self.person_id))

    def _move_to(self, wanted: Status) -> None:
        self.status = allowed(ALLOWED, "card", self.status, wanted)
        self._changed()

    def _changed(self) -> None:
        self.record(CardChanged(card_id=self.id, person_id=self.person_id, status=self.status))
