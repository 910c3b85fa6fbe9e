"""Values at which programs break: put in the place of one that fits."""

import json
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any

EDGES: Sequence[object] = (
    *("a\x00b", "\ud800", "", " ", "\u202e\u0301" * 20, "é" * 5_000, "0", "null", "\r\nX: y"),
    *(0, -1, 2**31, 2**53 + 1, 2**63, 10**30, 1e-9, 1.5, float("1e308")),
    *(None, True, [], {}, [[]], ["x", 1], {"a": {"b": None}}),
    *("0001-01-01", "9999-12-31", "2026-02-30", "1900-02-28", "-0001-01-01"),
    *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-11-01T01:30:00"),
    *("2026-06-30T23:59:60Z", "2026-11-24T00:00:00+99:99", "24:00"),
    *("00000000-0000-0000-0000-000000000000", "{00000000-0000-0000-0000-000000000000}"),
    *("US-CA", "sym", "٣٤٥", "a" * 17, "'; --", "../../etc/passwd", "%s%n"),
)
"""What JSON can hold."""

TEXTS: Sequence[str] = (
    *(each for each in EDGES if isinstance(each, str) and each != "\ud800"),
    *("-1", "999999999999999999999999", "1e3", "1_0", "NaN", "\ufffd", "W10=", "eyJsMSI6MX0="),
    *("eyJsMSI6MTAwMDAwMDAwMDAwMDAwMDAwMDAwMH0=", "bnVsbA==", "true", "None", "l1\n"),
)
"""What a query or a path can hold."""

BODIES: Sequence[bytes] = (
    b"",
    b"{",
    b"null",
    b"[]",
    b'"text"',
    b"\xff\xfe{}",
    b'{"a": NaN}',
    b'{"a": 1e999}',
    b'{"a": ' + b"9" * 5_000 + b"}",
    b"[" * 50_000,
    b'{"a":' * 2_000 + b"1" + b"}" * 2_000,
    b'{"a": "' + b"x" * 300_000 + b'"}',
    b'{"": 1}',
    b'{"a\\u0000": 1, "\\ud800": 2}',
)
"""Whole bodies that are no body of ours."""

MEDIA_TYPES: Sequence[str] = (
    *("text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin-1"),
    *("multipart/form-data", "application/xml", "nonsense", "application/vnd.api+json"),
)


def with_edge(body: object, *, place: int, edge: int) -> bytes:
    """Return ``body`` as JSON, with the value at one of its places exchanged."""
    changed = deepcopy({"": body})
    places = list(_places(changed))
    holder, key = places[place % len(places)]
    holder[key] = EDGES[edge % len(EDGES)]
    return json.dumps(changed[""]).encode()


def with_text(values: Mapping[str, Any], *, place: int, edge: int) -> dict[str, Any]:
    """Return a query or path parameters with one value exchanged."""
    name = sorted(values)[place % len(values)]
    return {**values, name: TEXTS[edge % len(TEXTS)]}


def _places(holder: Any) -> Iterator[tuple[Any, Any]]:
    keys = list(holder) if isinstance(holder, dict) else range(len(holder))
    for key in keys:
        yield holder, key
        if isinstance(holder[key], dict | list):
            yield from _places(holder[key])
