"""Compile the requirement files anew: names, versions and hashes, no addresses, no command line."""

import subprocess
import sys
from pathlib import Path

from deploy.local.paths import ROOT

FILES = ("requirements", "requirements-dev", "tests/foreign/requirements")
"""In this order: the second is compiled against the first; the third stands alone."""


def main() -> int:
    """Compile all; return the compiler's exit status."""
    for name in FILES:
        command = [str(Path(sys.executable).with_name("uv")), "pip", "compile", "--quiet"]
        command += ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-header"]
        command += ["--no-emit-index-url", "--no-emit-find-links"]
        command += [f"{name}.in", "-o", f"{name}.txt"]
        status = subprocess.run(command, cwd=ROOT, check=False).returncode
        if status:
            return status
    return 0


if __name__ == "__main__":
    sys.exit(main())
