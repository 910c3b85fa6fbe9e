"""The numbered demands of the design, whose issue brings each, and which issues have landed.

A test ties itself to a demand by ``@pytest.mark.statement(17)``, ``fault(23)`` or ``rule("R4")``.
Once an issue has landed, each of its demands needs a test that ran and passed: an issue turns its
own on in its last commit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Issue = Literal["main job", "lane", "vetting", "enrollment", "shippers"]

LANDED: frozenset[Issue] = frozenset({"main job"})


@dataclass(frozen=True)
class Demand:
    """What one number asks for, in a line, and the issue that brings it."""

    issue: Issue
    text: str


STATEMENTS: Mapping[int, Demand] = {
    1: Demand("enrollment", "Fees, grace and lapse periods come from dated policy rows."),
    2: Demand("enrollment", "A minor pays nothing if a linked guardian is member or applies too."),
    3: Demand("enrollment", "Nobody under 18 submits without a guardian's consent."),
    4: Demand("enrollment", "A FAST driver is 18 or older and has a valid licence."),
    5: Demand("enrollment", "Names keep both surnames, middle names, suffix and other names."),
    6: Demand("enrollment", "Five years of history without a gap; an error names the gap's dates."),
    7: Demand("enrollment", "Physical and mailing address are two."),
    8: Demand("enrollment", "At most 4 vehicles a member and 8 members a vehicle, by policy."),
    9: Demand("enrollment", "A temporary plate is enrolled with a task to bring the permanent."),
    10: Demand("enrollment", "One program at a time; a second is refused with the reason."),
    11: Demand("enrollment", "Each purpose of an application runs the steps that it needs."),
    12: Demand("enrollment", "The fee is taken once, at submission, and never paid back."),
    13: Demand("enrollment", "Terms end on the birthday; a renewal loses nothing."),
    14: Demand("enrollment", "A renewal before the expiry keeps the benefits for the grace."),
    15: Demand("enrollment", "A status tells since when, who acts next and how long that takes."),
    16: Demand("enrollment", "Conditional approval offers interviews and warns before it lapses."),
    17: Demand("enrollment", "Two people never hold one slot; none is listed that cannot be had."),
    18: Demand("enrollment", "A cancelled slot goes to a fair waiting list first."),
    19: Demand("enrollment", "A remote interview is offered where the five conditions hold."),
    20: Demand("enrollment", "A family books one block."),
    21: Demand("shippers", "The entity type decides identifiers and criteria."),
    22: Demand("shippers", "An unmet Must blocks a company; a Should warns."),
    23: Demand("vetting", "Each disqualifier is a finding of its own, with evidence and rule."),
    24: Demand("vetting", "Lost and stolen documents are refused before an approval."),
    25: Demand("vetting", "A hit alone never changes a membership; a hold expires."),
    26: Demand("vetting", "A match shows its score and what was compared."),
    27: Demand("vetting", "Two agencies decide apart; either denial denies."),
    28: Demand("vetting", "The interview's record keeps question types and outcomes."),
    29: Demand("vetting", "Every member is vetted anew each 24 hours; missed ones are listed."),
    30: Demand("shippers", "C-TPAT's clocks: 90 days, 1 year, 4 years, exact to the day."),
    31: Demand("shippers", "A company's suspension reaches its trucks, not its drivers."),
    32: Demand("vetting", "A notice has reasons, how to ask for more, redress and deadline."),
    33: Demand("vetting", "Redress on day 30 is in time; success restores at once."),
    34: Demand("vetting", "Approved files are drawn by a seed for another look."),
    35: Demand("vetting", "Queues show the ages of their cases."),
    36: Demand("enrollment", "A chip holds a random pointer and nothing of the applicant."),
    37: Demand("enrollment", "A card works once activated within 30 days; tries are limited."),
    38: Demand("enrollment", "Card keys are diversified; the master key is never at a lane."),
    39: Demand("enrollment", "AN10922 passes its vector and the case of a 12-byte TID."),
    40: Demand("lane", "A chip is challenged by the host, once."),
    41: Demand("lane", "Answered, silent, wrong and unknown chips are told apart."),
    42: Demand("lane", "One number in two places at once raises the alarm."),
    43: Demand("enrollment", "Kill and access passwords are random and locked."),
    44: Demand("lane", "Decisions after a newer head has reached the site use it."),
    45: Demand("lane", "Clear only if every occupant and the vehicle fit the lane."),
    46: Demand("lane", "A count that differs from the cards opens nothing by itself."),
    47: Demand("shippers", "FAST clears by driver, carrier, importer, manufacturer and seal."),
    48: Demand("lane", "Program, lane and direction are a table."),
    49: Demand("lane", "The record is on the screen before the car arrives."),
    50: Demand("lane", "The gate opens on officer and system; a fault keeps it shut."),
    51: Demand("lane", "Referrals drawn by a seed are proved; none is skipped without a reason."),
    52: Demand("lane", "Members in grace pass without further paper."),
    53: Demand("lane", "The wrong lane is a redirection, not a violation."),
    54: Demand("lane", "Violations are decided person by person."),
    55: Demand("lane", "A lane's role and hours are scheduled data."),
    56: Demand("vetting", "A member at risk is a signal apart from wrongdoing."),
    57: Demand("lane", "Every crossing gives its measured times."),
    58: Demand("lane", "Shared secrets are changed everywhere in one action."),
}

RULES: Mapping[str, Demand] = {
    "R1": Demand(
        "main job", "Open only on a fitting authorisation and a lane that is as it must be."
    ),
    "R2": Demand("main job", "One authorisation, one vehicle, used up durably before the coil."),
    "R3": Demand("main job", "Never close on a vehicle; reverse, and after three times stop."),
    "R4": Demand("lane", "A tailgater is recorded, and the arm not slammed."),
    "R5": Demand("lane", "An arm that nobody passes comes down after 15 s."),
    "R6": Demand("main job", "Red unless the arm is proved up for the authorised vehicle."),
    "R7": Demand("main job", "The scan loop alone keeps the heartbeat; a restart starts safe."),
    "R8": Demand("main job", "What is lost opens nothing; a move in progress ends by local rules."),
    "R9": Demand("lane", "An override opens, never closes on a vehicle, and expires."),
    "R10": Demand("main job", "Everything is recorded; what opens is committed before the coil."),
    "R11": Demand("main job", "A restart reads, zeroes and wants an empty lane."),
    "R12": Demand("lane", "Cards are decided per vehicle, the nearest by a clear margin."),
}

FAULTS: Mapping[int, Demand] = {
    number: Demand("lane", text)
    for number, text in enumerate(
        (
            "The reader is off in the middle of an inventory.",
            "The cable is pulled and the link half open.",
            "Keepalives come, but no reports while a vehicle waits.",
            "The reader serves another client, then is free.",
            "No connection event; something else answers on the port.",
            "The reader was started anew and has forgotten the inventory.",
            "66,000 stale reports are replayed.",
            "Reports come a byte at a time, or fifty in one piece.",
            "Lengths are 0, 9, 2^31, longer than what follows; a report is huge.",
            "Parameters and messages are unknown or custom.",
            "An answer has another number, or comes after its deadline.",
            "An error message; an inventory is refused.",
            "An antenna is lost.",
            "The reader's buffer overflows; the reader reports an exception.",
            "The reader's clock shows 1970, tomorrow, jumps, or only its uptime.",
            "TLS is expired, has another name, or is plain text.",
            "A report is empty, a number is of odd length, an antenna is not named.",
            "One card is read 400 times in a passage.",
            "A card belongs to the next lane.",
            "Two cards in a car; five occupants with four cards.",
            "The number is right and the chip another; the chip cannot be read.",
            "One card in two lanes within 30 s.",
            "A card without a vehicle; a vehicle without a card.",
            "Revoked between decision and opening; expired in the queue.",
            "The PLC is away at the start, with the arm up, while closing.",
            "A write times out, and happens after all.",
            "The PLC answers with exceptions or too few bits.",
            "The PLC was started anew.",
            "The watchdog is off.",
            "Loops are stuck or chatter.",
            "The arm reaches no limit, both, or neither.",
            "A vehicle stops under the arm, backs off, comes back, or has a gap.",
            "A tailgater follows closely; a motorcycle beside a car.",
            "The arm is hit; lamps lose their proof or burn together.",
            "Two openings in flight; a decision twice, or for another lane.",
            "The agent is killed in each state; two agents for one lane.",
            "Broker or central database away; the disk is full.",
            "The host's clock is stepped; power is lost; overrides in faults.",
        ),
        start=1,
    )
}


def wanted() -> set[tuple[str, int | str]]:
    """Return the demands of the issues that have landed."""
    kinds: dict[str, Mapping[int, Demand] | Mapping[str, Demand]] = {
        "statement": STATEMENTS,
        "rule": RULES,
        "fault": FAULTS,
    }
    return {
        (kind, number)
        for kind, table in kinds.items()
        for number, demand in table.items()
        if demand.issue in LANDED
    }
