"""The web application of a site: booth, lanes, secondary, passages, and the interface."""

from functools import partial
from typing import Any

from flask import Flask

from services.lane_gateway.use_cases.reads import Reads
from services.lane_gateway.web import texts
from services.lane_gateway.web.api import alarms as alarms_api
from services.lane_gateway.web.api import lanes as lanes_api
from services.lane_gateway.web.api import passages as passages_api
from services.lane_gateway.web.api import reports as reports_api
from services.lane_gateway.web.api import selections as selections_api
from services.lane_gateway.web.api import visits as visits_api
from services.lane_gateway.web.live_hub import LiveHub
from services.lane_gateway.web.pages import (
    alarms,
    booth,
    booth_live,
    lanes,
    override,
    passages,
    passkey_door,
    passkeys,
    reports,
    roster,
    schedule,
    secondary,
    selections,
)
from services.lane_gateway.web.parts import EXTENSION, Parts, SiteSettings, UseCases
from services.lane_gateway.web.record_lines import entry_rows
from services.lane_gateway.web.said import (
    card_number,
    list_age_short,
    list_age_text,
    seconds_between,
    trouble_text,
)
from services.lane_gateway.web.texts_passkeys import ROLES, STANDINGS
from services.lane_gateway.web.texts_record import REFUSALS
from services.lane_gateway.web.words import WORDS
from shared.web.app import NavLink, build_app
from shared.web.language import lazy as _l
from shared.web.settings import Issuer, WebSettings

WORDS_OF_TEMPLATES = {
    "say": texts.say,
    "texts": texts,
    "words": WORDS,
    "refusals": REFUSALS,
    "list_age_short": list_age_short,
    "list_age_text": list_age_text,
    "trouble_text": trouble_text,
    "card_number": card_number,
    "seconds_between": seconds_between,
    "passkey_standings": STANDINGS,
    "site_roles": ROLES,
}
"""What templates have at hand, also inside macros."""

__all__ = ["SiteSettings", "UseCases", "create_app", "described_app"]


def create_app(use_cases: UseCases, reads: Reads, hub: LiveHub, settings: SiteSettings) -> Flask:
    """Build the application; nothing here touches a file, a socket or the network."""
    app = build_app(
        __name__,
        settings.web,
        title=_l("Port of entry"),
        home="lanes.overview",
        pages=[
            lanes.pages,
            schedule.pages,
            booth.pages,
            booth_live.pages,
            secondary.pages,
            passages.pages,
            alarms.pages,
            reports.pages,
            selections.pages,
            passkey_door.pages,
            passkeys.pages,
            roster.pages,
            override.pages,
        ],
        apis=[
            lanes_api.api,
            passages_api.api,
            visits_api.api,
            alarms_api.api,
            reports_api.api,
            selections_api.api,
        ],
        navigation=[
            NavLink(
                endpoint="lanes.overview",
                label=_l("Lanes"),
                within=("booth", "booth_live", "schedule", "override"),
            ),
            NavLink(endpoint="secondary.overview", label=_l("Secondary")),
            NavLink(endpoint="passages.overview", label=_l("Passages")),
            NavLink(endpoint="alarms.overview", label=_l("Alarms")),
            NavLink(endpoint="reports.overview", label=_l("Report")),
            NavLink(endpoint="selections.overview", label=_l("Selections")),
            NavLink(endpoint="roster.show", label=_l("Officers")),
            NavLink(endpoint="passkeys.show", label=_l("My passkeys")),
        ],
        error_texts={
            "lane_taken": _l("Another officer is signed on to this lane"),
            "not_signed_on": _l("Sign on to the lane first"),
            "own_passkey": _l("Another supervisor confirms your passkey"),
            "passkey_gone": _l("This passkey was dropped"),
        },
        door="lane_gateway/passkey_door.html",
    )
    app.extensions[EXTENSION] = Parts(use_cases=use_cases, reads=reads, hub=hub, settings=settings)
    app.jinja_env.globals.update(WORDS_OF_TEMPLATES)
    app.jinja_env.globals["zone"] = settings.zone
    app.jinja_env.filters["reason_text"] = partial(texts.say, texts.REASONS)
    app.jinja_env.filters["entry_rows"] = entry_rows
    return app


def described_app() -> Flask:
    """Return the application for those who only look at its routes; nothing behind it works."""
    nowhere = Issuer(url="http://localhost", client_id="none", client_secret="none")  # noqa: S106 - nobody signs in
    web = WebSettings(
        service="lane_gateway",
        secret_key=bytes(32),
        production=False,
        base_url="http://localhost",
        issuers={"people": nowhere, "staff": nowhere},
    )
    settings = SiteSettings(web=web, site="none", zone="UTC")
    nothing: Any = None
    return create_app(nothing, nothing, nothing, settings)
