"""What codes of the domain mean in plain words; every code has its words, a guard test says."""

from collections.abc import Mapping

from shared.web.language import Text
from shared.web.language import lazy as _l

VERDICTS: Mapping[str, Text] = {
    "clear": _l("Pass"),
    "refer": _l("Inspect"),
    "redirect": _l("Other lane"),
}

REASONS: Mapping[str, Text] = {
    "stale_list": _l("This lane's card list is too old to rely on"),
    "no_card": _l("No card was read"),
    "unknown_number": _l("A card is not on the list"),
    "tid_unread": _l("The chip's own number could not be read"),
    "tid_mismatch": _l("The chip is not the one the card was issued with: it may be a copy"),
    "not_authenticated": _l("The chip has not proved that it is genuine"),
    "chip_no_answer": _l("The chip was read but did not answer the challenge"),
    "chip_absent": _l("The chip is not answering any more: it is gone or was killed"),
    "wrong_chip_answer": _l("The chip gave a wrong answer: it may be a copy"),
    "read_by_officer": _l("The card was looked up by the officer; its chip is not proved"),
    "inactive": _l("The card is not active yet, was lost or was replaced"),
    "held": _l("The membership is on hold"),
    "suspended": _l("The membership is suspended"),
    "revoked": _l("The membership was revoked"),
    "ended": _l("The membership has ended"),
    "expired": _l("The card has expired"),
    "member_list_age": _l("This member must be checked against a newer list"),
    "wrong_lane": _l("The program is not for this lane"),
    "plate_unread": _l("The license plate was not read"),
    "confirm_plate": _l("The license plate was not read for sure: confirm it"),
    "vehicle_not_enrolled": _l("This vehicle is not enrolled to any card in it"),
    "count_differs": _l("The number of occupants is not the number of cards"),
    "random_selection": _l("Selected by chance for inspection"),
    "number_in_two_places": _l("A card with this number was elsewhere at the same time"),
    "near_two_lanes": _l("A card is heard as well at the next lane: it may be of either vehicle"),
}
"""Every ``Reason`` of the domain."""

ADVICE: Mapping[str, Text] = {
    "clear": _l("Count the occupants, compare every face with its picture, then admit."),
    "refer": _l("Do not admit. Choose what becomes of the vehicle."),
    "redirect": _l("Send it to another lane. This is no violation."),
    "closed": _l("The lane is closed. Let nobody pass."),
    "fault": _l("Let nobody pass until an attendant has looked at the lane."),
    "released": _l("The gate is released for this vehicle. Watch it until the arm is down."),
    "waiting": _l("Nothing is decided. Wait for the next vehicle."),
    "expired": _l("The last verdict is too old. Look at the vehicle again before you act."),
    "not_live": _l("This screen has no news from the lane. Stop the traffic and check by hand."),
}

REASON_ADVICE: Mapping[str, Text] = {
    "confirm_plate": _l("Read the plate yourself and confirm or correct it."),
    "plate_unread": _l("Read the plate yourself and type it in."),
    "no_card": _l("Ask for the cards, then send to secondary or admit after checks."),
    "count_differs": _l("Ask for the missing card, then send to secondary."),
    "random_selection": _l("Send to secondary. To let it go uninspected, give a reason."),
    "number_in_two_places": _l("One of two cards is a copy. Send to secondary with the card."),
    "near_two_lanes": _l("Wait a moment. If it stays so, ask for the card and look at it."),
    "tid_mismatch": _l("Keep the card and send to secondary."),
    "chip_no_answer": _l("Have the card held up once more, then send to secondary."),
    "chip_absent": _l("Ask for the card and look at it, then send to secondary."),
    "wrong_chip_answer": _l("Keep the card and send to secondary."),
    "revoked": _l("Keep the card and send to secondary."),
}
"""What to do first where a reason stands out; of several, the first one of the vehicle counts."""

MODES: Mapping[str, Text] = {
    "closed": _l("Closed"),
    "attended": _l("Attended"),
    "remote": _l("Remote"),
    "automatic": _l("Automatic"),
}

HEALTH: Mapping[str, Text] = {
    "ok": _l("In order"),
    "degraded": _l("Limited"),
    "out_of_service": _l("Out of service"),
}

