"""Words for refusals and for the entries of a lane's record."""

from collections.abc import Mapping

from shared.web.language import Text
from shared.web.language import lazy as _l

REFUSALS: Mapping[str, Text] = {
    "other_lane": _l("It was for another lane"),
    "other_passage": _l("The vehicle at the gate is another one now"),
    "used": _l("It was used already"),
    "expired": _l("It came too late"),
    "busy": _l("The gate is busy with the vehicle before"),
    "fault": _l("The gate has a fault"),
    "not_in_service": _l("The lane is not in service"),
    "record_lost": _l("The lane's record or card list cannot be used"),
    "reader_lost": _l("The card reader does not answer"),
    "inputs_stale": _l("The gate's sensors do not answer"),
    "not_at_gate": _l("No vehicle stands at the gate"),
    "safety_not_clear": _l("Something stands under the arm"),
    "closing_not_clear": _l("Something stands behind the arm"),
    "arm_not_down": _l("The arm is not down"),
    "misfit": _l("It does not fit the verdict"),
    "io_lost": _l("The gate cannot be reached"),
    "overridden": _l("The gate is opened by hand"),
    "withdrawn": _l("It was taken back"),
    "not_clear": _l("The vehicle is not cleared"),
    "count_differs": _l("The number of occupants is not the number of cards"),
    "no_officer": _l("You are not signed on to this lane"),
    "no_reason": _l("A reason is missing"),
    "no_step_up": _l("No passkey was used for it"),
    "clear_already": _l("The vehicle is cleared: admit it with the number of occupants"),
    "closed": _l("The lane is closed"),
    "no_counter": _l("The lane has no occupant counter"),
    "no_watchdog": _l("The gate's watchdog is off"),
    "late": _l("It came too late"),
    "not_signed_on": _l("You are not signed on to this lane"),
    "under_the_arm": _l("The vehicle is under the arm already"),
    "moved_unseen": _l("Vehicles may have moved unseen: look again once the arm is down"),
    "authorised_already": _l("The gate is released for this vehicle already"),
    "not_counted": _l("The number of occupants is missing"),
    "agent_was_down": _l("The lane's computer was not running"),
}
"""Why a command had no effect: every ``Refusal`` and ``Misfit`` of the domain, and the agent's."""

ENDS: Mapping[str, Text] = {
    "went_through": _l("It went through without being let through"),
    "moved_unseen": _l("It left without being seen at the sensors"),
    "by_officer": _l("Sent back by the officer"),
    "agent_restarted": _l("The lane's computer was started again meanwhile"),
    "next_lane": _l("Only a card of the next lane was heard"),
}
"""What an agent says of a passage whose end nobody saw."""

ENTRIES: Mapping[str, Text] = {
    "agent_started": _l("The lane's computer started"),
    "inputs_changed": _l("Sensors changed"),
    "card_seen": _l("Card read"),
    "chip_challenged": _l("Chip challenged"),
    "chip_judged": _l("Chip's answer"),
    "plate_seen": _l("Plate read"),
    "passage_opened": _l("Vehicle approached"),
    "passage_decided": _l("Verdict"),
    "passage_authorised": _l("Gate released"),
    "passage_returned": _l("Release taken back"),
    "passage_began": _l("Vehicle under the arm"),
    "passage_ended": _l("Passage over"),
    "referral_closed": _l("Referral closed"),
    "officer_commanded": _l("Officer's command"),
    "override_given": _l("Opened by hand"),
    "override_ended": _l("Opening by hand ended"),
    "gate_moved": _l("Gate moved"),
    "outputs_driven": _l("Outputs set"),
    "mode_changed": _l("Mode changed"),
    "device_noted": _l("Device"),
    "alarm_raised": _l("Alarm"),
    "number_at_arm": _l("Card at the arm"),
    "number_in_two_places": _l("One card at two lanes at once"),
    "number_heard": _l("Card heard stronger"),
    "card_of_next_lane": _l("Card of the next lane, not of this vehicle"),
    "selection_committed": _l("Draws by chance fixed for the day"),
    "selection_revealed": _l("The day's draws by chance told"),
    "vehicle_drawn": _l("Draw by chance"),
    "selection_carried": _l("Selected by chance before and not inspected"),
}
"""Every kind of entry in a lane's record."""

CHIPS: Mapping[str, Text] = {
    "authenticated": _l("genuine"),
    "no_answer": _l("no answer"),
    "wrong_answer": _l("wrong answer"),
    "absent": _l("not there any more"),
    "not_asked": _l("not challenged: no key here, or the reader cannot do it"),
}
"""Every ``ChipOutcome`` of the domain."""
