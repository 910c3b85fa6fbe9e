"""The words of the port's report."""

from collections.abc import Mapping

from shared.web.language import Text
from shared.web.language import lazy as _l

PERIODS: Mapping[int, Text] = {
    1: _l("The last 24 hours"),
    7: _l("The last 7 days"),
    30: _l("The last 30 days"),
}
"""What can be asked for, by its number of days."""
