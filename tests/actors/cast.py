"""Everybody in the main job, each signed in when first needed."""

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, TypeVar

from deploy.local.layout import Layout
from tests.actors.applicant import Applicant
from tests.actors.booth import BoothOfficer
from tests.actors.browsing import LANGUAGES
from tests.actors.center import CenterOfficer
from tests.actors.officer import VettingOfficer
from tests.actors.port import FeedWatcher
from tests.actors.road import Road
from tests.actors.traveler import Traveler


class Person(Protocol):
    """Somebody at a browser."""

    def sign_in(self) -> None:
        """Sign in by the real code flow."""


Somebody = TypeVar("Somebody", bound=Person)


@dataclass(frozen=True, kw_only=True)
class Doors:
    """Where the services and the simulator's control answer."""

    enrollment: str
    vetting: str
    lane_gateway: str
    simulator: str
    language: str = LANGUAGES[0]
    """In which everybody reads their pages."""

    @classmethod
    def of(cls, layout: Layout, *, language: str = LANGUAGES[0]) -> "Doors":
        """Return the doors of an installation."""
        return cls(
            enrollment=layout.url("enrollment"),
            vetting=layout.url("vetting"),
            lane_gateway=layout.url("lane_gateway"),
            simulator=f"http://localhost:{layout.simulator_port}",
            language=language,
        )


class Cast:
    """The people of one run, and the road."""

    def __init__(self, doors: Doors, traveler: Traveler) -> None:
        self.doors = doors
        self.traveler = traveler

    @cached_property
    def applicant(self) -> Applicant:
        """The traveler at enrollment's pages."""
        return _signed_in(
            Applicant(self.doors.enrollment, self.traveler, language=self.doors.language)
        )

    @cached_property
    def officer(self) -> VettingOfficer:
        """The vetting officer."""
        return _signed_in(VettingOfficer(self.doors.vetting, "olga", language=self.doors.language))

    @cached_property
    def second_officer(self) -> VettingOfficer:
        """The officer who gives second approvals."""
        return _signed_in(VettingOfficer(self.doors.vetting, "otto", language=self.doors.language))

    @cached_property
    def center(self) -> CenterOfficer:
        """The officer at the enrollment center."""
        return _signed_in(
            CenterOfficer(self.doors.enrollment, "carla", language=self.doors.language)
        )

    @cached_property
    def feed(self) -> FeedWatcher:
        """Whoever watches the credential feed."""
        return _signed_in(FeedWatcher(self.doors.enrollment, "ada", language=self.doors.language))

    @cached_property
    def booth(self) -> BoothOfficer:
        """The officer in the lane's booth."""
        return _signed_in(
            BoothOfficer(self.doors.lane_gateway, "boris", language=self.doors.language)
        )

    @cached_property
    def road(self) -> Road:
        """The road before the lanes."""
        return Road(self.doors.simulator)

    def close(self) -> None:
        """Everybody leaves."""
        for name in ("applicant", "officer", "second_officer", "center", "feed", "booth", "road"):
            if name in self.__dict__:
                getattr(self, name).close()


def _signed_in(somebody: Somebody) -> Somebody:
    somebody.sign_in()
    return somebody
