"""The words of a lane's schedule."""

from collections.abc import Collection

from services.lane_gateway.domain.schedule import WEEK
from shared.web.language import Text
from shared.web.language import gettext as _
from shared.web.language import lazy as _l

WEEKDAYS: tuple[Text, ...] = (
    _l("Monday"),
    _l("Tuesday"),
    _l("Wednesday"),
    _l("Thursday"),
    _l("Friday"),
    _l("Saturday"),
    _l("Sunday"),
)
"""In the order of their numbers."""


def days(chosen: Collection[int]) -> str:
    """Return days of the week as they are listed."""
    if len(chosen) == WEEK:
        return _("Every day")
    return ", ".join(str(WEEKDAYS[number]) for number in sorted(chosen))
