"""JSON in one form, so that equal content gives equal bytes to hash and to sign."""

import json


def canonical(value: object) -> bytes:
    """Return ``value`` as JSON: keys in order, no blanks, plain UTF-8, no numbers that are none."""
    text = json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return text.encode()
