"""Where a list goes on: opaque to the caller, and refused where it was made up."""

import base64
import json
import re
from collections.abc import Mapping

from shared.errors import InvalidInput
from shared.web.language import gettext as _

LANE = re.compile(r"[a-z0-9]{1,12}")
LONGEST = 2000
MOST = 1 << 53


def write_cursor(places: Mapping[str, int]) -> str:
    """Return the place in each lane's record as one text."""
    return base64.urlsafe_b64encode(json.dumps(places, sort_keys=True).encode()).decode()


def read_cursor(text: str | None) -> Mapping[str, int]:
    """Return the places in ``text``, none for none; or raise ``InvalidInput``."""
    if not text:
        return {}
    places = _opened(text) if len(text) <= LONGEST else None
    if not isinstance(places, dict) or not all(map(_is_place, places.items())):
        raise InvalidInput({"before": [_("Take this value from the answer before.")]})
    return places


def _opened(text: str) -> object:
    try:
        return json.loads(base64.b64decode(text.encode(), altchars=b"-_", validate=True))
    except (ValueError, RecursionError):
        return None


def _is_place(pair: tuple[object, object]) -> bool:
    lane, number = pair
    named = isinstance(lane, str) and bool(LANE.fullmatch(lane))
    return named and type(number) is int and 0 <= number < MOST
