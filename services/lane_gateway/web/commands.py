"""An officer's command on its way from a page or a call to the desk."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from services.lane_gateway.domain.commands import Command, CommandKind
from services.lane_gateway.web.live_hub import main_passage
from services.lane_gateway.web.parts import hub, reads, use_cases
from shared.errors import Conflict, NotFound
from shared.events import Cause
from shared.plates import normalise_plate

UNSET = datetime.min.replace(tzinfo=UTC)
"""The use case puts its own clock's time into the command."""


class OtherVehicle(Conflict):
    """The command is for a vehicle that does not stand at the gate any more."""

    code = "other_vehicle"


def send_command(lane: str, officer: str, data: Mapping[str, Any], *, cause: Cause) -> int:
    """Write the command down and return its number; or raise what ``CommandLane`` raises.

    ``OtherVehicle`` where the lane is live and deals with another vehicle by now.
    """
    reads().lane(lane)
    command = Command(
        id=0,
        lane=lane,
        kind=CommandKind(data["kind"]),
        officer=officer,
        at=UNSET,
        passage_id=data["passage_id"],
        counted=data["counted"],
        reason=data["reason"],
        plate=normalise_plate(data["plate"]),
        region=data["region"].strip().upper(),
    )
    _check_vehicle(command)
    return use_cases().command(command, credential_ids=_cards_of(command), cause=cause)


def _check_vehicle(command: Command) -> None:
    """Refuse what was meant for the vehicle before; the lane would, too, but cannot say so here."""
    live = hub().look(command.lane)
    if command.passage_id is None or live is None or not live.is_live(hub().now()):
        return
    main = main_passage(live.state)
    if main is None or main.passage_id != command.passage_id:
        raise OtherVehicle("The vehicle at the gate is another one now")


def _cards_of(command: Command) -> list[UUID]:
    """Return the known cards of the vehicle, whose holders secondary will meet."""
    if command.kind is not CommandKind.SECONDARY or command.passage_id is None:
        return []
    live = hub().look(command.lane)
    main = main_passage(live.state) if live is not None else None
    if main is not None and main.passage_id == command.passage_id:
        known = (card.credential_id for card in main.cards)
        return list(dict.fromkeys(each for each in known if each is not None))
    try:
        return list(reads().passage(command.passage_id, opened=False).credential_ids)
    except NotFound:
        return []
