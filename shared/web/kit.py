"""What one application was built from, at hand in each request."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from flask import current_app, request, url_for
from flask_wtf import CSRFProtect

from shared.web.access import access_of
from shared.web.error_texts import ErrorText
from shared.web.language import Text
from shared.web.principal import Principal
from shared.web.settings import WebSettings

if TYPE_CHECKING:
    from shared.web.assets import Assets
    from shared.web.sign_in import SignIn

EXTENSION = "trustlane"


@dataclass(frozen=True)
class NavLink:
    """A link of the main navigation, shown to whoever may open it.

    ``within`` are blueprints whose pages belong to it, beside the one of its endpoint.
    """

    endpoint: str
    label: Text
    within: tuple[str, ...] = ()

    @property
    def areas(self) -> tuple[str, ...]:
        """Return the blueprints at whose pages this link is the current one."""
        return (self.endpoint.rpartition(".")[0], *self.within)


@dataclass(frozen=True, kw_only=True)
class Kit:
    """The parts that belong to one application."""

    settings: WebSettings
    title: Text
    home: str
    navigation: Sequence[NavLink]
    error_texts: Mapping[str, ErrorText | Text]
    api_blueprints: frozenset[str]
    sign_in: "SignIn"
    assets: "Assets"
    csrf: CSRFProtect
    door: str | None = None
    """Template of a way in that the service has beside the providers, shown where one signs in."""

    def links_for(self, principal: Principal | None) -> list[NavLink]:
        """Return the links that ``principal`` may follow."""
        return [link for link in self.navigation if may_open(link.endpoint, principal)]


def may_open(endpoint: str, principal: Principal | None) -> bool:
    """Tell whether ``principal`` may see the page ``endpoint``."""
    access = access_of(current_app, endpoint, "GET")
    return access is not None and access.admits(principal)


def current_kit() -> Kit:
    """Return the parts of the application at work."""
    return cast("Kit", current_app.extensions[EXTENSION])


def is_api() -> bool:
    """Tell whether this request speaks JSON, and wants its errors so."""
    if request.blueprint is not None:
        return request.blueprint.split(".")[0] in current_kit().api_blueprints
    if request.path.startswith("/api/"):
        return True
    accepts = request.accept_mimetypes
    return accepts["application/json"] > accepts["text/html"]


def in_other_language(language: str) -> str:
    """Return the address of this page in ``language``."""
    endpoint, values = request.endpoint, request.view_args or {}
    rule = request.url_rule
    shown = rule is not None and "GET" in (rule.methods or ()) and "language" in rule.arguments
    if endpoint is None or not shown:
        return url_for("kit.home", language=language)
    query = request.args.to_dict(flat=False)
    return url_for(endpoint, **{**query, **values, "language": language})
