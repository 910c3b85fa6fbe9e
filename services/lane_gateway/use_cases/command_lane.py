"""An officer tells a lane what to do; the lane's agent carries it out or says why not."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.lane_gateway.domain.commands import Command, CommandKind
from services.lane_gateway.domain.visit import Visit
from services.lane_gateway.use_cases.site_ports import DeskTransaction, DeskTransactions, Waker
from shared.clock import Clock
from shared.errors import Conflict, Forbidden, InvalidInput
from shared.events import Cause
from shared.ids import NewId

NEED_PASSAGE = frozenset(
    {
        CommandKind.ADMIT,
        CommandKind.SECONDARY,
        CommandKind.REDIRECT,
        CommandKind.AFTER_CHECKS,
        CommandKind.TURN_BACK,
        CommandKind.CONFIRM_PLATE,
        CommandKind.ADD_CARD,
    }
)
BY_ANYBODY = frozenset({CommandKind.END_OVERRIDE})
"""Only makes the lane safer, so nobody has to sign on first."""
NEED_REASON = frozenset({CommandKind.AFTER_CHECKS, CommandKind.OVERRIDE})
MAX_OCCUPANTS = 60  # a bus; anything above is a slip of the finger


class NotSignedOn(Conflict):
    """Only the officer who is signed on to a lane commands it."""

    code = "not_signed_on"


class StepUpNeeded(Forbidden):
    """An override needs a passkey that was used for it alone."""

    code = "step_up_needed"


@dataclass(frozen=True, kw_only=True)
class CommandLane:
    """Write an officer's command down durably, then wake the lane."""

    desk: DeskTransactions
    waker: Waker
    clock: Clock
    new_id: NewId

    def __call__(
        self,
        command: Command,
        *,
        credential_ids: list[UUID] | None = None,
        cause: Cause | None = None,
    ) -> int:
        """Return the command's number.

        Raise ``InvalidInput`` naming the field that is missing, ``StepUpNeeded``, ``NotSignedOn``,
        ``NotFound`` for a lane that is none, or ``AlreadyDone``. Sending a vehicle to secondary
        announces it there.
        """
        _check(command)
        now = self.clock()
        with self.desk(cause=cause) as work:
            signed_on = work.signed_on(command.lane)
            if signed_on != command.officer and command.kind not in BY_ANYBODY:
                raise NotSignedOn("Sign on to the lane before you command it")
            number = work.command(replace(command, at=now))
            if command.kind is CommandKind.SECONDARY:
                self._announce(work, command, credential_ids or [], now=now)
            work.commit(result=str(number))
        self.waker.wake(command.lane)
        return number

    def _announce(
        self, work: DeskTransaction, command: Command, holders: list[UUID], *, now: datetime
    ) -> None:
        """Tell secondary; pressed again after the lane refused it once, it is announced already."""
        if command.passage_id is None or work.visits.known(command.passage_id):
            return
        work.visits.add(
            Visit.expect(
                self.new_id(),
                passage_id=command.passage_id,
                lane=command.lane,
                credential_ids=holders,
                officer=command.officer,
                now=now,
            )
        )


def _check(command: Command) -> None:
    errors: dict[str, list[str]] = {}
    if command.kind in NEED_PASSAGE and command.passage_id is None:
        errors["passage_id"] = ["required"]
    if command.kind in NEED_REASON and not command.reason.strip():
        errors["reason"] = ["required"]
    if command.kind is CommandKind.ADMIT and not 1 <= (command.counted or 0) <= MAX_OCCUPANTS:
        errors["counted"] = ["out_of_range"]
    if command.kind is CommandKind.CONFIRM_PLATE and not command.plate.strip():
        errors["plate"] = ["required"]
    if command.kind is CommandKind.ADD_CARD and not command.epc:
        errors["epc"] = ["required"]
    if errors:
        raise InvalidInput(errors)
    if command.kind is CommandKind.OVERRIDE and not command.passkey:
        raise StepUpNeeded("An override needs a passkey that was used for it alone")
