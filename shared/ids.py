"""Identifiers as a dependency, so that tests can foresee them."""

from collections.abc import Callable
from uuid import UUID, uuid4

NewId = Callable[[], UUID]


def new_id() -> UUID:
    """Return a fresh random identifier; an identifier is never a secret."""
    return uuid4()
