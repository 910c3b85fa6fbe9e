"""The enrollment web application."""

from collections.abc import Mapping, Sequence
from typing import cast

from flask import Flask

from services.enrollment.domain.retention import RETENTION
from services.enrollment.web import retention_words, texts
from services.enrollment.web.api import applications as api_applications
from services.enrollment.web.api import appointments as api_appointments
from services.enrollment.web.api import feed as api_feed
from services.enrollment.web.api import membership as api_membership
from services.enrollment.web.api import steps as api_steps
from services.enrollment.web.doors import EXTENSION, Doors
from services.enrollment.web.doors import doors as own_doors
from services.enrollment.web.pages import (
    applications,
    appointments,
    cards,
    center,
    form,
    membership,
    sites,
    visits,
    welcome,
)
from shared.retention import RetentionRun
from shared.web.app import NavLink, build_app
from shared.web.language import lazy as _l
from shared.web.retention import retention_pages
from shared.web.settings import Issuer, WebSettings
from shared.web.witnesses import witness_api

PAGES = (
    welcome.pages,
    applications.pages,
    form.pages,
    appointments.pages,
    membership.pages,
    center.pages,
    visits.pages,
    cards.pages,
    sites.pages,
)
APIS = (
    api_applications.api,
    api_steps.api,
    api_appointments.api,
    api_membership.api,
    api_feed.api,
)
NAVIGATION = (
    NavLink(
        endpoint="applications.overview",
        label=_l("My applications"),
        within=("form", "appointments"),
    ),
    NavLink(endpoint="membership.overview", label=_l("My membership")),
    NavLink(endpoint="center.home", label=_l("The day"), within=("visits", "cards")),
    NavLink(endpoint="sites.overview", label=_l("Sites")),
    NavLink(endpoint="retention.overview", label=_l("Retention")),
)


def _witnesses(chain: str) -> Sequence[Mapping[str, object]]:
    return own_doors().queries.witnesses(chain)


def _retention_runs() -> Sequence[RetentionRun]:
    return own_doors().queries.retention_runs()


def create_app(doors: Doors, settings: WebSettings) -> Flask:
    """Build the web application around what it may call."""
    retention = retention_pages(
        _retention_runs, RETENTION, retention_words.KINDS, clock=settings.clock
    )
    app = build_app(
        __name__,
        settings,
        title=_l("Trusted traveler enrollment"),
        home="welcome.home",
        pages=[*PAGES, retention],
        apis=[*APIS, witness_api(_witnesses)],
        navigation=NAVIGATION,
        error_texts=texts.ERROR_TITLES,
    )
    app.extensions[EXTENSION] = doors
    return app


def described_app() -> Flask:
    """Return the application for those who only look at its routes; nothing behind it works."""
    nowhere = Issuer(url="http://localhost", client_id="none", client_secret="none")  # noqa: S106 - nobody signs in
    settings = WebSettings(
        service="enrollment",
        secret_key=bytes(32),
        production=False,
        base_url="http://localhost",
        issuers={"people": nowhere, "staff": nowhere},
    )
    return create_app(cast("Doors", None), settings)
