"""How every state machine of enrollment refuses a move that its table does not hold."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from shared.errors import Conflict

State = TypeVar("State", bound=StrEnum)


class IllegalTransition(Conflict):
    """The thing is not in a state that permits the move."""

    code = "illegal_transition"

    def __init__(self, thing: str, current: str, wanted: str) -> None:
        super().__init__(f"A {thing} that is {current} cannot become {wanted}")
        self.current = current
        self.wanted = wanted


def allowed(
    table: Mapping[State, frozenset[State]], thing: str, current: State, wanted: State
) -> State:
    """Return ``wanted`` if ``table`` leads there from ``current``, or raise."""
    if wanted not in table[current]:
        raise IllegalTransition(thing, current, wanted)
    return wanted
