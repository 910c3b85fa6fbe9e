"""Between the flat names of an HTML form and the nested data that a schema loads.

A name is the path of a field joined by ``-``: ``birth_date-month``, ``vehicles-0-plate``.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import Enum
from typing import Any

from marshmallow import Schema, fields

Values = dict[str, list[str]]

DATE_PARTS = ("month", "day", "year")
SURROGATES = re.compile("[\x00\ud800-\udfff]")


def storable(text: str) -> bool:
    """Tell whether ``text`` can be kept: a database takes neither NUL nor half characters."""
    return SURROGATES.search(text) is None


def payload(schema: Schema, values: Values, prefix: str = "") -> dict[str, Any]:
    """Return what was typed as ``schema`` wants to load it; what is empty was not given."""
    found: dict[str, Any] = {}
    for name, field in schema.load_fields.items():
        key = field.data_key or name
        given = _given(field, values, prefix + key)
        if given is not None:
            found[key] = given
        elif field.allow_none and prefix + key in values:
            found[key] = None
    return found


def known_names(schema: Schema, values: Values, prefix: str = "") -> set[str]:
    """Return those names in ``values`` that belong to a field of ``schema``."""
    known: set[str] = set()
    for name, field in schema.load_fields.items():
        own = prefix + (field.data_key or name)
        known.add(own)
        if is_date(field):
            known.update(f"{own}-{part}" for part in DATE_PARTS)
        nested, many = nested_in(field)
        if nested is not None:
            inner = [f"{own}-{row}-" for row in rows(values, own)] if many else [f"{own}-"]
            for start in inner:
                known |= known_names(nested, values, start)
    return known & values.keys()


def rows(values: Values, name: str) -> list[int]:
    """Return the numbers of the rows of the list ``name``."""
    pattern = re.compile(re.escape(name) + r"-(\d{1,3})-")
    found = (pattern.match(key) for key in values)
    return sorted({int(match[1]) for match in found if match})


def filled_rows(values: Values, name: str) -> list[int]:
    """Return the numbers of the rows in which something was typed."""
    return [row for row in rows(values, name) if _filled(values, f"{name}-{row}-")]


def spread(data: Mapping[str, object], prefix: str = "") -> Values:
    """Return stored ``data`` as the values of a form."""
    values: Values = {}
    for key, value in data.items():
        values.update(_spread_one(f"{prefix}{key}", value))
    return values


def html_name(path: str, values: Values) -> str:
    """Return the form's name for the dotted ``path`` of an error; empty rows were not counted."""
    name = ""
    for part in path.split("."):
        step = part
        if part.isdecimal() and name:
            kept = filled_rows(values, name)
            step = str(kept[int(part)]) if int(part) < len(kept) else part
        name = f"{name}-{step}" if name else step
    return "" if name == "_schema" else name


def field_at(schema: Schema, name: str) -> fields.Field[Any] | None:
    """Return the field that the form's ``name`` belongs to."""
    found: fields.Field[Any] | None = None
    for part in name.split("-"):
        if part.isdecimal() or (is_date(found) and part in DATE_PARTS):
            continue
        schema = nested_in(found)[0] or schema
        found = next(
            (field for key, field in schema.fields.items() if part in (field.data_key, key)), None
        )
    return found


def nested_in(field: fields.Field[Any] | None) -> tuple[Schema | None, bool]:
    """Return the schema that ``field`` nests, and whether it nests a list of them."""
    if isinstance(field, fields.List) and isinstance(field.inner, fields.Nested):
        return field.inner.schema, True
    if isinstance(field, fields.Nested):
        return field.schema, bool(field.many)
    return None, False


def is_date(field: fields.Field[Any] | None) -> bool:
    """Tell whether ``field`` is typed as month, day and year; marshmallow's Date is a DateTime."""
    return isinstance(field, fields.Date)


def _given(field: fields.Field[Any], values: Values, name: str) -> Any:
    nested, many = nested_in(field)
    if nested is not None:
        return _nested(nested, values, name, many=many)
    if is_date(field):
        return _date(values, name)
    texts = [text.strip() for text in values.get(name, ())]
    filled = [text for text in texts if text]
    if isinstance(field, fields.List):
        return filled or None
    return filled[-1] if filled else None


def _nested(schema: Schema, values: Values, name: str, *, many: bool) -> Any:
    if many:
        found = [payload(schema, values, f"{name}-{row}-") for row in filled_rows(values, name)]
        return found or None
    return payload(schema, values, f"{name}-") if _filled(values, f"{name}-") else None


def _date(values: Values, name: str) -> str | None:
    month, day, year = (_last(values, f"{name}-{part}") for part in DATE_PARTS)
    if not (month or day or year):
        return _last(values, name) or None
    if not (month.isdecimal() and day.isdecimal() and year.isdecimal()):
        return f"{year}-{month}-{day}"
    return f"{int(year):04}-{int(month):02}-{int(day):02}"


def _filled(values: Values, start: str) -> bool:
    return any(text.strip() for key in values if key.startswith(start) for text in values[key])


def _last(values: Values, name: str) -> str:
    return values[name][-1].strip() if values.get(name) else ""


def _spread_one(name: str, value: object) -> Values:
    if value is None:
        return {}
    if isinstance(value, Mapping):
        return spread(value, f"{name}-")
    if isinstance(value, date) and not hasattr(value, "hour"):
        return {f"{name}-{part}": [str(getattr(value, part))] for part in DATE_PARTS}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return _spread_list(name, value)
    return {name: [_plain(value)]}


def _spread_list(name: str, items: Sequence[object]) -> Values:
    values: Values = {}
    for row, item in enumerate(items):
        if isinstance(item, Mapping):
            values.update(spread(item, f"{name}-{row}-"))
        else:
            values.setdefault(name, []).append(_plain(item))
    return values


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value.value if isinstance(value, Enum) else value)


def texts_of(values: Values) -> Iterator[tuple[str, str]]:
    """Return each name with each of its texts."""
    for name, texts in values.items():
        for text in texts:
            yield name, text
