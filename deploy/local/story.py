"""``make story``: the main job through the public doors, with a timeline of measured times.

It uses pages and web interfaces with real sign-in, and the simulator's road; LLRP, Modbus and the
camera's line run between simulator and lane. Exit status 0 only if every step was observed and
what is promised was kept.
"""

import argparse
import sys
from pathlib import Path

from deploy.local.layout import EMBEDDED, SITE_NAME
from deploy.local.paths import RUN
from deploy.local.running import running_demo
from deploy.local.timeline import Timeline
from tests.actors.browsing import LANGUAGES, Unexpected
from tests.actors.cast import Doors
from tests.main_job import MainJob

LIMITS = {
    "report and plate to clear on the booth's page": 1.0,
    "hold to refer": 2.0,
}
"""Seconds that are promised; the other times are told for what they are."""


def tell(job: MainJob, timeline: Timeline) -> None:
    """Do the main job step by step; ``Unexpected`` ends it where something does not come."""
    told = 0
    for text, step in job.steps():
        with timeline.step(text):
            step()
        for mark in job.marks[told:]:
            timeline.measured(mark.what, mark.seconds, limit=LIMITS.get(mark.what))
        told = len(job.marks)


def main() -> int:
    """Tell the story in an installation of its own; 0 if every step was observed."""
    parser = argparse.ArgumentParser(prog="make story", description=__doc__)
    parser.add_argument("--broker", default=EMBEDDED, help="embedded, or amqp://...")
    parser.add_argument(
        "--folder", type=Path, default=RUN / "story", help="where it keeps its files"
    )
    parser.add_argument(
        "--speak", choices=LANGUAGES, default=LANGUAGES[0], help="the language of the pages"
    )
    chosen = parser.parse_args()
    print(f"starting the whole system, with the port {SITE_NAME} ...", flush=True)
    with running_demo(chosen.folder, broker=chosen.broker) as installation:
        doors = Doors.of(installation.layout, language=chosen.speak)
        job, timeline = MainJob(doors), Timeline()
        try:
            tell(job, timeline)
        except Unexpected as error:
            print(f"NOT OBSERVED: {error}", file=sys.stderr)
            return 1
        finally:
            job.close()
        return timeline.close()


if __name__ == "__main__":
    sys.exit(main())
