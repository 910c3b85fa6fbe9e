"""Who may call a route: declared at each view, denied where nothing is declared.

The decorators leave an ``Access`` on the view; several of them mean any of them. One check before
every request reads it, and a guard test reads it over all routes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar, cast

from flask import Flask

from shared.web.principal import ROLES, Principal

ATTRIBUTE = "trustlane_access"

AnyView = TypeVar("AnyView", bound=Callable[..., object])


@dataclass(frozen=True, kw_only=True)
class Access:
    """The callers a view is meant for."""

    everybody: bool = False
    people: bool = False
    any_staff: bool = False
    roles: frozenset[str] = frozenset()
    sites: bool = False

    def __or__(self, other: "Access") -> "Access":
        return Access(
            everybody=self.everybody or other.everybody,
            people=self.people or other.people,
            any_staff=self.any_staff or other.any_staff,
            roles=self.roles | other.roles,
            sites=self.sites or other.sites,
        )

    def admits(self, principal: Principal | None) -> bool:
        """Tell whether ``principal`` may call the view."""
        if self.everybody:
            return True
        if principal is None:
            return False
        if principal.issuer == "people":
            return self.people
        if principal.issuer == "site":
            return self.sites
        return self.any_staff or principal.has(*self.roles)

    @property
    def for_staff(self) -> bool:
        """Tell whether somebody of the staff issuer can have access."""
        return self.any_staff or bool(self.roles)


NOBODY = Access()


def declare(view: AnyView, access: Access) -> AnyView:
    """Add ``access`` to what is declared at ``view``."""
    setattr(view, ATTRIBUTE, getattr(view, ATTRIBUTE, NOBODY) | access)
    return view


def public(view: AnyView) -> AnyView:
    """Let everybody call the view, signed in or not."""
    return declare(view, Access(everybody=True))


def applicant(view: AnyView) -> AnyView:
    """Let people of the people issuer call the view."""
    return declare(view, Access(people=True))


def staff(view: AnyView) -> AnyView:
    """Let people of the staff issuer call the view, whatever their roles."""
    return declare(view, Access(any_staff=True))


def site_client(view: AnyView) -> AnyView:
    """Let sites call the view with a bearer assertion."""
    return declare(view, Access(sites=True))


def allow(*roles: str) -> Callable[[AnyView], AnyView]:
    """Let staff with one of ``roles`` call the view."""
    unknown = set(roles) - ROLES
    if unknown or not roles:
        raise ValueError(f"Not roles of this product: {sorted(unknown)}")

    def decorate(view: AnyView) -> AnyView:
        return declare(view, Access(roles=frozenset(roles)))

    return decorate


def access_of(app: Flask, endpoint: str, method: str) -> Access | None:
    """Return what is declared at the view of ``endpoint``, or ``None`` where nothing is."""
    view = app.view_functions[endpoint]
    view_class = getattr(view, "view_class", None)
    if view_class is not None:
        name = "get" if method == "HEAD" else method.lower()
        view = getattr(view_class, name, view)
    return cast("Access | None", getattr(view, ATTRIBUTE, None))
