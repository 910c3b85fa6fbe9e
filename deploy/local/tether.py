"""Run a program on a tether: it gets a signal as soon as the process that started it is gone.

``python tether.py PARENT SIGNAL OWNER PROGRAM ARGUMENT...`` replaces itself by the program, so the
process id stays. Run as a file of its own with the standard library alone, because it stands
between a fork and an exec. Linux only.
"""

import ctypes
import os
import pwd
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1
CLONE_NEWUSER = 0x10000000
NAMESPACE_ID = 1000
"""Any id but 0: PostgreSQL only asks whether it is root."""


def become(owner: str) -> None:
    """Leave root: as another user, or as nobody in particular in a user namespace of its own."""
    if owner == "namespace":
        _enter_namespace()
    elif owner != "self":
        user = pwd.getpwnam(owner)
        os.setgroups([])
        os.setgid(user.pw_gid)
        os.setuid(user.pw_uid)


def _enter_namespace() -> None:
    uid, gid = os.geteuid(), os.getegid()
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWUSER) != 0:
        sys.exit(
            f"{os.strerror(ctypes.get_errno())}: this server refuses to be root, and the system "
            "gives no user namespace. Run as an ordinary user, or have the checkout and its .venv "
            "where every user can reach them."
        )
    proc = Path("/proc/self")
    (proc / "setgroups").write_text("deny")
    (proc / "uid_map").write_text(f"{NAMESPACE_ID} {uid} 1")
    (proc / "gid_map").write_text(f"{NAMESPACE_ID} {gid} 1")


def main(arguments: list[str]) -> None:
    """Set the owner, then the tether (a change of owner would cut it), then run the program."""
    parent, signal, owner, *command = arguments
    libc = ctypes.CDLL(None, use_errno=True)
    become(owner)
    libc.prctl(PR_SET_PDEATHSIG, int(signal), 0, 0, 0)
    if os.getppid() != int(parent):
        sys.exit("the process that started this one is gone already")
    os.execvp(command[0], command)  # noqa: S606 - the point of this program


if __name__ == "__main__":
    main(sys.argv[1:])
