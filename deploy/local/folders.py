"""A server's folder belongs to one process at a time."""

import fcntl
import os
from pathlib import Path


class InUse(Exception):  # noqa: N818 - reads as plain words
    """Another process runs a server in this folder."""


class FolderLock:
    """A lock that ends with the process that holds it, however that ends."""

    def __init__(self, folder: Path, name: str = "lock") -> None:
        self._path = folder / name
        self._handle: int | None = None

    def take(self) -> None:
        """Take the folder, or raise ``InUse`` at once."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(handle)
            msg = f"{self._path.parent} is in use by another process"
            raise InUse(msg) from error
        self._handle = handle

    def let_go(self) -> None:
        """Give the folder back; safe to call twice."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
