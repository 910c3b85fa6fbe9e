"""What verification finds: changed, deleted, reordered, cut-off and rewritten chains."""

from dataclasses import replace
from pathlib import Path

import pytest

from shared.audit.verify import BATCH
from tests.unit.shared.audit.chains import Chain, chain_in

OTHER = "ab" * 32


def test_an_untouched_chain_is_verified(chain: Chain) -> None:
    assert chain.verify().verified
    chain.enter(5)
    checkpoint = chain.checkpoint()
    chain.enter(2)
    report = chain.verify(checkpoint)
    assert (report.verified, report.entries, report.witnessed) == (True, 7, 5)
    assert report.lines() == ["7 entries, witnessed up to 5: verified"]


def test_a_chain_longer_than_one_batch_is_walked_to_its_end(chain: Chain) -> None:
    chain.enter(BATCH + 1)
    chain.tamper("UPDATE audit_entries SET actor = 'x' WHERE number > :batch", batch=BATCH)
    assert (chain.verify().entries, chain.found()) == (BATCH + 1, [("changed", BATCH + 1)])


@pytest.mark.parametrize(
    "change",
    [
        "actor = 'staff:somebody'",
        "request_id = 'other'",
        "at = '2026-11-01 12:00:01.000000'",
        'lines = \'[{"event":"other","subject":"p1"}]\'',
        "lines = lines || ' '",
    ],
)
def test_a_changed_column_is_found_at_its_entry(chain: Chain, change: str) -> None:
    chain.enter(4)
    chain.tamper(f"UPDATE audit_entries SET {change} WHERE number = 2")  # noqa: S608 - of this file
    assert chain.found() == [("changed", 2)]


def test_a_changed_link_is_found(chain: Chain) -> None:
    chain.enter(4)
    chain.tamper("UPDATE audit_entries SET previous = :other WHERE number = 3", other=OTHER)
    assert chain.found() == [("changed", 3)]


def test_a_changed_hash_is_found_at_its_entry_and_by_its_follower(chain: Chain) -> None:
    chain.enter(4)
    chain.tamper("UPDATE audit_entries SET hash = :other WHERE number = 2", other=OTHER)
    assert chain.found() == [("changed", 2), ("changed", 2)]


def test_a_changed_last_entry_is_found(chain: Chain) -> None:
    chain.enter(3)
    chain.tamper("UPDATE audit_entries SET actor = 'x' WHERE number = 3")
    assert chain.found() == [("changed", 3)]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_deleted_entry_is_found_where_it_is_missing(chain: Chain, number: int) -> None:
    chain.enter(4)
    chain.tamper("DELETE FROM audit_entries WHERE number = :number", number=number)
    assert chain.found() == [("deleted", number)]


def test_a_deleted_stretch_is_one_finding(chain: Chain) -> None:
    chain.enter(6)
    chain.tamper("DELETE FROM audit_entries WHERE number BETWEEN 2 AND 4")
    report = chain.verify()
    assert [item.text for item in report.findings] == ["the entries from here to 4 are missing"]


def test_a_deleted_entry_with_the_others_moved_up_is_found(chain: Chain) -> None:
    chain.enter(4)
    chain.tamper(
        "DELETE FROM audit_entries WHERE number = 2",
        "UPDATE audit_entries SET number = number - 1 WHERE number = 3",
        "UPDATE audit_entries SET number = number - 1 WHERE number = 4",
    )
    assert ("changed", 2) in chain.found()
    assert ("cut_off", 4) in chain.found()


def test_exchanged_entries_are_found_as_reordered(chain: Chain) -> None:
    chain.enter(4)
    chain.tamper(
        "UPDATE audit_entries SET number = 99 WHERE number = 2",
        "UPDATE audit_entries SET number = 2 WHERE number = 3",
        "UPDATE audit_entries SET number = 3 WHERE number = 99",
    )
    assert ("reordered", 2) in chain.found()
    assert ("reordered", 3) in chain.found()


