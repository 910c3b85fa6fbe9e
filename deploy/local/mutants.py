"""``make mutants``: plant each known fault in a copy of the tree and see that its tests fail.

The faults stand in ``tests/mutants/*.toml``, one table ``[[mutant]]`` each: ``shows`` (the numbered
demand or the property that its tests guard), ``file``, ``old`` (a text that occurs there once),
``new``, and ``tests``. Exit status 1 if one stays alive or cannot be planted.
"""

import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory

from deploy.local.measure import adopt_orphans, end_orphans
from deploy.local.paths import ROOT

LISTS = ROOT / "tests" / "mutants"
LINKED = (".venv", "node_modules")
AT_ONCE = 2
PATIENCE = 300.0
"""Seconds: a planted fault may hang its test, which counts as noticed."""
TESTS_FAILED = 1
"""Pytest's status for failed tests; others mean that it could not run them."""


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """One fault to be planted."""

    shows: str
    file: str
    old: str
    new: str
    tests: Sequence[str]


def load() -> list[Mutant]:
    """Return all known faults."""
    found = []
    for path in sorted(LISTS.glob("*.toml")):
        tables = tomllib.loads(path.read_text(encoding="utf-8"))["mutant"]
        found += [Mutant(**table) for table in tables]
    return found


def plant(mutant: Mutant, tree: Path) -> str:
    """Put the fault into ``tree`` and return the file's text of before."""
    path = tree / mutant.file
    text = path.read_text(encoding="utf-8")
    if text.count(mutant.old) != 1:
        msg = f"{mutant.shows}: its text occurs {text.count(mutant.old)} times in {mutant.file}"
        raise ValueError(msg)
    path.write_text(text.replace(mutant.old, mutant.new), encoding="utf-8")
    return text


def main(words: Sequence[str]) -> int:
    """Try every mutant whose description or file has one of ``words``, or all."""
    adopt_orphans()
    chosen = [
        each
        for each in load()
        if not words or any(word in f"{each.shows} {each.file}" for word in words)
    ]
    with TemporaryDirectory(prefix="trustlane-mutants-") as folder:
        trees: SimpleQueue[Path] = SimpleQueue()
        for number in range(AT_ONCE):
            trees.put(_copy(Path(folder) / str(number)))
        if not _passes_unchanged(chosen, trees):
            return 1
        with ThreadPoolExecutor(AT_ONCE) as pool:
            verdicts = list(pool.map(lambda mutant: _try(mutant, trees), chosen))
    end_orphans()  # a planted fault may leave what the sound code would have ended
    bad = [verdict for verdict in verdicts if verdict != "killed"]
    print(f"{len(verdicts) - len(bad)} of {len(verdicts)} planted faults were noticed")
    return 1 if bad or not verdicts else 0


def _try(mutant: Mutant, trees: "SimpleQueue[Path]") -> str:
    tree = trees.get()
    try:
        before = plant(mutant, tree)
        try:
            status = _pytest(tree, mutant.tests)
        finally:
            (tree / mutant.file).write_text(before, encoding="utf-8")
    except ValueError as error:
        verdict = f"not planted: {error}"
    else:
        verdict = _verdict(status)
    finally:
        trees.put(tree)
    print(f"{verdict:10} {mutant.shows}  ({mutant.file})", flush=True)
    return verdict


def _verdict(status: int | None) -> str:
    if status in {TESTS_FAILED, None}:
        return "killed"
    return "ALIVE" if status == 0 else f"pytest {status}"


def _passes_unchanged(mutants: Iterable[Mutant], trees: "SimpleQueue[Path]") -> bool:
    tests = sorted({test for mutant in mutants for test in mutant.tests})
    tree = trees.get()
    status = _pytest(tree, tests)
    trees.put(tree)
    if status != 0:
        print("the tests fail without any planted fault", file=sys.stderr)
    return status == 0


def _pytest(tree: Path, tests: Sequence[str]) -> int | None:
    """Return pytest's status, or ``None`` when it did not end."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
    try:
        done = subprocess.run(command, cwd=tree, capture_output=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        return None
    return done.returncode


def _copy(tree: Path) -> Path:
    """Copy what git knows, as it is in the working tree."""
    done = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in filter(None, done.stdout.split("\0")):
        if (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, tree / name)
    for name in LINKED:
        (tree / name).symlink_to(ROOT / name)
    return tree


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
