import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from services.vetting.cli import main
from services.vetting.config import KEY_NAMES, SettingMissing
from services.vetting.domain.watchlist import synthetic
from shared.crypto.keyring import FolderKeyRing
from tests.conftest import DatabaseUrl
from tests.integration.vetting.conftest import migrated


@pytest.fixture
def env(tmp_path: Path, database_url: DatabaseUrl, ring: FolderKeyRing) -> Mapping[str, str]:
    assert KEY_NAMES
    (tmp_path / "secret").write_text("s")
    return {
        "VETTING_DATABASE_URL": database_url("vetting", prepare=migrated),
        "VETTING_BROKER_URL": "postgresql://nowhere/broker",
        "VETTING_KEYS": str(ring.folder),
        "VETTING_AUDIT_KEYS": str(tmp_path),
        "VETTING_BASE_URL": "http://localhost:8002",
        "VETTING_PORT": "8002",
        "VETTING_ADMIN_PORT": "9002",
        "VETTING_WORKER_ADMIN_PORT": "9012",
        "VETTING_OIDC_STAFF_URL": "http://localhost:9/staff",
        "VETTING_OIDC_CLIENT_ID": "vetting",
        "VETTING_OIDC_CLIENT_SECRET_FILE": str(tmp_path / "secret"),
        "VETTING_MODE": "demo",
    }


def test_a_list_is_imported_and_people_are_screened_from_files(
    env: Mapping[str, str], list_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = synthetic.invented_people(30, seed=3)[0]
    people = [
        {"id": 1, "name": f"{listed.given} {listed.surnames}", "birth_date": str(listed.born)},
        {"id": "two", "name": "Mary Smith", "countries": ["US"]},
        {"id": 3, "name": "曾"},
    ]
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text("".join(json.dumps(person) + "\n" for person in people))

    assert main(["import-watchlist", "--format", "ofac-sdn", str(list_folder)], env) == 0
    assert "ofac-sdn version 1: 30 entries, 30 added" in capsys.readouterr().out
    assert main(["screen", "--input", str(source), "--output", str(target)], env) == 0

    first, second, third = [json.loads(line) for line in target.read_text().splitlines()]
    assert (first["id"], first["status"], first["truncated"]) == (1, "screened", False)
    assert first["hits"][0]["entry"] == str(listed.number)
    assert first["hits"][0]["list"] == "ofac-sdn"
    assert {"kind", "how", "points"} <= first["hits"][0]["evidence"][0].keys()
    assert second["id"] == "two"
    assert all(hit["score"] < 0.5 for hit in second["hits"])
    assert third["status"] == "too_little"


def test_a_cut_list_is_refused_with_status_1(
    env: Mapping[str, str], list_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = list_folder / "sdn.csv"
    path.write_bytes(path.read_bytes()[:500])

    assert main(["import-watchlist", "--format", "ofac-sdn", str(list_folder)], env) == 1
    assert "watchlist_unreadable" in capsys.readouterr().err
    (list_folder / "alt.csv").unlink()
    assert main(["import-watchlist", "--format", "ofac-sdn", str(list_folder)], env) == 1
    assert "alt.csv" in capsys.readouterr().err


def test_a_wrong_line_is_named_and_nothing_is_written(
    env: Mapping[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    for line in ('{"id": 1, "name": "A B"}\n{"id": 2}\n', '{"id": 1, "nmae": "x"}', "[", "3"):
        source.write_text(line)
        assert main(["screen", "--input", str(source), "--output", str(target)], env) == 1
    assert "Line 2 of the input is wrong at: name" in capsys.readouterr().err
    assert not target.exists()


def test_everybody_is_screened_anew_on_demand(
    env: Mapping[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rescreen", "--all"], env) == 0
    assert "0 people screened" in capsys.readouterr().out


def test_a_missing_setting_stops_the_start_with_its_name(
    env: Mapping[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    for name in env:
        rest = {other: value for other, value in env.items() if other != name}
        assert main(["rescreen", "--all"], rest) == 1
        assert name in capsys.readouterr().err
    assert SettingMissing("X").fields == {"X": ["is not set"]}


def test_the_audit_of_an_import_is_verified(
    env: Mapping[str, str], list_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["import-watchlist", "--format", "ofac-sdn", str(list_folder)], env)

    assert main(["audit", "verify"], env) == 0
    assert "/vetting" in capsys.readouterr().out


def test_the_openapi_document_needs_no_settings(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["openapi"], {}) == 0
    assert json.loads(capsys.readouterr().out)["openapi"] == "3.1.0"
