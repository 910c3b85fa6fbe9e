"""What the site's command line proves of the lanes' draws by chance."""

import argparse
import sys

from services.lane_gateway.bootstrap.site import site_files
from services.lane_gateway.config import Config
from services.lane_gateway.domain.selection_proof import Flaw, prove
from services.lane_gateway.persistence.queries_files import ReadOnlyFiles
from services.lane_gateway.persistence.queries_selection import SelectionQueries

DONE, REFUSED = 0, 1


def verify(config: Config, chosen: argparse.Namespace) -> int:
    """Prove every draw of every period that is over, and say what is wrong with any.

    The running period is named and proves nothing yet; asked for alone, it is refused.
    """
    opened = ReadOnlyFiles(site_files(config))
    queries = SelectionQueries(opened)
    lanes = [chosen.lane] if chosen.lane else site_files(config).lanes()
    try:
        every = [
            _verify(queries, lane, period, asked=chosen.period is not None)
            for lane in lanes
            for period in queries.periods(lane)
            if chosen.period in {None, period}
        ]
    finally:
        opened.close()
    if not every:
        _say("no draws by chance are in the record")
    asked_in_vain = chosen.period is not None and not every
    return DONE if all(every) and not asked_in_vain else REFUSED


def _verify(queries: SelectionQueries, lane: str, period: str, *, asked: bool) -> bool:
    recorded = queries.period(lane, period)
    found = prove(recorded)
    newest = queries.periods(lane)[-1] == period
    if newest and not asked and [each.flaw for each in found] == [Flaw.NOT_REVEALED]:
        _say(f"{lane} {period}: {len(recorded.draws)} draws so far, not over yet")
        return True
    if not found:
        selected = sum(draw.selected for draw in recorded.draws)
        _say(f"{lane} {period}: {len(recorded.draws)} draws proved, {selected} selected")
    for flaw in found:
        _say(f"{lane} {period}: {flaw.flaw} {flaw.at}".rstrip())
    return not found


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
