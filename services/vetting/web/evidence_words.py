"""The explanation of a score in words."""

from collections.abc import Mapping
from typing import Any

from services.vetting.domain.screening.evidence import DateAgreement
from services.vetting.domain.screening.vocabulary import Agreement
from services.vetting.web.words import Words, word
from shared.web.language import lazy as _l

WHAT: Words = {
    "name": _l("Name"),
    "left_over": _l("Rest of the name"),
    "weak_name": _l("Weak alias"),
    "birth_date": _l("Birth date"),
    "country": _l("Country"),
    "document": _l("Document"),
}
HOW: Words = {
    Agreement.EXACT: _l("The same"),
    Agreement.SOUND: _l("Sounds the same"),
    Agreement.NICKNAME: _l("Another form of the same name"),
    Agreement.SPELLING: _l("Spelled much the same"),
    Agreement.FOREIGN_SPELLING: _l("Another spelling of a foreign name"),
    Agreement.BEGINNING: _l("One is the beginning of the other"),
    Agreement.INITIAL: _l("Only the first letter is known"),
    "contradicts": _l("Both names have parts that do not fit"),
    "absent": _l("Only one of the names has these parts"),
    "weak_alias": _l("The list calls this a weak alias"),
    DateAgreement.SAME: _l("The same day"),
    DateAgreement.SAME_NEW_YEAR: _l("The same, but 1 January may mean that the day is unknown"),
    DateAgreement.SWAPPED: _l("Day and month swapped"),
    DateAgreement.OTHER_YEAR_NEAR: _l("Same day and month, one year apart"),
    DateAgreement.OTHER_YEAR_SLIP: _l("Same day and month, a digit of the year differs"),
    DateAgreement.OTHER_DAY: _l("Same month and year, another day"),
    DateAgreement.OTHER_MONTH: _l("Same day and year, another month"),
    DateAgreement.SAME_YEAR_KNOWN: _l("The year agrees; no more is known"),
    DateAgreement.NEAR_YEAR: _l("Close, as far as it is known"),
    DateAgreement.OTHER_DAY_AND_MONTH: _l("Same year, another day and month"),
    DateAgreement.CLOSE_CONFLICT: _l("Another date, within a year"),
    DateAgreement.CONFLICT: _l("Another date"),
    DateAgreement.UNKNOWN: _l("Not known on one side"),
    "agrees": _l("In common"),
    "differs": _l("None in common"),
    "same_number": _l("The same number"),
}


def explained(line: Mapping[str, Any]) -> dict[str, str]:
    """Return one line of the explanation in words, with its points signed."""
    points = float(line["points"])
    written = str.title if line["kind"] in {"name", "left_over", "weak_name"} else str
    return {
        "what": word(WHAT, line["kind"]),
        "how": word(HOW, line["how"]),
        "given": written(line["given"]),
        "listed": written(line["listed"]),
        "points": f"{points:+.1f}" if points else "0",
        "tone": "for" if points > 0 else "against" if points < 0 else "none",
    }
