"""Key files on disk: for their owner alone, and written whole or not at all.

A key that others of the machine can read is no longer a key, so a file wider than 0600 or a folder
wider than 0700 is refused with its path. Nothing here knows what the bytes mean.
"""

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shared.errors import Unavailable

FOLDER_MODE = 0o700
FILE_MODE = 0o600


class KeyExposed(Unavailable):
    """A key file or folder may be read by others; it is not used until its mode is narrowed."""

    code = "key_exposed"


def make_folder(folder: Path) -> None:
    """Make ``folder`` for its owner alone, or raise ``KeyExposed`` where it is wider already."""
    folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    check_folder(folder)


def check_folder(folder: Path) -> None:
    """Raise ``KeyExposed`` where anybody but the owner may look into ``folder``."""
    mode = stat.S_IMODE(folder.stat().st_mode)
    if mode & ~FOLDER_MODE:
        raise KeyExposed(f"{folder} has mode {mode:04o}; only {FOLDER_MODE:04o} is accepted")


def read_private(path: Path) -> bytes:
    """Return the file's bytes; raise ``KeyExposed`` where anybody but its owner may read it.

    The mode is taken from the opened file, so that it cannot be exchanged between look and read.
    """
    with path.open("rb") as file:
        mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
        if mode & ~FILE_MODE:
            raise KeyExposed(f"{path} has mode {mode:04o}; only {FILE_MODE:04o} is accepted")
        return file.read()


def write_private(path: Path, data: bytes) -> None:
    """Write ``data`` durably under ``path``: a reader sees the old file or the new, never half."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, FILE_MODE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    _settle(path.parent)


def _settle(folder: Path) -> None:
    """Make the new name in ``folder`` survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def only_writer(folder: Path) -> Iterator[None]:
    """Keep other processes from changing the keys in ``folder``; reading goes on meanwhile."""
    make_folder(folder)
    descriptor = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, FILE_MODE)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
