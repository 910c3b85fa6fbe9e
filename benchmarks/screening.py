"""How many listed people the matcher finds at the point where 1 % of other people alert.

``python -m benchmarks.screening LIST_FOLDER LABELLED.json``: the list is a folder in OFAC's format,
the labelled file has ``pos`` (``cls, q, dob, truth``) and ``neg`` (``cls, q, dob``).
"""

import json
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from services.vetting.domain.screening.matcher import (
    ALERT_SCORE,
    Screener,
    Screening,
    Source,
    Status,
    points_at,
)
from services.vetting.domain.screening.query import Subject
from services.vetting.domain.watchlist.birth_date import parse_iso
from services.vetting.domain.watchlist.ofac_sdn import FILES, parse_ofac_sdn

ALERTING = 0.01
FOUND = 1e9
"""Too little to screen goes to an officer, so it counts as found."""

RESAMPLES = 2_000
Row = dict[str, str]


def main(folder: str, labelled: str) -> None:
    entries = parse_ofac_sdn({name: (Path(folder) / name).read_bytes() for name in FILES})
    started = time.perf_counter()
    screener = Screener([Source(list="ofac-sdn", version=1, entries=entries)])
    print(f"index of {len(screener.index)} names: {time.perf_counter() - started:.1f} s")
    rows = json.loads(Path(labelled).read_text())
    started = time.perf_counter()
    negatives = [(row, _screen(screener, row)) for row in rows["neg"]]
    positives = [(row, _screen(screener, row)) for row in rows["pos"]]
    took = time.perf_counter() - started
    print(f"{(len(negatives) + len(positives)) / took:.0f} people a second")
    _report(positives, negatives)


def _screen(screener: Screener, row: Row) -> Screening:
    date = parse_iso(row["dob"]) if row["dob"] else None
    return screener.screen(Subject.of(row["q"], birth_date=date))


def _score(screening: Screening, truth: str | None = None) -> float:
    if screening.status is Status.TOO_LITTLE:
        return FOUND
    scores = [m.points for m in screening.matches if truth is None or m.entry.id == truth]
    return max(scores, default=-FOUND)


def _report(
    positives: Sequence[tuple[Row, Screening]], negatives: Sequence[tuple[Row, Screening]]
) -> None:
    unread = sum(screening.status is Status.TOO_LITTLE for _, screening in negatives)
    print(f"too little to screen: {unread / len(negatives):.1%} of the others, left out of the 1 %")
    negatives = [pair for pair in negatives if pair[1].status is Status.SCREENED]
    wrong = np.array([_score(screening) for _, screening in negatives])
    found = np.array([_score(screening, row["truth"]) for row, screening in positives])
    bar = float(np.sort(wrong)[::-1][int(ALERTING * len(wrong))])
    hit = found > bar
    chance = np.random.default_rng(1)
    resampled = [hit[chance.integers(0, len(hit), len(hit))].mean() for _ in range(RESAMPLES)]
    low, high = np.percentile(resampled, [2.5, 97.5])
    print(f"bar {bar:.2f} points; recall {hit.mean():.4f} [{low:.4f}-{high:.4f}]")
    print(f"too little to screen: {(found == FOUND).mean():.1%} of the listed, counted as found")
    print(
        f"at the shipped threshold {points_at(ALERT_SCORE):.0f}: recall"
        f" {(found >= points_at(ALERT_SCORE)).mean():.4f},"
        f" alerts {(wrong >= points_at(ALERT_SCORE)).mean():.2%}"
    )
    _by("cls", [row for row, _ in positives], hit)
    _by("dobk", [row for row, _ in positives], hit)
    _by("cls", [row for row, _ in negatives], wrong > bar)


def _by(key: str, rows: Sequence[Row], values: np.ndarray) -> None:
    groups: dict[str, list[bool]] = defaultdict(list)
    for row, value in zip(rows, values, strict=True):
        groups[row[key]].append(bool(value))
    print("  ".join(f"{name} {np.mean(group):.3f}" for name, group in groups.items()))


if __name__ == "__main__":
    main(*sys.argv[1:3])
