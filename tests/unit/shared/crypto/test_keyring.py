"""A folder of keys: one active key a name, old ones readable, and nobody else may look."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared.crypto.key_files import KeyExposed
from shared.crypto.key_kinds import KINDS, KindUnknown
from shared.crypto.keyring import DemoKeyRefused, FolderKeyRing, KeyInUse, KeyMissing
from tests.unit.shared.crypto.rings import ring_with, rotate

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


def test_a_new_key_is_not_written_under_until_it_is_activated(tmp_path: Path) -> None:
    ring = ring_with(tmp_path, "kek")
    first = ring.active("kek").kid
    second = ring.new("kek").kid
    assert ring.active("kek").kid == first
    ring.activate("kek", second)
    assert ring.active("kek").kid == second
    assert ring.find("kek", first).state == "retired"


def test_only_one_key_is_active_after_any_number_of_rotations(tmp_path: Path) -> None:
    ring = ring_with(tmp_path, "kek")
    for _ in range(3):
        rotate(ring, "kek")
    states = [key.state for key in ring.every("kek")]
    assert states == ["retired", "retired", "retired", "active"]


def test_a_retired_key_remembers_when_and_stays_readable(tmp_path: Path) -> None:
    ring = FolderKeyRing(tmp_path / "keys", clock=lambda: NOON)
    ring.ensure(["kek"])
    old = ring.active("kek")
    rotate(ring, "kek")
    found = ring.find("kek", old.kid)
    assert (found.secret, found.retired_at) == (old.secret, NOON)


def test_the_active_key_cannot_be_retired(tmp_path: Path) -> None:
    ring = ring_with(tmp_path, "kek")
    with pytest.raises(KeyInUse):
        ring.retire("kek", ring.active("kek").kid)


def test_a_new_key_can_be_retired_without_having_been_used(tmp_path: Path) -> None:
    ring = ring_with(tmp_path, "kek")
    spare = ring.new("kek")
    assert ring.retire("kek", spare.kid).state == "retired"
    assert ring.active("kek").kid != spare.kid


def test_a_missing_key_is_named_and_its_content_is_not(tmp_path: Path) -> None:
    ring = ring_with(tmp_path, "kek")
    with pytest.raises(KeyMissing, match="no active key dossier") as caught:
        ring.active("dossier")
    assert caught.value.code == "key_missing"
    with pytest.raises(KeyMissing, match="no key kek 0000000000000000"):
        ring.find("kek", "0" * 16)


def test_a_key_file_that_is_gone_is_named(tmp_path: Path) -> None:
    ring = ring_with(tmp_path, "kek")
    kid = ring.active("kek").kid
    (tmp_path / "keys" / "kek" / f"{kid}.key").unlink()
    with pytest.raises(KeyMissing, match=f"kek {kid} is gone"):
        FolderKeyRing(tmp_path / "keys").active("kek")


def test_a_key_does_not_show_its_secret(tmp_path: Path) -> None:
    key = ring_with(tmp_path, "kek").active("kek")
    assert "secret" not in repr(key)
    assert repr(key.secret) not in repr(key)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o700])
def test_a_key_file_wider_than_0600_is_refused_with_its_path(tmp_path: Path, mode: int) -> None:
    kid = ring_with(tmp_path, "kek").active("kek").kid
    path = tmp_path / "keys" / "kek" / f"{kid}.key"
    path.chmod(mode)
    with pytest.raises(KeyExposed, match=str(path)) as caught:
        FolderKeyRing(tmp_path / "keys").active("kek")
    assert f"{mode:04o}" in str(caught.value)


@pytest.mark.parametrize("wide", ["keys", "keys/kek"])
def test_a_folder_wider_than_0700_is_refused_with_its_path(tmp_path: Path, wide: str) -> None:
    ring_with(tmp_path, "kek")
    (tmp_path / wide).chmod(0o750)
    with pytest.raises(KeyExposed, match=str(tmp_path / wide)):
        FolderKeyRing(tmp_path / "keys").active("kek")


def test_a_table_of_states_that_others_may_write_is_refused(tmp_path: Path) -> None:
    ring = ring_with(tmp_path, "kek")
    path = tmp_path / "keys" / "kek" / "states.json"
    path.chmod(0o666)
    with pytest.raises(KeyExposed, match=str(path)):
        ring.active("kek")


def test_files_and_folders_are_made_for_their_owner_alone(tmp_path: Path) -> None:
    ring_with(tmp_path)
    everything = [tmp_path / "keys", *(tmp_path / "keys").rglob("*")]
    assert {path.stat().st_mode & 0o077 for path in everything} == {0}


def test_another_process_s_activation_is_noticed(tmp_path: Path) -> None:
    here, there = ring_with(tmp_path, "kek"), FolderKeyRing(tmp_path / "keys")
    assert there.active("kek") == here.active("kek")
    kid = rotate(here, "kek")
    assert there.active("kek").kid == kid


def test_two_starts_at_once_make_one_key(tmp_path: Path) -> None:
    def start(_: int) -> str:
        return ring_with(tmp_path, "kek").active("kek").kid

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(start, range(4)))) == 1


def test_a_name_cannot_leave_the_folder(tmp_path: Path) -> None:
    ring = ring_with(tmp_path, "kek")
    for name in ("../kek", "kek/..", "", "Kek"):
        with pytest.raises(KeyMissing):
            ring.every(name)


def test_a_name_of_ours_knows_its_kind_and_another_needs_it_said(tmp_path: Path) -> None:
    ring = ring_with(tmp_path)
    assert {name for name in KINDS if ring.active(name).secret} == set(KINDS)
    with pytest.raises(KindUnknown):
        ring.new("webhook")
    assert len(ring.new("webhook", "symmetric").secret) == 32


def test_a_broken_table_of_states_is_no_silent_start(tmp_path: Path) -> None:
    ring = ring_with(tmp_path, "kek")
    path = tmp_path / "keys" / "kek" / "states.json"
    path.write_text(path.read_text().replace("active", "actve"))
    with pytest.raises(KeyMissing, match="no state"):
        ring.active("kek")


@pytest.mark.parametrize("use", [FolderKeyRing.activate, FolderKeyRing.retire])
def test_an_unknown_kid_is_refused(
    tmp_path: Path, use: Callable[[FolderKeyRing, str, str], object]
) -> None:
    with pytest.raises(KeyMissing):
        use(ring_with(tmp_path, "kek"), "kek", "f" * 16)


def test_a_demo_s_key_is_refused_in_production_and_named(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    demo = FolderKeyRing(folder, for_demo=True)
    demo.ensure(["kek"])
    rotate(demo, "kek")
    assert demo.active("kek").demo
    with pytest.raises(DemoKeyRefused, match="kek") as caught:
        FolderKeyRing(folder, production=True).check(["kek"])
    assert caught.value.code == "demo_key"


def test_a_production_start_checks_that_its_keys_are_there(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    FolderKeyRing(folder).ensure(["kek"])
    ring = FolderKeyRing(folder, production=True)
    ring.check(["kek"])
    with pytest.raises(KeyMissing, match="session"):
        ring.check(["kek", "session"])
