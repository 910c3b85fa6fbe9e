"""The factory of a service's web application."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import CSRFProtect

from shared.web.access import public
from shared.web.api import Api, ApiBlueprint
from shared.web.assets import Assets, assets
from shared.web.border import guard_border
from shared.web.error_texts import ErrorText
from shared.web.headers import protect_answers
from shared.web.kept import kept_forms
from shared.web.kit import EXTENSION, Kit, NavLink, current_kit
from shared.web.language import CATALOG, Text, install_languages, preferred_language
from shared.web.logs import never_write_values
from shared.web.metrics import measure
from shared.web.openapi import documents
from shared.web.problem import answer_errors
from shared.web.purpose import purposes
from shared.web.sessions import SealedSessions
from shared.web.settings import WebSettings
from shared.web.showing import show
from shared.web.sign_in import SignIn, sign_in
from shared.web.streams import limit_streams

__all__ = ["NavLink", "build_app"]

OWN = Path(__file__).parent
FORM_PARTS = 2000  # fields of one form; five years of history in detail are a few hundred

FIRST = "/<language:language>/"

kit_pages = Blueprint("kit", __name__, template_folder="templates")


@kit_pages.get("/")
@public
def root() -> ResponseReturnValue:
    """Choose the language that the browser prefers."""
    response = redirect(url_for("kit.home", language=preferred_language()))
    response.headers["Vary"] = "Accept-Language"
    return response


@kit_pages.get(FIRST)
@public
def home() -> ResponseReturnValue:
    """Go to the first page of the service."""
    return redirect(url_for(current_kit().home))


def build_app(
    import_name: str,
    settings: WebSettings,
    *,
    title: Text,
    home: str,
    pages: Sequence[Blueprint] = (),
    apis: Sequence[ApiBlueprint] = (),
    navigation: Sequence[NavLink] = (),
    error_texts: Mapping[str, ErrorText | Text] | None = None,
    door: str | None = None,
) -> Flask:
    """Build an application from its pages and interfaces.

    ``home`` is the endpoint that ``/`` leads to. ``error_texts`` gives the codes of the service's
    own errors their words: a heading and advice, or a heading alone. ``door`` is the template of
    a way in beside the providers. Nothing here touches the network or a database.
    """
    never_write_values()
    app = Flask(import_name, static_folder=None)
    app.config.update(_config(settings, title))
    app.session_interface = SealedSessions(settings)
    app.extensions[EXTENSION] = Kit(
        settings=settings,
        title=title,
        home=home,
        navigation=navigation,
        error_texts=error_texts or {},
        api_blueprints=frozenset({api.name for api in apis} | {documents.name}),
        sign_in=SignIn(app, settings),
        assets=Assets(
            settings.front_end, Path(app.root_path) / "static", production=settings.production
        ),
        csrf=CSRFProtect(),
        door=door,
    )
    app.extensions[EXTENSION].csrf.init_app(app)
    install_languages(app, _catalogs(Path(app.root_path)))
    measure(app, settings.service)
    guard_border(app)
    protect_answers(app, settings)
    answer_errors(app)
    limit_streams(app, settings.max_streams)
    show(app)
    _register(app, pages, apis)
    return app


def _register(app: Flask, pages: Sequence[Blueprint], apis: Sequence[ApiBlueprint]) -> None:
    """Put every part at its place; a page at the kit's own address would never be reached."""
    for own in (kit_pages, sign_in, kept_forms, purposes, assets, documents):
        app.register_blueprint(own)
    for page in pages:
        app.register_blueprint(page, url_prefix=f"/<language:language>{page.url_prefix or ''}")
    rules = [rule.endpoint for rule in app.url_map.iter_rules() if rule.rule == FIRST]
    if rules != ["kit.home"]:
        raise ValueError(f"The address {FIRST} leads to the home page: {rules[1:]}")
    interface = Api(app)
    for api in apis:
        interface.register_blueprint(api)


def _config(settings: WebSettings, title: Text) -> dict[str, Any]:
    return {
        "SECRET_KEY": settings.secret_key,
        "SECRET_KEY_FALLBACKS": list(settings.old_secret_keys),
        "SESSION_COOKIE_NAME": settings.cookie,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.production,
        "TRUSTED_HOSTS": [settings.host] if settings.production else None,
        "MAX_CONTENT_LENGTH": settings.max_body,
        "MAX_FORM_MEMORY_SIZE": settings.max_body,
        "MAX_FORM_PARTS": FORM_PARTS,
        "WTF_CSRF_CHECK_DEFAULT": False,
        "WTF_CSRF_TIME_LIMIT": None,
        "API_TITLE": str.__str__(title),
        "API_VERSION": "v1",
        "OPENAPI_VERSION": "3.1.0",
    }


def _catalogs(root: Path) -> list[Path]:
    return [path for path in (OWN / CATALOG, root / CATALOG) if path.is_file()]
