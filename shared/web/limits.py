"""How large a body may be: small by default, larger where a view says so."""

from collections.abc import Callable
from typing import TypeVar, cast

from flask import current_app

ATTRIBUTE = "trustlane_body_limit"

AnyView = TypeVar("AnyView", bound=Callable[..., object])


def body_limit(size: int) -> Callable[[AnyView], AnyView]:
    """Let the view take bodies of up to ``size`` bytes."""

    def decorate(view: AnyView) -> AnyView:
        setattr(view, ATTRIBUTE, size)
        return view

    return decorate


def body_limit_of(endpoint: str, default: int) -> int:
    """Return the limit that holds at ``endpoint``."""
    return cast("int", getattr(current_app.view_functions[endpoint], ATTRIBUTE, default))
