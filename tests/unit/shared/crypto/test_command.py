"""The keys verbs change what they say, print no secret, and answer with an exit status."""

import json
from pathlib import Path
from uuid import uuid4

import pytest

from shared.crypto.command import keys_command
from shared.crypto.data_keys import kid_of_wrapped
from shared.crypto.dossier import open_dossier, seal_dossier
from shared.crypto.key_kinds import KINDS
from shared.crypto.keyring import FolderKeyRing
from shared.crypto.sealing import Place, Sealer
from shared.crypto.signing import from_jwks, sign, verify
from tests.unit.shared.crypto.rings import WrappedInMemory, ring_with


@pytest.fixture
def ring(tmp_path: Path) -> FolderKeyRing:
    return ring_with(tmp_path)


@pytest.fixture
def said() -> list[str]:
    return []


def test_new_then_activate_changes_the_active_key(ring: FolderKeyRing, said: list[str]) -> None:
    before = ring.active("dossier").kid
    assert keys_command(ring, "new", "dossier", say=said.append) == 0
    assert ring.active("dossier").kid == before
    assert keys_command(ring, "activate", "dossier", say=said.append) == 0
    assert ring.active("dossier").kid in said[-1]
    assert keys_command(ring, "list", "dossier", say=said.append) == 0
    assert said[-2:] == [
        f"dossier {before} retired",
        f"dossier {ring.active('dossier').kid} active",
    ]


def test_retire_needs_a_kid_and_refuses_the_active_one(
    ring: FolderKeyRing, said: list[str]
) -> None:
    kid = ring.active("kek").kid
    assert keys_command(ring, "retire", "kek", say=said.append) == 2
    assert keys_command(ring, "retire", "kek", kid=kid, say=said.append) == 1
    assert "key_in_use" in said[-1]
    spare = ring.new("kek").kid
    assert keys_command(ring, "retire", "kek", kid=spare, say=said.append) == 0


def test_activate_without_a_new_key_is_refused(ring: FolderKeyRing, said: list[str]) -> None:
    assert keys_command(ring, "activate", "kek", say=said.append) == 1
    assert "no new key kek" in said[-1]


def test_rewrap_moves_every_data_key_and_can_be_repeated(
    ring: FolderKeyRing, said: list[str]
) -> None:
    keys = WrappedInMemory()
    sealer = Sealer(ring, keys)
    owners = [uuid4() for _ in range(3)]
    sealed = [sealer.seal(owner, b"x", Place("t", "c", "1")) for owner in owners]
    keys_command(ring, "new", "kek", say=said.append)
    keys_command(ring, "activate", "kek", say=said.append)
    assert keys_command(ring, "rewrap", "kek", stored=keys, say=said.append) == 0
    assert "3 data keys wrapped anew" in said[-1]
    assert {kid_of_wrapped(row) for row in keys.rows.values()} == {ring.active("kek").kid}
    assert keys_command(ring, "rewrap", "kek", stored=keys, say=said.append) == 0
    assert "0 data keys wrapped anew, 3 were" in said[-1]
    later = Sealer(ring, keys)
    for owner, value in zip(owners, sealed, strict=True):
        assert later.open(owner, value, Place("t", "c", "1")) == b"x"


def test_rewrap_of_anything_but_the_kek_is_wrong_usage(
    ring: FolderKeyRing, said: list[str]
) -> None:
    assert keys_command(ring, "rewrap", "kek", say=said.append) == 2
    stored = WrappedInMemory()
    assert keys_command(ring, "rewrap", "site", stored=stored, say=said.append) == 2


@pytest.mark.statement(58)
@pytest.mark.parametrize("name", KINDS)
def test_breach_puts_another_key_in_place_at_once(
    ring: FolderKeyRing, said: list[str], name: str
) -> None:
    keys = WrappedInMemory()
    Sealer(ring, keys).digest(uuid4(), b"x")
    before = ring.active(name).kid
    assert keys_command(ring, "breach", name, stored=keys, say=said.append) == 0
    assert ring.active(name).kid != before
    assert any(before in line for line in said) == (KINDS[name] != "symmetric")
    assert before not in {kid_of_wrapped(row) for row in keys.rows.values()} or name != "kek"


@pytest.mark.parametrize("name", ["dossier", "site", "client", "feed-signing", "audit-signing"])
def test_public_prints_what_may_be_given_away(
    ring: FolderKeyRing, said: list[str], name: str
) -> None:
    keys_command(ring, "breach", name)
    assert keys_command(ring, "public", name, say=said.append) == 0
    (jwk,) = [json.loads(line) for line in said]
    assert jwk["kid"] == ring.active(name).kid
    assert "d" not in jwk
    if name.endswith("signing"):
        verify(from_jwks([jwk]), sign(ring, name, b"x"), b"x")
    else:
        assert open_dossier(ring, name, seal_dossier(jwk, {"a": 1})) == {"a": 1}


def test_a_symmetric_key_has_no_public_half(ring: FolderKeyRing, said: list[str]) -> None:
    assert keys_command(ring, "public", "kek", say=said.append) == 2


def test_no_line_holds_a_secret(ring: FolderKeyRing, said: list[str]) -> None:
    for name in KINDS:
        for verb in ("new", "activate", "list"):
            keys_command(ring, verb, name, say=said.append)
        for key in ring.every(name):
            assert key.secret.hex() not in "\n".join(said)


@pytest.mark.parametrize(("verb", "name"), [("burn", "kek"), ("new", "nothing"), ("", "")])
def test_an_unknown_verb_or_name_is_wrong_usage(
    ring: FolderKeyRing, said: list[str], verb: str, name: str
) -> None:
    assert keys_command(ring, verb, name, say=said.append) == 2
    assert said[0].startswith("usage: keys list|public|new")
