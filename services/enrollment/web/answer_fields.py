"""What answers are made of: trimmed texts, countries, states."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields, pre_load, validate

from services.enrollment.web import choices
from services.enrollment.web.regions import REGIONS
from shared.web.language import Text

SHORT, LONG, STORY = 40, 120, 2000


class Answers(Schema):
    """Answers, freed of blanks around them and of two ways to write one letter."""

    @pre_load
    def tidy(self, data: Any, **_: Any) -> Any:
        """Trim texts and compose their letters."""
        if not isinstance(data, Mapping):
            return data
        return {name: _tidy(value) for name, value in data.items()}


def _tidy(value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value.strip())
    return value


def text(label: Text, *, longest: int = LONG, hint: Text | None = None) -> fields.String:
    """Return a field for a text that may be left out."""
    told = {"label": label} if hint is None else {"label": label, "hint": hint}
    return fields.String(load_default="", validate=validate.Length(max=longest), metadata=told)


def needed(label: Text, *, longest: int = LONG, hint: Text | None = None) -> fields.String:
    """Return a field for a text that must be there."""
    told = {"label": label} if hint is None else {"label": label, "hint": hint}
    return fields.String(required=True, validate=validate.Length(min=1, max=longest), metadata=told)


def country(label: Text) -> fields.String:
    """Return a field for a country."""
    return fields.String(
        required=True,
        validate=validate.OneOf(sorted(choices.country_codes())),
        metadata={"label": label, "choices": choices.countries},
    )


def region(label: Text, *, hint: Text | None = None) -> fields.String:
    """Return a field for a state or province, which few countries need."""
    told: dict[str, Any] = {"label": label, "choices": choices.regions}
    if hint is not None:
        told["hint"] = hint
    return fields.String(load_default="", validate=validate.OneOf(["", *REGIONS]), metadata=told)
