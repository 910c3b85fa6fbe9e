"""What cryptography says when something was changed, forged or moved."""

from shared.errors import Unreadable


class Tampered(Unreadable):
    """The sealed bytes were changed, or stand in a place they were not sealed for."""

    code = "tampered"


class NotVerified(Unreadable):
    """The signature does not fit the bytes, or was made by a key that is not trusted here."""

    code = "not_verified"