GATES: Mapping[str, Text] = {
    "unknown": _l("Unknown"),
    "down": _l("Down"),
    "rising": _l("Rising"),
    "up": _l("Up"),
    "lowering": _l("Lowering"),
    "faulted": _l("Faulted"),
    "manual": _l("Manual"),
    "emergency_open": _l("Emergency open"),
}

STATES: Mapping[str, Text] = {
    "approaching": _l("Approaching"),
    "decided": _l("Decided"),
    "authorised": _l("Gate released"),
    "passing": _l("Passing"),
    "passed": _l("Passed"),
    "turned_back": _l("Turned back"),
    "faulted": _l("Faulted"),
}

AUTHORISATIONS: Mapping[str, Text] = {
    "clear": _l("Admitted"),
    "secondary": _l("Sent to secondary"),
    "redirect": _l("Sent to another lane"),
    "after_checks": _l("Admitted after checks"),
}

VISITS: Mapping[str, Text] = {
    "expected": _l("Expected"),
    "arrived": _l("Arrived"),
    "inspected": _l("Inspected"),
    "released": _l("Released"),
    "missing": _l("Missing"),
}

VIOLATIONS: Mapping[str, Text] = {
    "undeclared_goods": _l("Undeclared goods"),
    "contraband": _l("Contraband"),
    "no_card": _l("No card"),
    "vehicle_not_enrolled": _l("Vehicle not enrolled"),
    "false_statement": _l("False statement"),
    "other": _l("Other"),
}

AGE_BANDS: Mapping[str, Text] = {
    "under_16": _l("Under 16"),
    "16_17": _l("16 or 17"),
    "adult": _l("Adult"),
}

LANE_TYPES: Mapping[str, Text] = {
    "sentri": _l("SENTRI"),
    "nexus": _l("NEXUS"),
    "ready": _l("Ready"),
}

DIRECTIONS: Mapping[str, Text] = {"inbound": _l("Inbound"), "outbound": _l("Outbound")}

FAULTS: Mapping[str, Text] = {
    "arm_not_up": _l("The arm does not reach the top"),
    "arm_not_down": _l("The arm does not come down"),
    "arm_moved": _l("The arm moved without a command"),
    "limits_conflict": _l("Both limit switches of the arm are on"),
    "reversals": _l("The arm had to reverse three times"),
    "lamp_proof": _l("The red light cannot be proved"),
    "lamps_together": _l("Red and green are on together"),
}

ALARMS: Mapping[str, Text] = {
    **FAULTS,
    "tailgate": _l("A second vehicle followed through the gate"),
    "unauthorised_passage": _l("A vehicle passed without being let through"),
    "no_passage": _l("The gate opened and nobody passed"),
    "emergency_open": _l("Emergency opening"),
    "needs_attendant": _l("An attendant is needed at the lane"),
    "io_lost": _l("The gate cannot be reached"),
    "reader_busy": _l("The card reader serves somebody else"),
    "reader_refused": _l("The card reader refuses its work"),
    "reader_lost": _l("The card reader does not answer"),
    "reader_antenna_lost": _l("The card reader has lost an antenna"),
    "reader_buffer_overflow": _l("The card reader has lost readings"),
    "reader_exception": _l("The card reader reports an error"),
    "no_reads": _l("A vehicle waits and the card reader reads nothing"),
    "loops_unknown": _l("The loops in the road cannot be seen"),
    "stores_lost": _l("The lane's record or card list cannot be used"),
    "number_in_two_places": _l("One card was at two lanes at once"),
    "vehicle_missing": _l("A vehicle did not arrive at secondary"),
    "passkey_copied": _l("A passkey was used by two devices"),
}

COMMANDS: Mapping[str, Text] = {
    "admit": _l("Admit"),
    "secondary": _l("Send to secondary"),
    "redirect": _l("Send to another lane"),
    "after_checks": _l("Admit after checks"),
    "turn_back": _l("Turn back"),
    "confirm_plate": _l("Confirm the plate"),
    "add_card": _l("Add a card"),
    "override": _l("Open by hand"),
    "end_override": _l("End opening by hand"),
    "reset": _l("Reset the lane"),
}


def say(texts: Mapping[str, Text], code: object) -> str:
    """Return the words for ``code``; a code that has none yet stands for itself."""
    if code is None:
        return "—"
    text = texts.get(str(code))
    return str(text) if text is not None else str(code).replace("_", " ")
