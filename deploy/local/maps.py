"""Which kinds of pages each service has, by its URL map: a kind is a rule without its language."""

import re
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect, Rule

from services.enrollment.web.app import described_app as enrollment
from services.lane_gateway.web.app import described_app as lane_gateway
from services.vetting.bootstrap import documented as vetting

APPS: Mapping[str, Callable[[], Flask]] = {
    "enrollment": enrollment,
    "vetting": vetting,
    "lane_gateway": lane_gateway,
}
LANGUAGE = re.compile(r"^/<language:[^>]+>")
NO_PAGES = re.compile(r"^/(api|assets|static|sign-in|sign-out|signed-out|signed-in|openapi)(/|$)")
"""Ways in and out, which have no content of their own, and what is no page."""


class Kinds:
    """The kinds of pages of one service."""

    def __init__(self, service: str) -> None:
        self._map = APPS[service]().url_map

    def of(self, url: str) -> str | None:
        """Return the kind of page at ``url``, or ``None`` where there is no page."""
        try:
            rule, _ = self._map.bind("localhost").match(urlsplit(url).path, return_rule=True)
        except (HTTPException, RequestRedirect):
            return None
        return _kind(rule)

    def every(self) -> set[str]:
        """Return all kinds that answer to GET."""
        rules = (rule for rule in self._map.iter_rules() if "GET" in (rule.methods or set()))
        return {kind for rule in rules if (kind := _kind(rule)) is not None}


def _kind(rule: Rule) -> str | None:
    path, count = LANGUAGE.subn("", rule.rule)
    path = re.sub(r"<[^>]+>", "-", path) or "/"
    return path if count and not NO_PAGES.match(path) else None
