"""Short sentences that need a number or a name in them."""

from collections.abc import Mapping
from datetime import datetime

from services.lane_gateway.web.booth_view import CardView, ListAge, PassageView
from shared.web.language import Text, ngettext
from shared.web.language import gettext as _
from shared.web.language import lazy as _l

TROUBLES: Mapping[str, Text] = {
    "reader": _l("The card reader does not answer: cards must be looked at by hand."),
    "camera": _l("The plate camera does not answer: read the plates yourself."),
    "inputs": _l("The gate's sensors do not answer: nothing can be let through."),
    "record": _l("The lane's record or card list cannot be used: nothing can be let through."),
}


def trouble_text(name: str) -> str:
    """Say which device does not answer, and what follows."""
    return str(TROUBLES[name])


def list_age_text(age: ListAge) -> str:
    """Say how old the card list is."""
    number = age.amount or 0
    match age.unit:
        case "now":
            return _("The card list is up to date.")
        case "minutes":
            return ngettext(
                "The card list is %(num)s minute old.",
                "The card list is %(num)s minutes old.",
                number,
            )
        case "hours":
            return ngettext(
                "The card list is %(num)s hour old.", "The card list is %(num)s hours old.", number
            )
        case "days":
            return ngettext(
                "The card list is %(num)s day old.", "The card list is %(num)s days old.", number
            )
        case _:
            return _("The age of the card list is not known.")


def list_age_short(age: ListAge) -> str:
    """Say how old the card list is in two words."""
    number = age.amount or 0
    match age.unit:
        case "now":
            return _("up to date")
        case "minutes":
            return ngettext("%(num)s minute old", "%(num)s minutes old", number)
        case "hours":
            return ngettext("%(num)s hour old", "%(num)s hours old", number)
        case "days":
            return ngettext("%(num)s day old", "%(num)s days old", number)
        case _:
            return _("age unknown")


def card_number(passage: PassageView, card: CardView) -> int:
    """Return which card of the vehicle it is, counted from 1."""
    return passage.cards.index(card) + 1


def seconds_between(before: datetime | None, after: datetime | None) -> str:
    """Write the time from one moment to another in seconds, as exact as it is short."""
    if before is None or after is None or after < before:
        return "—"
    seconds = (after - before).total_seconds()
    return f"{seconds:.3f} s" if seconds < 1 else f"{seconds:.1f} s"
