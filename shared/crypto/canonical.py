"""JSON in one form, so that equal content gives equal bytes to hash and to sign."""

import json

_encode = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
).encode


def canonical(value: object) -> bytes:
    """Return ``value`` as JSON: keys in order, no blanks, plain UTF-8, no numbers that are none."""
    return _encode(value).encode()
