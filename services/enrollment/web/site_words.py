"""Words for what the credential log and the sites' alarms name by a code."""

from collections.abc import Mapping

from shared.web.language import Text
from shared.web.language import lazy as _l

CHANGES: Mapping[str, Text] = {
    "issued": _l("card issued"),
    "activated": _l("card activated"),
    "held": _l("membership put on hold"),
    "released": _l("hold lifted"),
    "suspended": _l("membership suspended"),
    "reinstated": _l("membership reinstated"),
    "revoked": _l("membership revoked"),
    "reported_lost": _l("card reported lost"),
    "reported_stolen": _l("card reported stolen"),
    "replaced": _l("card replaced"),
    "extended": _l("membership extended"),
    "vehicles_changed": _l("vehicles changed"),
    "programs_changed": _l("programs changed"),
    "age_band_changed": _l("age band changed"),
    "flagged": _l("card flagged for inspection"),
    "unflagged": _l("flag of a card taken away"),
    "erased": _l("member erased"),
}
"""Every ``ChangeKind`` of the domain."""

ALARMS: Mapping[str, Text] = {
    "arm_not_up": _l("The arm does not reach the top"),
    "arm_not_down": _l("The arm does not come down"),
    "arm_moved": _l("The arm moved without a command"),
    "limits_conflict": _l("Both limit switches of the arm are on"),
    "reversals": _l("The arm had to reverse three times"),
    "lamp_proof": _l("The red light cannot be proved"),
    "lamps_together": _l("Red and green are on together"),
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
    "number_in_two_places": _l("One card was at two places at once"),
    "vehicle_missing": _l("A vehicle did not arrive at secondary"),
    "passkey_copied": _l("A passkey was used by two devices"),
    "selection_broken": _l("A lane told another seed than the one it was bound to"),
}
"""Every alarm that a site raises, and ours."""


def say(texts: Mapping[str, Text], code: str) -> str:
    """Return the words for ``code``; a code of a newer site stands for itself."""
    text = texts.get(code)
    return str(text) if text is not None else code.replace("_", " ")
