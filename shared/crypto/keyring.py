"""Named keys with a life of their own: new, then active, then retired.

What is written is written under the active key of a name; what was written under a retired one
stays readable for as long as the key is kept. ``KeyRing`` is the port; ``FolderKeyRing`` keeps one
folder per name with one file per key and a small table of states:

    keys/kek/0a1b2c3d4e5f6071.key        32 raw bytes, or PKCS #8 DER
    keys/kek/states.json                 {"0a1b2c3d4e5f6071": {"state": "active", ...}}

The table is replaced in one step, so that there is never a moment with two active keys or none.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Protocol

from shared.clock import Clock, utc_now
from shared.crypto.key_files import (
    check_folder,
    make_folder,
    only_writer,
    read_private,
    write_private,
)
from shared.crypto.key_kinds import Kind, kind_of, make_kid, make_secret
from shared.errors import Conflict, Unavailable

State = Literal["new", "active", "retired"]

STATES_FILE = "states.json"
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,40}")


class KeyMissing(Unavailable):
    """The ring does not hold the key that is needed; the text names it, never its content."""

    code = "key_missing"


class DemoKeyRefused(Unavailable):
    """A key that was made for a demo is not used in production."""

    code = "demo_key"


class KeyInUse(Conflict):
    """The active key cannot be retired before another one is active."""

    code = "key_in_use"


@dataclass(frozen=True, kw_only=True)
class Key:
    """One key: 32 raw bytes for a symmetric one, PKCS #8 DER for a private one."""

    name: str
    kid: str
    state: State
    secret: bytes = field(repr=False)
    retired_at: datetime | None = None
    demo: bool = False


class KeyRing(Protocol):
    """Where keys come from."""

    def active(self, name: str) -> Key:
        """Return the key to write under, or raise ``KeyMissing``."""

    def find(self, name: str, kid: str) -> Key:
        """Return the key that something was written under, or raise ``KeyMissing``."""

    def every(self, name: str) -> Sequence[Key]:
        """Return all keys of the name, the oldest first; empty when there is none."""


@dataclass(frozen=True)
class FolderKeyRing:
    """Keys in files that their owner alone may read; a wider mode is refused with its path.

    A ring ``for_demo`` marks the keys that it makes, and one for ``production`` refuses those.
    """

    folder: Path
    clock: Clock = utc_now
    for_demo: bool = False
    production: bool = False
    _read: dict[str, tuple[object, tuple[Key, ...]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def active(self, name: str) -> Key:
        """Return the key to write under, or raise ``KeyMissing``."""
        for key in self.every(name):
            if key.state == "active":
                return key
        raise KeyMissing(f"There is no active key {name} in {self.folder}")

    def find(self, name: str, kid: str) -> Key:
        """Return the key that something was written under, or raise ``KeyMissing``."""
        for key in self.every(name):
            if key.kid == kid:
                return key
        raise KeyMissing(f"There is no key {name} {kid} in {self.folder}")

    def every(self, name: str) -> Sequence[Key]:
        """Return all keys of the name, the oldest first; empty when there is none.

        Files are read once for each version of the table of states: another process that activates
        a key is noticed at the next call, which costs one look at the file's date.
        """
        table = self._place(name) / STATES_FILE
        try:
            stat = table.stat()
        except FileNotFoundError:
            return ()
        mark = (stat.st_ino, stat.st_mtime_ns, stat.st_size, stat.st_mode)
        known = self._read.get(name)
        if known is None or known[0] != mark:
            known = (mark, self._load(name))
            self._read[name] = known
        return known[1]

    def new(self, name: str, kind: Kind | None = None) -> Key:
        """Make a key that nothing is written under yet."""
        place = self._place(name)
        with only_writer(self.folder):
            return self._make(place, name, kind or kind_of(name))

    def activate(self, name: str, kid: str) -> Key:
        """Write under this key from now on; the one before it is retired."""
        with only_writer(self.folder):
            return self._activate(name, self.find(name, kid))

    def retire(self, name: str, kid: str) -> Key:
        """Write no more under this key, but keep it readable; the active one is refused."""
        with only_writer(self.folder):
            key = self.find(name, kid)
            if key.state == "active":
                raise KeyInUse(f"The key {name} {kid} is active; activate another one first")
            gone = replace(key, state="retired", retired_at=key.retired_at or self.clock())
            self._save(name, [gone if other.kid == kid else other for other in self.every(name)])
        return gone

    def check(self, names: Iterable[str]) -> None:
        """Raise what is wrong with the active keys of ``names``, so that a start stops at once."""
        for name in names:
            self.active(name)

    def ensure(self, names: Iterable[str]) -> None:
        """Make and activate a key for each name that has no active one, as at a first start."""
        with only_writer(self.folder):
            for name in names:
                if not any(key.state == "active" for key in self.every(name)):
                    self._activate(name, self._make(self._place(name), name, kind_of(name)))

    def _make(self, place: Path, name: str, kind: Kind) -> Key:
        secret = make_secret(kind)
        kid = make_kid(kind, secret)
        key = Key(name=name, kid=kid, state="new", secret=secret, demo=self.for_demo)
        make_folder(place)
        write_private(place / f"{key.kid}.key", secret)
        self._save(name, [*self.every(name), key])
        return key

    def _activate(self, name: str, key: Key) -> Key:
        chosen = replace(key, state="active", retired_at=None)
        self._save(name, [self._after(other, chosen) for other in self.every(name)])
        return chosen

    def _after(self, key: Key, chosen: Key) -> Key:
        if key.kid == chosen.kid:
            return chosen
        if key.state == "active":
            return replace(key, state="retired", retired_at=self.clock())
        return key

    def _place(self, name: str) -> Path:
        if not NAME.fullmatch(name):
            raise KeyMissing("A key's name is made of small letters, digits and dashes")
        return self.folder / name

    def _load(self, name: str) -> tuple[Key, ...]:
        place = self._place(name)
        check_folder(self.folder)
        check_folder(place)
        states = json.loads(read_private(place / STATES_FILE))
        return tuple(self._key(place, name, kid, row) for kid, row in states.items())

    def _key(self, place: Path, name: str, kid: str, row: dict[str, Any]) -> Key:
        if row.get("demo") and self.production:
            raise DemoKeyRefused(f"The key {name} {kid} in {place} was made for a demo")
        try:
            secret = read_private(place / f"{kid}.key")
        except FileNotFoundError:
            raise KeyMissing(f"The file of the key {name} {kid} is gone from {place}") from None
        retired = row.get("retired_at")
        return Key(
            name=name,
            kid=kid,
            state=_state(row.get("state")),
            secret=secret,
            retired_at=datetime.fromisoformat(retired) if retired else None,
            demo=bool(row.get("demo")),
        )

    def _save(self, name: str, keys: Sequence[Key]) -> None:
        rows = {
            key.kid: {
                "state": key.state,
                "retired_at": key.retired_at.isoformat() if key.retired_at else None,
                "demo": key.demo,
            }
            for key in keys
        }
        data = json.dumps(rows, indent=1).encode()
        write_private(self._place(name) / STATES_FILE, data)


def _state(word: object) -> State:
    """Return the state that a table names; anything else is a table that somebody broke."""
    if word not in ("new", "active", "retired"):
        raise KeyMissing("A table of key states holds a word that is no state")
    return word
