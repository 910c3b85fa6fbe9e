"""From the reader's report to the open coil: ``python -m benchmarks.report_to_coil``.

Four lanes in automatic mode, each with its own agent process; together two vehicles a second with
four cards each; the site's web with forty event streams beside them. Measured is the time from the
last byte of the reports that complete the evidence (stamped before they are sent) to the Modbus
write that opens the arm (stamped by the kernel as it arrives), and the CPU time of the agent's
control thread from the one to the read-back of the other. See docs/benchmarks.md.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean, median

from benchmarks import machine
from benchmarks.figures import Bar, judge, percentile, spread
from benchmarks.lane.cards import CardList, card_file
from benchmarks.lane.order import traced_order
from benchmarks.lane.premises import Premises, site
from benchmarks.lane.proof import openings
from benchmarks.lane.run import Lanes, Measured
from benchmarks.lane.screens import screens

P50_MS, P99_MS, CPU_MS, RSS_MB = 1.5, 15.0, 1.2, 120.0
FAST_DISK_MS = 0.4
"""Up to this median of ``fdatasync`` the absolute bar for the median counts, else the relative."""
IDLE_SECONDS = 5.0
WARM_UP = 8


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cards", type=int, default=1_000_000)
    parser.add_argument("--lanes", type=int, default=4)
    parser.add_argument("--streams", type=int, default=40)
    parser.add_argument("--decisions", type=int, default=80, help="in one run")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--full", action="store_true", help="2,000 decisions, five runs")
    chosen = parser.parse_args()
    if chosen.full:
        chosen.decisions, chosen.runs = 2000, 5
    return chosen


def main() -> int:
    """Measure and print; 1 if a bar is missed or something is wrong with the record."""
    chosen = arguments()
    cards = CardList(count=chosen.cards)
    begun = time.monotonic()
    path = card_file(cards)
    print(f"list of {chosen.cards} cards ready after {time.monotonic() - begun:.0f} s")
    with machine.work_folder("lane") as folder:
        sync = machine.describe(folder)
        with site(folder, lanes=chosen.lanes, cards=cards) as premises:
            return _measure(chosen, premises, path, sync)


def _measure(chosen: argparse.Namespace, premises: Premises, path: Path, sync: float) -> int:
    lanes = Lanes(premises, CardList(count=chosen.cards), seed=1)
    try:
        with screens(premises, chosen.streams) as seen:
            lanes.connect()
            lanes.measure(WARM_UP)
            print(f"{machine.resident(path):.0%} of the list in memory before the first run")
            idle = lanes.idle_cpu(IDLE_SECONDS)
            runs = [_one_run(lanes, chosen.decisions, number) for number in range(chosen.runs)]
            wrong = [*_wrong(runs), *traced_order(premises, lanes)]
            memory = lanes.memory()
    finally:
        lanes.close()
    sync = min(sync, machine.describe(premises.layout.folder))
    print(f"an agent without vehicles: {idle:.1f} ms of CPU a second; {memory:.0f} MB RssAnon")
    print(f"{seen.served} of {seen.wanted} screens served to the end, {seen.events} events")
    wrong += [*seen.wrong(), *_wrong_records(premises)]
    size = Bar(name="RssAnon", value=memory, limit=RSS_MB, unit="MB")
    return judge([*_bars(runs, sync), size], wrong)


def _one_run(lanes: Lanes, decisions: int, number: int) -> Measured:
    run = lanes.measure(decisions)
    if run.samples:
        times = [sample.milliseconds for sample in run.samples]
        cpu = [sample.cpu / 1e6 for sample in run.samples]
        print(f"run {number + 1}: {len(times)} decisions in {run.seconds:.0f} s, {run.late} late")
        print(f"  report to coil: {spread(times, 'ms')}")
        print(f"  CPU of a decision: {spread(cpu, 'ms')}")
        whole = run.process_cpu / len(times)
        print(f"  CPU of a whole passage with its scans: {whole:.1f} ms", flush=True)
    return run


def _bars(runs: Sequence[Measured], sync: float) -> list[Bar]:
    times = [[sample.milliseconds for sample in run.samples] for run in runs if run.samples]
    if not times:
        return []
    cpu = fmean(sample.cpu / 1e6 for run in runs for sample in run.samples)
    limit = P50_MS if sync <= FAST_DISK_MS else 3 * sync + 1
    bars = [
        Bar(name="p50", value=median(median(run) for run in times), limit=limit, unit="ms"),
        Bar(name="CPU", value=cpu, limit=CPU_MS, unit="ms a decision"),
    ]
    tail = median(percentile(run, 0.99) for run in times)
    if sync <= FAST_DISK_MS:
        return [*bars, Bar(name="p99", value=tail, limit=P99_MS, unit="ms")]
    print(f"p99 {tail:.2f} ms; its bar counts where fdatasync takes at most {FAST_DISK_MS} ms")
    return bars


def _wrong(runs: Sequence[Measured]) -> list[str]:
    samples = [sample for run in runs for sample in run.samples]
    found = {
        "vehicles were not let through": sum(run.missed for run in runs),
        "decisions without exactly one commit": sum(one.commits != 1 for one in samples),
        "coils before their record": sum(not one.recorded for one in samples),
        "decisions with a checkpoint under way": sum(one.carried for one in samples),
    }
    return [f"{amount} {what}" for what, amount in found.items() if amount]


def _wrong_records(premises: Premises) -> list[str]:
    """Look at what the lanes' files say, once all agents have stopped."""
    wrong, opened = list[str](), 0
    for lane in premises.layout.lanes:
        premises.supervisor.stop(f"agent-{lane.id}")
        number, found = openings(premises.files.lane(lane.id))
        opened, wrong = opened + number, [*wrong, *found]
    print(f"{opened} openings in the record, each with all that led to it before it")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
