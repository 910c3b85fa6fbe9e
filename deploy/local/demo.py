"""``make demo``: the whole system on this machine, until Ctrl-C."""

import argparse
import signal
import sys
import time
from pathlib import Path
from types import FrameType

from deploy.local.layout import EMBEDDED, SERVICES, Layout
from deploy.local.paths import RUN
from deploy.local.people import PEOPLE
from deploy.local.running import AlreadyRunning, Installation, running_demo
from deploy.local.supervisor import NotReady

LOOK_EVERY = 0.5
TITLES = {"enrollment": "Enrollment", "vetting": "Vetting", "lane_gateway": "Lane gateway"}


def main() -> int:
    """Run until Ctrl-C; 0 after a wanted stop, 1 if something failed."""
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("--broker", default=EMBEDDED, help="embedded, or amqp://...")
    parser.add_argument("--keep", action="store_true", help="go on with the last demo's data")
    parser.add_argument("--folder", type=Path, default=RUN, help="where it keeps its files")
    chosen = parser.parse_args()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    start = time.monotonic()
    print("starting ...", flush=True)
    try:
        with running_demo(chosen.folder, broker=chosen.broker, keep=chosen.keep) as installation:
            _announce(installation.layout, time.monotonic() - start)
            return _watch(installation)
    except AlreadyRunning as error:
        print(f"A demo runs in this folder already: {error}.", file=sys.stderr)
        return 1
    except NotReady as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped", flush=True)
        return 0


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """Stop once; a second signal shall not cut the stopping short."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _watch(installation: Installation) -> int:
    supervisor = installation.supervisor
    while not (ended := supervisor.ended()):
        time.sleep(LOOK_EVERY)
    print(f"ended by themselves: {', '.join(ended)}", file=sys.stderr)
    for name in ended:
        print(f"see {supervisor.log(name)}", file=sys.stderr)
    return 1


def _announce(layout: Layout, seconds: float) -> None:
    lines = ["", f"Trustlane is ready after {seconds:.0f} s. Ctrl-C stops it.", ""]
    lines += [f"  {TITLES[service]:16}{layout.url(service)}/en/" for service in SERVICES]
    lines += [f"  {'People sign in':16}{layout.oidc_url('people')}"]
    lines += [f"  {'Staff sign in':16}{layout.oidc_url('staff')}", ""]
    lines += ["  Sign in as (no password; any new name is an applicant):"]
    lines += [f"    {person.username:10}{person.role:12}{person.name}" for person in PEOPLE]
    lines += [""]
    for lane in layout.lanes:
        places = f"reader {lane.reader}, gate {lane.gate}, camera {lane.camera}"
        lines.append(f"  lane {lane.id} at {lane.site}, {lane.mode}: {places}")
    lines += ["", "  A car drives up with: make drive EPC=... TID=... PLATE=... (docs/tutorial.md)"]
    lines += ["", f"  logs in {layout.logs}, all addresses in {layout.folder / 'demo.json'}", ""]
    print("\n".join(lines), flush=True)


if __name__ == "__main__":
    sys.exit(main())
