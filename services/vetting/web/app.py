"""The vetting web application."""

from flask import Flask

from services.vetting.domain.reasons import RULES
from services.vetting.domain.retention import RETENTION
from services.vetting.use_cases.reading import Queries
from services.vetting.use_cases.use_cases import UseCases
from services.vetting.web import dossier_words, retention_words, words
from services.vetting.web.api import cases as case_api
from services.vetting.web.api import holds as hold_api
from services.vetting.web.api import watchlists as list_api
from services.vetting.web.error_texts import HEADINGS
from services.vetting.web.evidence_words import explained
from services.vetting.web.history_words import told
from services.vetting.web.pages import audit, cases, decisions, holds, people, queue, watchlists
from shared.web.app import NavLink, build_app
from shared.web.language import lazy as _l
from shared.web.purpose import PURPOSES
from shared.web.retention import retention_pages
from shared.web.settings import WebSettings
from shared.web.witnesses import witness_api


def create_app(use_cases: UseCases, queries: Queries, settings: WebSettings) -> Flask:
    """Build the web application around wired use cases."""
    app = build_app(
        __name__,
        settings,
        title=_l("Vetting"),
        home="queue.list_cases",
        pages=[
            queue.pages,
            cases.pages,
            decisions.pages,
            holds.pages,
            watchlists.pages,
            people.pages,
            audit.pages,
            retention_pages(
                queries.retention_runs, RETENTION, retention_words.KINDS, clock=settings.clock
            ),
        ],
        apis=[
            case_api.api,
            hold_api.api,
            list_api.api,
            witness_api(queries.witnesses),
        ],
        navigation=[
            NavLink("queue.list_cases", _l("Queue"), within=("cases", "decisions")),
            NavLink("holds.list_holds", _l("Holds")),
            NavLink("people.look_up", _l("Look up")),
            NavLink("watchlists.show", _l("Watchlists")),
            NavLink("audit.entries", _l("Audit")),
            NavLink("retention.overview", _l("Retention")),
        ],
        error_texts=HEADINGS,
    )
    app.extensions["use_cases"] = use_cases
    app.extensions["queries"] = queries
    dossier_words.install(app)
    app.jinja_env.globals.update(
        dossier_words=dossier_words,
        explained=explained,
        now=settings.clock,
        purposes=PURPOSES,
        rules=RULES,
        told=told,
        word=words.word,
        words=words,
    )
    return app
