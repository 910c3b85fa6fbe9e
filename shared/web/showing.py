"""What templates have at hand: who is signed in, where links lead, how values are written."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency
from flask import Flask, g, request

from shared.web.kit import NavLink, current_kit, in_other_language, may_open
from shared.web.language import LANGUAGES, current_language
from shared.web.principal import principal_or_none

CUSTOMS = {"en": "en_US", "es": "es_US"}
"""Whose manner of writing dates and amounts each language follows."""


def show(app: Flask) -> None:
    """Give the templates of ``app`` their names and filters."""
    app.context_processor(names)
    app.jinja_env.filters.update(day=day, moment=moment, money=money)
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def names() -> dict[str, Any]:
    """Return what every template may use."""
    kit = current_kit()
    principal = principal_or_none()
    return {
        "kit": kit,
        "principal": principal,
        "language": current_language(),
        "languages": LANGUAGES,
        "in_other_language": in_other_language,
        "links": (links := kit.links_for(principal)),
        "current_link": current_link(links),
        "may_open": lambda endpoint: may_open(endpoint, principal),
        "asset": kit.assets.url,
        "request_id": g.get("request_id", ""),
    }


def current_link(links: Sequence[NavLink]) -> NavLink | None:
    """Return the one link of the navigation that this page belongs to."""
    exact = [link for link in links if link.endpoint == request.endpoint]
    near = [link for link in links if request.blueprint in link.areas]
    return next(iter(exact + near), None)


def day(value: date | None) -> str:
    """Write a date in full; nothing for none."""
    return format_date(value, "long", locale=CUSTOMS[current_language()]) if value else ""


def moment(value: datetime | None, zone: str = "UTC") -> str:
    """Write an instant in the given zone, with the zone's name."""
    if value is None:
        return ""
    local = (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(ZoneInfo(zone))
    written = format_datetime(local, "d MMM y, HH:mm", locale=CUSTOMS[current_language()])
    return f"{written} {local.tzname()}"


def money(cents: int | None, currency: str = "USD") -> str:
    """Write an amount in cents."""
    if cents is None:
        return ""
    return format_currency(cents / 100, currency, locale=CUSTOMS[current_language()])
