"""What the web application was built with, at hand in each request."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

from flask import current_app

from services.enrollment.domain.program import Policy
from services.enrollment.use_cases.front_door import UseCases
from services.enrollment.use_cases.reading import Queries, Snapshots
from shared.clock import Clock
from shared.web.principal import current_principal

EXTENSION = "enrollment"


@dataclass(frozen=True, kw_only=True)
class Doors:
    """All that pages and interfaces may call."""

    use_cases: UseCases
    queries: Queries
    snapshots: Snapshots
    policy: Policy
    feed_keys: Callable[[], Sequence[Mapping[str, Any]]] = field(repr=False)
    clock: Clock


def doors() -> Doors:
    """Return what this application was built with."""
    return cast("Doors", current_app.extensions[EXTENSION])


def use_cases() -> UseCases:
    """Return everything the service can be asked to do."""
    return doors().use_cases


def own_id() -> UUID:
    """Return the id of the person who is signed in."""
    return current_principal().id
