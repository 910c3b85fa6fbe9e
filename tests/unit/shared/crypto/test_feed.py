"""The feed's chain follows entry by entry, and its heads and snapshots are signed."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.crypto.feed import (
    BEGINNING,
    ChainBroken,
    FeedMark,
    entry_bytes,
    file_sha256,
    follow,
    link,
    make_head,
    sign_snapshot,
    verify_head,
    verify_snapshot,
)
from shared.crypto.keyring import FolderKeyRing
from shared.crypto.signing import public_keys
from shared.crypto.tampering import NotVerified
from tests.unit.shared.crypto.rings import ring_with, rotate

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
MARK = FeedMark(number=41, hash="ab" * 32)


@pytest.fixture
def ring(tmp_path: Path) -> FolderKeyRing:
    return ring_with(tmp_path, "feed-signing")


def issued(credential: str = "c1") -> dict[str, object]:
    return {"kind": "issued", "credential_id": credential, "programs": ["sentri"], "plates": []}


def test_entries_follow_each_other_without_a_gap() -> None:
    mark = BEGINNING
    for credential in ("c1", "c2", "c3"):
        mark = follow(mark, link(mark, issued(credential)))
    assert mark.number == 3


def test_the_order_of_fields_does_not_change_the_bytes() -> None:
    entry = link(MARK, issued())
    assert entry_bytes(entry) == entry_bytes(dict(reversed(entry.items())))


@given(st.dictionaries(st.text(max_size=5), st.one_of(st.none(), st.integers(), st.text())))
def test_other_content_gives_another_place(fields: dict[str, object]) -> None:
    entry = link(MARK, fields)
    assert follow(MARK, entry) != follow(MARK, {**entry, "kind": "x", "more": "y"})


def test_a_gap_a_repeat_and_another_history_are_refused() -> None:
    entry = link(MARK, issued())
    after = follow(MARK, entry)
    with pytest.raises(ChainBroken, match="came where 43 is due"):
        follow(after, entry)
    with pytest.raises(ChainBroken, match="came where 42 is due"):
        follow(MARK, link(after, issued()))
    with pytest.raises(ChainBroken, match="does not follow"):
        follow(MARK, {**entry, "previous": "cd" * 32})


def test_an_exchanged_entry_is_found_at_the_next_one() -> None:
    first = link(BEGINNING, issued("c1"))
    second = link(follow(BEGINNING, first), issued("c2"))
    forged = follow(BEGINNING, {**first, "credential_id": "c9"})
    with pytest.raises(ChainBroken):
        follow(forged, second)


def test_a_head_is_the_next_entry_and_vouches_for_those_before_it(ring: FolderKeyRing) -> None:
    entry = make_head(ring, MARK, now=NOON)
    head = verify_head(public_keys(ring, "feed-signing"), entry)
    assert (head.position, head.before, head.at) == (42, MARK, NOON)
    assert follow(MARK, entry).number == 42


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("position", 43),
        ("previous", "cd" * 32),
        ("at", "2026-11-02T12:00:00.000000+00:00"),
        ("kind", "issued"),
        ("signature", "00" * 64),
        ("kid", "0" * 16),
        ("position", "42"),
        ("more", "x"),
    ],
)
def test_a_changed_head_is_not_verified(ring: FolderKeyRing, field: str, value: object) -> None:
    entry = {**make_head(ring, MARK, now=NOON), field: value}
    with pytest.raises(NotVerified):
        verify_head(public_keys(ring, "feed-signing"), entry)


def test_an_entry_without_a_head_s_fields_is_not_verified(ring: FolderKeyRing) -> None:
    with pytest.raises(NotVerified):
        verify_head(public_keys(ring, "feed-signing"), link(MARK, issued()))


def test_a_head_of_the_old_key_is_good_while_both_are_pinned(ring: FolderKeyRing) -> None:
    entry = make_head(ring, MARK, now=NOON)
    old = ring.active("feed-signing").kid
    rotate(ring, "feed-signing")
    pinned = public_keys(ring, "feed-signing")
    verify_head(pinned, entry)
    del pinned[old]
    with pytest.raises(NotVerified):
        verify_head(pinned, entry)


def test_a_snapshot_is_signed_with_its_place_and_its_file(
    ring: FolderKeyRing, tmp_path: Path
) -> None:
    file = tmp_path / "cards.db"
    file.write_bytes(b"list")
    trusted = public_keys(ring, "feed-signing")
    statement = sign_snapshot(ring, MARK, sha256=file_sha256(file), now=NOON)
    snapshot = verify_snapshot(trusted, statement, sha256=file_sha256(file))
    assert (snapshot.mark, snapshot.at) == (MARK, NOON)
    file.write_bytes(b"lisp")
    with pytest.raises(NotVerified, match="not the one that was signed"):
        verify_snapshot(trusted, statement, sha256=file_sha256(file))
    for field in ("number", "hash", "at", "sha256", "kid", "signature"):
        with pytest.raises(NotVerified):
            verify_snapshot(trusted, {**statement, field: "1"}, sha256=str(statement["sha256"]))
        without = {key: value for key, value in statement.items() if key != field}
        with pytest.raises(NotVerified):
            verify_snapshot(trusted, without, sha256=str(statement["sha256"]))


def test_a_head_is_no_snapshot_statement(ring: FolderKeyRing) -> None:
    head = make_head(ring, MARK, now=NOON)
    with pytest.raises(NotVerified):
        verify_snapshot(public_keys(ring, "feed-signing"), head, sha256="00")