def test_a_cut_off_end_is_found_by_the_tail(chain: Chain) -> None:
    chain.enter(4)
    chain.tamper("DELETE FROM audit_entries WHERE number > 2")
    assert chain.found() == [("cut_off", 3)]


def test_a_chain_that_is_gone_is_found_by_the_tail(chain: Chain) -> None:
    chain.enter(2)
    chain.tamper("DELETE FROM audit_entries")
    assert chain.found() == [("cut_off", 1)]


def test_a_cut_off_end_with_the_tail_moved_is_found_by_a_checkpoint(chain: Chain) -> None:
    chain.enter(4)
    chain.checkpoint()
    cut_with_tail(chain, 2)
    assert chain.found() == [("cut_off", 4)]


def test_a_cut_off_end_without_our_checkpoints_is_found_by_a_witness_alone(chain: Chain) -> None:
    chain.enter(4)
    witness = chain.checkpoint()
    cut_with_tail(chain, 2)
    chain.tamper("DELETE FROM audit_checkpoints")
    assert chain.verify().verified
    assert chain.found(witness) == [("cut_off", 4)]


def cut_with_tail(chain: Chain, last: int) -> None:
    chain.tamper(
        "DELETE FROM audit_entries WHERE number > :last",
        "UPDATE audit_tail SET number = :last, hash = :digest",
        last=last,
        digest=chain.hashes()[last - 1],
    )


def test_a_tail_that_is_moved_back_alone_is_found(chain: Chain) -> None:
    chain.enter(3)
    chain.tamper("UPDATE audit_tail SET number = 2")
    assert ("changed", 3) in chain.found()


def test_a_tail_that_is_gone_is_found(chain: Chain) -> None:
    chain.enter(3)
    chain.tamper("DELETE FROM audit_tail")
    assert chain.found() == [("changed", 3)]


def test_a_tail_with_another_hash_is_found(chain: Chain) -> None:
    chain.enter(3)
    chain.tamper("UPDATE audit_tail SET hash = :other", other=OTHER)
    assert chain.found() == [("changed", 3)]


def test_a_chain_rewritten_as_a_whole_is_found_by_a_witness_alone(chain: Chain) -> None:
    chain.enter(4)
    witness = chain.checkpoint()
    chain.rewrite(6)
    assert chain.verify().verified
    assert chain.found(witness) == [("rewritten", 4)]


def test_a_witness_of_before_the_rewritten_part_does_not_tell(chain: Chain) -> None:
    chain.enter(2)
    early = chain.checkpoint()
    chain.enter(2)
    assert chain.verify(early).witnessed == 2


def test_a_checkpoint_changed_by_a_stranger_is_not_trusted(chain: Chain) -> None:
    chain.enter(2)
    chain.checkpoint()
    chain.tamper("UPDATE audit_checkpoints SET hash = :other", other=OTHER)
    assert chain.found() == [("untrusted", 2)]


def test_a_forged_witness_does_not_pass_for_one(chain: Chain, tmp_path: Path) -> None:
    chain.enter(2)
    real = chain.checkpoint()
    with chain_in(tmp_path / "elsewhere") as other:
        other.enter(2)
        stranger = other.checkpoint()
    for forged in (stranger, replace(real, number=3), replace(real, hash=OTHER)):
        assert chain.found(forged) == [("untrusted", forged.number)]


def test_old_checkpoints_stay_trusted_after_a_rotation(chain: Chain) -> None:
    chain.enter(2)
    old = chain.checkpoint()
    chain.ring.activate("audit-signing", chain.ring.new("audit-signing").kid)
    chain.enter(1)
    new = chain.checkpoint()
    assert old.kid != new.kid
    assert chain.verify(old, new).verified


def test_a_chain_that_is_wrong_throughout_gives_a_report_of_bounded_size(chain: Chain) -> None:
    chain.enter(130)
    chain.tamper("UPDATE audit_entries SET actor = 'x'")
    report = chain.verify()
    assert (len(report.findings), report.more) == (100, 30)
    assert report.lines()[-1] == "130 entries, witnessed up to 0: NOT VERIFIED"
