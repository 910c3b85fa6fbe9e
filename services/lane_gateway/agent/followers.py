"""Carries what the gate did with a vehicle over to its passage."""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from services.lane_gateway.agent.recorder import Recorder
from services.lane_gateway.agent.tracker import Tracker
from services.lane_gateway.domain.authorisation import Authorisation
from services.lane_gateway.domain.gate_events import Lapsed
from services.lane_gateway.domain.lane_policy import LaneMode
from services.lane_gateway.domain.passage import PassageState
from shared.clock import Clock


@dataclass(kw_only=True)
class PassageFollower:
    """The gate's listener; ``refused`` hears why an officer's authorisation ended."""

    tracker: Tracker
    recorder: Recorder
    wall: Clock
    monotonic: Callable[[], float]
    mode: Callable[[], LaneMode]
    refused: Callable[[UUID, str], None] = field(default=lambda _id, _why: None)

    def authorised(self, authorisation: Authorisation) -> bool:
        """Authorise the passage before the commit; tell whether it may still be authorised."""
        passage = self.tracker.find(authorisation.passage_id)
        if passage is None or passage.state is not PassageState.DECIDED:
            return False
        passage.authorise(authorisation)
        self.recorder.note_all(self.tracker.take_events())
        return True

    def began(self, passage_id: UUID) -> None:
        """Note that the vehicle is under the arm."""
        self.tracker.began(passage_id, now=self.wall())

    def completed(self, passage_id: UUID) -> None:
        """Note that the vehicle has passed."""
        self.tracker.completed(passage_id, at=self.monotonic(), mode=self.mode(), now=self.wall())
        # The arm comes down now, and nothing is written until it is down.
        self.recorder.note_all(self.tracker.take_events())

    def tailgated(self) -> None:
        """Note that somebody followed the vehicle that is passing: who is next, nobody knows."""
        self.tracker.tailgated = True
        self.tracker.doubt()

    def lapsed(self, action: Lapsed) -> None:
        """Note that an authorisation ended unused or unfinished."""
        given = action.authorisation
        self.refused(given.id, action.misfit or action.why)
        self.tracker.lapsed(
            given.passage_id,
            action.why,
            at=self.monotonic(),
            mode=self.mode(),
            now=self.wall(),
        )
