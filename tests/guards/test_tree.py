import re
import subprocess
from pathlib import Path

from deploy.local.paths import ROOT

LOCK_FILES = (
    "requirements.in",
    "requirements-dev.in",
    "requirements.txt",
    "requirements-dev.txt",
    "tests/foreign/requirements.in",
    "tests/foreign/requirements.txt",
    "package-lock.json",
    ".npmrc",
)
PINNED = re.compile(r"^[a-z0-9][a-z0-9.-]*(\[[a-z,]+\])?==\S+( ;.*)?( \\)?$")
LONGEST = 300


def tracked(*patterns: str) -> list[Path]:
    """Return the files that git knows, without those just deleted."""
    done = subprocess.run(
        ["git", "ls-files", "-z", *patterns],  # noqa: S607 - git from the PATH, as its user has it
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = [ROOT / name for name in done.stdout.split("\0") if name]
    return [path for path in paths if path.is_file()]


def text_of(path: Path) -> str:
    return path.read_bytes().decode("utf-8", errors="replace")


def test_lock_files_carry_no_download_addresses() -> None:
    found = [name for name in LOCK_FILES if "://" in text_of(ROOT / name)]

    assert found == []


def test_every_requirement_is_pinned_and_hashed() -> None:
    for name in ("requirements.txt", "requirements-dev.txt", "tests/foreign/requirements.txt"):
        entries = re.split(r"\n(?=\S)", text_of(ROOT / name).strip())
        entries = [entry for entry in entries if not entry.lstrip().startswith("#")]
        assert entries
        for entry in entries:
            assert PINNED.match(entry.splitlines()[0]), entry.splitlines()[0]
            assert "--hash=sha256:" in entry


def test_nothing_but_the_foreign_programs_imports_what_others_wrote() -> None:
    imports = re.compile(
        r"^\s*(?:from|import)\s+(?:sllurp|pyllrp|llrpkit|bitstring)\b", re.MULTILINE
    )
    found = {path for path in tracked("*.py") if imports.search(text_of(path))}

    programs = ROOT / "tests" / "foreign" / "programs"
    assert found
    assert {path.parent for path in found} == {programs}


def test_no_foreign_reader_program_is_a_requirement_of_ours() -> None:
    ours = text_of(ROOT / "requirements.txt") + text_of(ROOT / "requirements-dev.txt")

    assert not re.search(r"^(sllurp|pyllrp|llrpkit)\b", ours, re.MULTILINE)


def test_the_tree_names_no_path_of_the_machine_it_is_on() -> None:
    homes = {str(Path.home()), str(ROOT)} - {"/", "/root"}
    patterns = [re.escape(home) + r"\b" for home in homes] + [r"/r[o]ot/\.", re.escape(str(ROOT))]
    pattern = re.compile("|".join(patterns))
    found = [str(path.relative_to(ROOT)) for path in tracked() if pattern.search(text_of(path))]

    assert found == []


def test_nothing_is_left_unfinished_or_skipped() -> None:
    words = ["raise NotImplemented" + "Error", "TO" + "DO", "FIX" + "ME"]
    words += ["pytest." + "skip", "mark." + "skip", "x" + "fail"]
    found = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in tracked("*.py")
        for word in words
        if word in text_of(path)
    ]

    assert found == []


def test_no_file_of_code_is_longer_than_can_be_read_at_once() -> None:
    found = {
        str(path.relative_to(ROOT)): lines
        for path in tracked("*.py")
        if "migrations/versions" not in str(path)
        if (lines := text_of(path).count("\n")) > LONGEST
    }

    assert found == {}


def test_init_files_are_empty() -> None:
    assert [str(path) for path in tracked("*__init__.py") if text_of(path).strip()] == []
