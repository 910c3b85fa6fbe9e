"""The commands ``keys new|activate|retire|rewrap|breach NAME``: an exit status and lines.

``new`` makes a key and ``activate`` writes under it from then on, in two steps, so that a public
half can be given away and pinned before it is used. ``rewrap`` wraps every data key under the
active key-encryption key. ``breach`` does at once what has to happen when a key has become known.
``list`` shows which keys there are, ``public`` prints what may be given away.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol
from uuid import UUID

from shared.crypto.data_keys import KEK, rewrap
from shared.crypto.jwk import public_half
from shared.crypto.key_kinds import KINDS, Kind
from shared.crypto.keyring import FolderKeyRing, Key, KeyMissing
from shared.crypto.signing import public_keys, to_jwks
from shared.errors import TrustlaneError

DONE = 0
REFUSED = 1
WRONG_USAGE = 2

Print = Callable[[str], object]


class StoredKeys(Protocol):
    """All wrapped data keys of a service, to be wrapped anew."""

    def every(self) -> Iterable[tuple[UUID, bytes]]:
        """Yield each owner with the wrapped key; the table may be changed meanwhile."""

    def replace(self, owner: UUID, old: bytes, new: bytes) -> bool:
        """Put ``new`` where ``old`` still stands, in a commit of its own; tell whether it did."""


AFTERWARDS: Mapping[str, str] = MappingProxyType(
    {
        "kek": "data keys are wrapped anew; run 'keys rewrap kek' again if it was interrupted",
        "blind-index": "indexes of before are found until the rows are written anew",
        "session": "all sessions have ended; everybody signs in again",
        "chip-master": "cards of before keep their keys; those of a breach must be replaced",
        "feed-signing": "send the new public key to the sites before the next head is signed",
        "audit-signing": "send the new public key to the other services",
        "dossier": "send the new public key to the services that seal dossiers to this one",
        "site": "send the new public key to headquarters; records come sealed to it again",
        "client": "send the new public key to headquarters and strike the old one there",
    }
)
"""What remains to be done elsewhere once a key was changed."""


@dataclass(frozen=True, kw_only=True)
class _Keys:
    ring: FolderKeyRing
    stored: StoredKeys | None
    say: Print

    def list(self, name: str, _kid: str | None) -> int:
        for key in self.ring.every(name):
            self.say(f"{name} {key.kid} {key.state}")
        return DONE

    def public(self, name: str, _kid: str | None) -> int:
        """Print what may be given away: one JWK a line, retired keys left out."""
        kind = KINDS[name]
        if kind == "symmetric":
            self.say(f"{name} is a secret as a whole; it has no public half")
            return WRONG_USAGE
        for key in self.ring.every(name):
            if key.state != "retired":
                self.say(json.dumps(self._public_half(kind, key)))
        return DONE

    def new(self, name: str, _kid: str | None) -> int:
        key = self.ring.new(name)
        self.say(f"{name} {key.kid} new; nothing is written under it until it is activated")
        return DONE

    def activate(self, name: str, kid: str | None) -> int:
        key = self.ring.activate(name, kid or self._newest(name))
        self.say(f"{name} {key.kid} active; {AFTERWARDS[name]}")
        return DONE

    def retire(self, name: str, kid: str | None) -> int:
        if kid is None:
            self.say(f"keys retire {name} needs the kid of the key")
            return WRONG_USAGE
        self.ring.retire(name, kid)
        self.say(f"{name} {kid} retired; what was written under it stays readable")
        return DONE

    def rewrap(self, name: str, _kid: str | None) -> int:
        if name != KEK or self.stored is None:
            self.say("only the data keys under kek can be wrapped anew")
            return WRONG_USAGE
        done = left = 0
        for owner, old in self.stored.every():
            fresh = rewrap(self.ring, old)
            if fresh is None:
                left += 1
            elif self.stored.replace(owner, old, fresh):
                done += 1
        self.say(f"{done} data keys wrapped anew, {left} were already under the active kek")
        return DONE

    def breach(self, name: str, _kid: str | None) -> int:
        known = [key.kid for key in self.ring.every(name) if key.state == "active"]
        key = self.ring.activate(name, self.ring.new(name).kid)
        self.say(f"{name} {key.kid} active in place of the key that became known")
        self.say(AFTERWARDS[name])
        if KINDS[name] != "symmetric":
            self.say(f"strike {' '.join(known)} wherever its public half is trusted")
        return self.rewrap(name, None) if name == KEK else DONE

    def _public_half(self, kind: Kind, key: Key) -> Mapping[str, object]:
        if kind == "p-256":
            return public_half(key)
        everyone = public_keys(self.ring, key.name)
        return to_jwks({key.kid: everyone[key.kid]})[0]

    def _newest(self, name: str) -> str:
        waiting = [key.kid for key in self.ring.every(name) if key.state == "new"]
        if not waiting:
            raise KeyMissing(f"There is no new key {name} to activate; make one with keys new")
        return waiting[-1]


def keys_command(
    ring: FolderKeyRing,
    verb: str,
    name: str,
    *,
    kid: str | None = None,
    stored: StoredKeys | None = None,
    say: Print = print,
) -> int:
    """Do one verb on the keys of ``name``; 0 done, 1 refused, 2 wrong usage.

    ``kid`` chooses a key for ``activate`` (else the newest) and ``retire``. ``stored`` is needed
    for ``rewrap`` and for ``breach kek``.
    """
    keys = _Keys(ring=ring, stored=stored, say=say)
    verbs: Mapping[str, Callable[[str, str | None], int]] = {
        "list": keys.list,
        "public": keys.public,
        "new": keys.new,
        "activate": keys.activate,
        "retire": keys.retire,
        "rewrap": keys.rewrap,
        "breach": keys.breach,
    }
    if verb not in verbs or name not in KINDS:
        say(f"usage: keys {'|'.join(verbs)} {'|'.join(KINDS)} [KID]")
        return WRONG_USAGE
    try:
        return verbs[verb](name, kid)
    except TrustlaneError as error:
        say(f"refused ({error.code}): {error}")
        return REFUSED
