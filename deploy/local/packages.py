"""System packages that the tests need: used as they are, else installed where we may.

Runs under the system's Python with the standard library alone.
"""

import contextlib
import ctypes.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from deploy.local import chromium, rabbitmq

RABBITMQ_OLDEST = (3, 10)
"""Streams that start at a number, and quorum queues with a delivery limit."""
SYSTEM = "/usr/sbin:/sbin:/usr/bin:/bin"
"""Where system tools are, also for a user whose PATH leaves them out."""
POLICY = Path("/usr/sbin/policy-rc.d")
POLICY_TEXT = "#!/bin/sh\nexit 101\n"
"""What Debian asks before a package starts its service; 101 forbids it."""


def missing() -> list[str]:
    """Return the names of Debian's packages that are still to be installed."""
    names = []
    if rabbitmq.home() is None:
        names.append("rabbitmq-server")
    if chromium.find() is None:
        names.append("chromium")
    # A Modbus client that others wrote; it brings the library whose server we are tried against.
    if shutil.which("mbpoll") is None or ctypes.util.find_library("modbus") is None:
        names.append("mbpoll")
    # Makes the networks in which cables are cut.
    if shutil.which("ip", path=SYSTEM) is None:
        names.append("iproute2")
    return names


def provide() -> None:
    """Make sure that all is there, or say exactly what to do and stop."""
    names = missing()
    if names:
        if os.geteuid() != 0 or shutil.which("apt-get") is None:
            sys.exit(
                f"The tests need {' and '.join(names)}, which only root can install:\n"
                f"    sudo apt-get install --no-install-recommends {' '.join(names)}\n"
                "(RabbitMQ then runs as a system service too; the tests do not touch it.)"
            )
        print(f"installing {' and '.join(names)} through apt", flush=True)
        try:
            _install(names)
        except subprocess.CalledProcessError as error:
            sys.exit(f"apt could not install {' and '.join(names)} (status {error.returncode})")
    _refuse_old_rabbitmq()


def _install(names: list[str]) -> None:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    apt = ["apt-get", "-y", "-qq", "-o", "DPkg::Lock::Timeout=300"]
    with _no_service_starts():
        subprocess.run([*apt, "update"], env=environment, check=True)
        subprocess.run(
            [*apt, "install", "--no-install-recommends", *names],
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )


@contextlib.contextmanager
def _no_service_starts() -> Iterator[None]:
    """Keep packages from starting system services that the user did not ask for."""
    if POLICY.exists():
        yield
        return
    POLICY.write_text(POLICY_TEXT)
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink(missing_ok=True)


def _refuse_old_rabbitmq() -> None:
    home = rabbitmq.home()
    if home is None:
        return
    for path in (home / "lib").glob("rabbitmq_server-*"):
        found = re.fullmatch(r"rabbitmq_server-(\d+)\.(\d+).*", path.name)
        if found and (int(found[1]), int(found[2])) < RABBITMQ_OLDEST:
            oldest = ".".join(map(str, RABBITMQ_OLDEST))
            sys.exit(f"RabbitMQ {path.name} is too old: the tests need {oldest} or newer.")


if __name__ == "__main__":
    provide()
