"""Run the benchmarks one after another: ``python -m benchmarks.run [NAME...]``.

Each is a module beside this one that prints its figures and the bar it is held against, and ends
with status 1 where it misses the bar. They run alone, each in a process of its own.
"""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

FOLDER = Path(__file__).parent
NOT_BENCHMARKS = {"__init__", "run"}
BY_HAND = {"screening": "needs a list and a labelled file: see docs/benchmarks.md"}


def names() -> list[str]:
    """Return the names of all benchmarks."""
    found = {path.stem for path in FOLDER.glob("*.py") if _runs(path)}
    return sorted(found - NOT_BENCHMARKS)


def _runs(path: Path) -> bool:
    return '__name__ == "__main__"' in path.read_text(encoding="utf-8")


def main(chosen: Sequence[str]) -> int:
    """Run the chosen benchmarks, or all; 1 if one missed its bar, 2 if one does not exist."""
    known = names()
    unknown = sorted(set(chosen) - set(known))
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    missed = []
    for name, why in BY_HAND.items():
        if not chosen:
            print(f"== {name}: left out, {why}", flush=True)
    for name in chosen or [each for each in known if each not in BY_HAND]:
        print(f"== {name}", flush=True)
        command = [sys.executable, "-m", f"benchmarks.{name}"]
        if subprocess.run(command, cwd=FOLDER.parent, check=False).returncode:
            missed.append(name)
    if missed:
        print(f"missed: {', '.join(missed)}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
