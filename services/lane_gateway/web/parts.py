"""What the pages and the interface of one site work with; all of it comes from outside."""

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import cast

from flask import current_app

from services.lane_gateway.use_cases.acknowledge_alarm import AcknowledgeAlarm
from services.lane_gateway.use_cases.arrive_at_secondary import ArriveAtSecondary
from services.lane_gateway.use_cases.command_lane import CommandLane
from services.lane_gateway.use_cases.find_display_record import FindDisplayRecord
from services.lane_gateway.use_cases.plan_lane import PlanLane
from services.lane_gateway.use_cases.reads import Reads
from services.lane_gateway.use_cases.record_inspection import RecordInspection
from services.lane_gateway.use_cases.release_visit import ReleaseVisit
from services.lane_gateway.use_cases.set_lane_mode import SetLaneMode
from services.lane_gateway.use_cases.show_display_record import ShowDisplayRecord
from services.lane_gateway.use_cases.show_passage import ShowPassage
from services.lane_gateway.use_cases.sign_off_lane import SignOffLane
from services.lane_gateway.use_cases.sign_on_to_lane import SignOnToLane
from services.lane_gateway.web.holders import Holders
from services.lane_gateway.web.live_hub import LiveHub
from services.lane_gateway.web.passkey_parts import Challenges, PasskeyUseCases
from shared.web.settings import WebSettings

EXTENSION = "trustlane_lanes"

ALARMS_FOR = timedelta(days=7)
"""How far back alarms are listed; the desk's own are kept for as long."""
SELECTIONS_FOR = timedelta(days=7)
"""How far back draws by chance are reported; what secondary found is kept for as long."""


@dataclass(frozen=True, kw_only=True)
class UseCases:
    """Everything that a page or a call can do."""

    command: CommandLane
    sign_on: SignOnToLane
    sign_off: SignOffLane
    set_mode: SetLaneMode
    plan: PlanLane
    arrive: ArriveAtSecondary
    inspect: RecordInspection
    release: ReleaseVisit
    acknowledge: AcknowledgeAlarm
    find_record: FindDisplayRecord
    show_record: ShowDisplayRecord
    show_passage: ShowPassage
    passkeys: PasskeyUseCases


@dataclass(frozen=True, kw_only=True)
class SiteSettings:
    """The settings of the web application, and which site it belongs to.

    ``zone`` is the IANA name of the port's time zone, in which the pages write times.
    """

    web: WebSettings
    site: str
    zone: str


@dataclass(frozen=True, kw_only=True)
class Parts:
    """The parts of one application."""

    use_cases: UseCases
    reads: Reads
    hub: LiveHub
    settings: SiteSettings
    challenges: Challenges = field(default_factory=Challenges)

    @cached_property
    def holders(self) -> Holders:
        """Return who looks up names and pictures; made at its first use."""
        do = self.use_cases
        return Holders(do.find_record, do.show_record, changed=self.hub.poke)


def parts() -> Parts:
    """Return the parts of the application at work."""
    return cast("Parts", current_app.extensions[EXTENSION])


def use_cases() -> UseCases:
    """Return what can be done."""
    return parts().use_cases


def reads() -> Reads:
    """Return what can be read."""
    return parts().reads


def hub() -> LiveHub:
    """Return the live pictures."""
    return parts().hub
