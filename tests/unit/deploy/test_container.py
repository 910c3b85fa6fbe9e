import json
from pathlib import Path

import pytest

from deploy.container.entrypoint import read_files
from deploy.container.keys import KEYS, make_keys
from deploy.local.layout import SERVICES
from shared.crypto.keyring import DemoKeyRefused, FolderKeyRing


def test_an_address_with_a_password_comes_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("amqps://vetting:secret@broker/\n")
    given = {"VETTING_BROKER_URL_FILE": str(tmp_path / "url"), "VETTING_PORT": "8002"}

    assert read_files(given, "vetting") == {
        "VETTING_BROKER_URL": "amqps://vetting:secret@broker/",
        "VETTING_PORT": "8002",
    }


def test_a_file_that_is_not_there_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_files({"VETTING_DATABASE_URL_FILE": str(tmp_path / "none")}, "vetting")


def test_other_names_with_file_in_them_are_left_alone() -> None:
    given = {"VETTING_OIDC_CLIENT_SECRET_FILE": "/run/secrets/oidc"}

    assert read_files(given, "vetting") == given


@pytest.mark.parametrize("service", SERVICES)
def test_first_keys_are_made_once_and_their_public_halves_given_away(
    service: str, tmp_path: Path
) -> None:
    ring, public = FolderKeyRing(tmp_path / "keys"), tmp_path / "public"
    make_keys(service, keys=ring.folder, public=public, demo=True)
    first = {name: ring.active(name).kid for name in KEYS[service]}

    make_keys(service, keys=ring.folder, public=public, demo=True)

    assert {name: ring.active(name).kid for name in KEYS[service]} == first
    for path in public.iterdir():
        (key,) = json.loads(path.read_text())["keys"]
        assert key["kid"] == first[path.stem.removeprefix(f"{service}-")]
        assert "d" not in key, "the private half stays"


def test_production_refuses_the_keys_of_a_demo(tmp_path: Path) -> None:
    make_keys("vetting", keys=tmp_path / "keys", public=tmp_path, demo=True)

    with pytest.raises(DemoKeyRefused):
        FolderKeyRing(tmp_path / "keys", production=True).active("kek")
