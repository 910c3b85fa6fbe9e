"""Refusals that come of the whole of what is stored, not of one thing's state."""

from shared.errors import Conflict


class ApplicationOpen(Conflict):
    """The person has an application that is not over yet."""

    code = "application_open"


class CardInUse(Conflict):
    """The membership has a card that is made, mailed or active."""

    code = "card_in_use"


class ChipKnown(Conflict):
    """The chip was used for another card."""

    code = "chip_known"


class NumberTaken(Conflict):
    """A random number was drawn twice; doing the same again draws another."""

    code = "number_taken"
