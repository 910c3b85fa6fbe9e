"""What the site's worker and web need of their stores."""

from collections.abc import Mapping
from datetime import datetime
from types import TracebackType
from typing import Any, Protocol, Self
from uuid import UUID

from services.lane_gateway.domain.commands import Command
from services.lane_gateway.domain.feed import NewestHead
from services.lane_gateway.domain.lane_policy import LaneMode
from services.lane_gateway.domain.schedule import Switch
from services.lane_gateway.domain.visit import Visit
from services.lane_gateway.use_cases.passkey_ports import Passkeys
from shared.events import Cause, Outgoing


class Transaction(Protocol):
    """One transaction; leaving it without ``commit`` rolls back."""

    def __enter__(self) -> Self:
        """Begin; raise ``AlreadyDone`` or ``OutOfTurn`` for a cause that is not due."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Roll back whatever was not committed."""

    def send(self, message: Outgoing) -> None:
        """Tell headquarters something."""

    def commit(self, *, result: str | None = None) -> None:
        """Save everything and what others should hear of it."""


class CarrierTransaction(Transaction, Protocol):
    """One transaction of the worker."""

    def note_head(self, head: NewestHead) -> None:
        """Keep a newer head; raise ``HeadTurnedBack`` for a lower one."""

    def keep_roster(self, number: int, statement: Mapping[str, Any]) -> None:
        """Keep a signed roster; raise ``RosterTurnedBack`` for one with a lower number."""


class CarrierTransactions(Protocol):
    """Opens the worker's transactions."""

    def __call__(self, cause: Cause | None = None) -> CarrierTransaction:
        """Begin a transaction."""


class DisplayRecords(Protocol):
    """The display records of this site; each call is a transaction that may be repeated."""

    def keep(self, credential_id: UUID, version: int, sealed: str) -> None:
        """Keep a record unless a newer version is known."""

    def drop(self, credential_id: UUID, version: int) -> None:
        """Forget a record unless a newer version is known."""

    def erase(self, credential_ids: list[UUID]) -> int:
        """Remove all trace of these cards; return how many there were."""


class Visits(Protocol):
    """Vehicles at secondary."""

    def add(self, visit: Visit) -> None:
        """Add a visit."""

    def get(self, visit_id: UUID) -> Visit:
        """Return the visit, or raise ``NotFound``."""

    def known(self, passage_id: UUID) -> bool:
        """Tell whether the vehicle of a passage is announced."""

    def overdue(self, before: datetime) -> list[Visit]:
        """Return the vehicles that were sent before a time and have not arrived."""


class DeskTransaction(Transaction, Protocol):
    """One transaction of the web process."""

    @property
    def visits(self) -> Visits:
        """Vehicles at secondary."""

    @property
    def passkeys(self) -> Passkeys:
        """Officers' passkeys."""

    def audited(self, event: str, subject: str) -> None:
        """Add a line to the transaction's audit entry."""

    def command(self, command: Command) -> int:
        """Write an officer's command down and return its number."""

    def sign_on(self, lane: str, officer: str, *, now: datetime) -> None:
        """Make ``officer`` the one who decides at the lane; or raise ``NotFound``."""

    def sign_off(self, lane: str) -> None:
        """Leave the lane without an officer; or raise ``NotFound``."""

    def signed_on(self, lane: str) -> str | None:
        """Return the officer signed on to the lane; or raise ``NotFound``."""

    def set_mode(self, lane: str, mode: LaneMode) -> None:
        """Set the mode wanted for the lane; or raise ``NotFound``."""

    def plan(self, switch: Switch) -> None:
        """Add a switch to a lane's schedule; or raise ``NotFound`` for a lane that is none."""

    def unplan(self, lane: str, switch_id: UUID) -> None:
        """Remove a switch from a lane's schedule; or raise ``NotFound``."""

    def switch(self, switch: Switch, *, at: datetime) -> None:
        """Make the lane what a turn of its schedule says; ``at`` is the time of the turn."""

    def acknowledge(self, alarm_id: UUID, lane: str, officer: str, *, now: datetime) -> bool:
        """Note who has seen an alarm; false if somebody had before."""

    def forget_words(self, *, before: datetime, limit: int) -> int:
        """Empty up to ``limit`` commands from before an instant of plate and words."""


class DeskTransactions(Protocol):
    """Opens the web's transactions."""

    def __call__(self, cause: Cause | None = None) -> DeskTransaction:
        """Begin a transaction."""


class Waker(Protocol):
    """Tells lanes that something waits for them."""

    def wake(self, lane: str) -> None:
        """Make the lane's agent look at once; nobody may be listening."""

    def wake_all(self) -> None:
        """Make every lane's agent look at once."""
