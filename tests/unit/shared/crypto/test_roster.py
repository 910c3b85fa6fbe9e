from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.crypto.canonical import canonical
from shared.crypto.feed import HEAD_WORDS, KEY
from shared.crypto.keyring import FolderKeyRing
from shared.crypto.roster import LONGEST, SIGNED, WORDS, sign_roster, verify_roster
from shared.crypto.signing import public_keys, sign
from shared.crypto.tampering import NotVerified

NOW = datetime(2026, 12, 3, 8, 31, tzinfo=UTC)
ENTRY = {"passkey_id": "1", "officer": "boris", "roles": ["booth"]}


def ring(folder: Path) -> FolderKeyRing:
    made = FolderKeyRing(folder, for_demo=True)
    made.ensure([KEY])
    return made


def signed(made: FolderKeyRing, **changes: Any) -> dict[str, Any]:
    known = {"site": "sym", "number": 7, "entries": [ENTRY], "now": NOW}
    return sign_roster(made, **{**known, **changes})


def signed_by_hand(made: FolderKeyRing, words: bytes, **changes: Any) -> dict[str, Any]:
    fields = {name: signed(made)[name] for name in SIGNED} | changes
    signature = sign(made, KEY, words + canonical(fields))
    return {**fields, "kid": signature.kid, "signature": signature.hex}


def test_a_roster_says_what_was_signed_and_holds_for_seven_days(tmp_path: Path) -> None:
    made = ring(tmp_path)

    roster = verify_roster(public_keys(made, KEY), signed(made), site="sym")

    assert (roster.number, roster.issued_at, list(roster.entries)) == (7, NOW, [ENTRY])
    assert roster.valid_until == NOW + timedelta(days=7)


@pytest.mark.parametrize("field", SIGNED)
def test_a_roster_that_was_changed_anywhere_is_none(tmp_path: Path, field: str) -> None:
    made = ring(tmp_path)
    other = {
        "site": "tij",
        "number": 8,
        "issued_at": (NOW + timedelta(days=1)).isoformat(),
        "valid_until": (NOW + timedelta(days=1)).isoformat(),
        "entries": [ENTRY, ENTRY],
    }
    statement = signed(made) | {field: other[field]}

    with pytest.raises(NotVerified):
        verify_roster(public_keys(made, KEY), statement, site=str(statement["site"]))


def test_a_roster_signed_with_another_key_is_none(tmp_path: Path) -> None:
    ours, theirs = ring(tmp_path / "ours"), ring(tmp_path / "theirs")

    with pytest.raises(NotVerified):
        verify_roster(public_keys(ours, KEY), signed(theirs), site="sym")


def test_a_roster_signed_as_something_else_is_none(tmp_path: Path) -> None:
    made = ring(tmp_path)
    keys = public_keys(made, KEY)

    verify_roster(keys, signed_by_hand(made, WORDS), site="sym")
    with pytest.raises(NotVerified):
        verify_roster(keys, signed_by_hand(made, HEAD_WORDS), site="sym")


def test_another_sites_roster_is_none_here(tmp_path: Path) -> None:
    made = ring(tmp_path)

    with pytest.raises(NotVerified, match="another site"):
        verify_roster(public_keys(made, KEY), signed(made, site="tij"), site="sym")


def test_no_roster_holds_longer_than_seven_days(tmp_path: Path) -> None:
    made = ring(tmp_path)
    until = (NOW + LONGEST + timedelta(seconds=1)).isoformat()
    statement = signed_by_hand(made, WORDS, valid_until=until)

    with pytest.raises(NotVerified, match="longer"):
        verify_roster(public_keys(made, KEY), statement, site="sym")


@pytest.mark.parametrize("field", [*SIGNED, "kid", "signature"])
def test_a_roster_without_a_field_is_none(tmp_path: Path, field: str) -> None:
    made = ring(tmp_path)
    statement = signed(made)
    del statement[field]

    with pytest.raises(NotVerified):
        verify_roster(public_keys(made, KEY), statement, site="sym")
