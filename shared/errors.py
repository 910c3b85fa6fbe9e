"""The error tree every service raises from.

* TrustlaneError
  x Unreadable        the bytes are not what they claim to be          (400, dead letter)
  x NotSignedIn       nobody is signed in                              (401)
  x Forbidden         this person may not do that                      (403, dead letter)
  x NotFound          the thing does not exist                         (404, dead letter)
  x Conflict          the thing's state forbids what was asked         (409, dead letter)
    + AlreadyDone     this cause was handled before; nothing to do     (acknowledge)
    + KeyReused       an Idempotency-Key came with another body        (409)
  x Stale             somebody else changed it meanwhile; try again    (412, postpone)
  x TooLarge          the body is over the limit                       (413)
  x WrongMediaType    the body's type is not one we read               (415)
  x InvalidInput      readable, but fields are wrong; ``fields`` names them (422, dead letter)
  x Unavailable       something we depend on did not answer            (503, postpone)
    + OutOfTurn       an earlier message of the aggregate is missing   (postpone, uses up no try)

The class decides the HTTP status and what becomes of a message. ``code`` is part of the public
contract: clients and tests match on it, never on the text. Anything outside the tree is a bug.
"""

from collections.abc import Mapping, Sequence


class TrustlaneError(Exception):
    """Root of all expected failures; anything else is a bug."""

    code = "error"
    status = 500


class Unreadable(TrustlaneError):  # noqa: N818 - the tree reads as plain words
    """The bytes are not what they claim to be."""

    code = "unreadable"
    status = 400


class NotSignedIn(TrustlaneError):  # noqa: N818 - the tree reads as plain words
    """Nobody is signed in, or the session has ended."""

    code = "not_signed_in"
    status = 401


class Forbidden(TrustlaneError):  # noqa: N818 - the tree reads as plain words
    """The person signed in may not do this."""

    code = "forbidden"
    status = 403


class NotFound(TrustlaneError):  # noqa: N818 - the tree reads as plain words
    """The thing asked for does not exist."""

    code = "not_found"
    status = 404


class Conflict(TrustlaneError):  # noqa: N818 - the tree reads as plain words
    """The thing exists, but its state forbids what was asked."""

    code = "conflict"
    status = 409


class AlreadyDone(Conflict):
    """The message or request that causes this was handled before.

    ``result`` is what the first handling left behind for the repeated request, if anything.
    """

    code = "already_done"

    def __init__(self, text: str, *, result: str | None = None) -> None:
        super().__init__(text)
        self.result = result


class KeyReused(Conflict):
    """The Idempotency-Key was used before with another request."""

    code = "idempotency_key_reused"


class Stale(TrustlaneError):  # noqa: N818 - the tree reads as plain words
    """Somebody else changed the thing meanwhile; look again, then try again."""

    code = "stale"
    status = 412


class TooLarge(TrustlaneError):  # noqa: N818 - the tree reads as plain words
    """The body is over the limit."""

    code = "too_large"
    status = 413


class WrongMediaType(TrustlaneError):  # noqa: N818 - the tree reads as plain words
    """The body's media type is not one that is read here."""

    code = "wrong_media_type"
    status = 415


FieldErrors = Mapping[str, Sequence[str]]


class InvalidInput(TrustlaneError):  # noqa: N818 - the tree reads as plain words
    """The request can be read, but fields are wrong; ``fields`` maps their paths to errors."""

    code = "invalid_input"
    status = 422

    def __init__(self, fields: FieldErrors, text: str = "The request is not valid") -> None:
        super().__init__(text)
        self.fields: FieldErrors = fields


class Unavailable(TrustlaneError):  # noqa: N818 - the tree reads as plain words
    """Something we depend on did not answer; trying again may help."""

    code = "unavailable"
    status = 503


class OutOfTurn(Unavailable):
    """An earlier message of the same aggregate has not been applied yet."""

    code = "out_of_turn"
