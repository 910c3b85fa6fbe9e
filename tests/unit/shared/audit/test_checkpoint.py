"""Checkpoints are signed when something is new, carried as a body, and kept by witnesses."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from shared.audit.checkpoint import (
    Checkpoint,
    read_checkpoint,
    record_witness,
    sign_checkpoint,
    witnesses_of,
)
from shared.audit.command import audit_verify, read_witness_bytes, read_witness_file
from shared.crypto.signing import public_keys
from shared.crypto.tampering import NotVerified
from shared.errors import Unreadable
from tests.unit.shared.audit.chains import CHAIN, NOON, Chain


def record(chain: Chain, checkpoint: Checkpoint) -> str:
    trusted = public_keys(chain.ring, "audit-signing")
    with chain.engine.begin() as connection:
        return record_witness(
            connection, chain.tables, checkpoint, public_keys=trusted, received_at=NOON
        )


def test_a_checkpoint_names_the_last_entry(chain: Chain) -> None:
    chain.enter(3)
    checkpoint = chain.checkpoint()
    assert (checkpoint.number, checkpoint.hash) == (3, chain.hashes()[-1])


def test_nothing_is_signed_while_nothing_is_new(chain: Chain) -> None:
    with chain.engine.begin() as connection:
        assert sign_checkpoint(connection, chain.tables, chain.ring, CHAIN, at=NOON) is None
    chain.enter()
    chain.checkpoint()
    later = NOON + timedelta(hours=1)
    with chain.engine.begin() as connection:
        assert sign_checkpoint(connection, chain.tables, chain.ring, CHAIN, at=later) is None
    chain.enter()
    assert chain.checkpoint().number == 2


def test_it_travels_as_the_body_of_a_message(chain: Chain) -> None:
    chain.enter()
    checkpoint = chain.checkpoint()
    body = checkpoint.body()
    assert set(body) == {"chain", "entry_number", "hash", "at", "kid", "signature"}
    assert read_checkpoint(json.loads(json.dumps(body))) == checkpoint


@pytest.mark.parametrize("body", [{}, {"chain": "x"}, {"entry_number": "x"}])
def test_a_body_that_is_none_is_unreadable(body: dict[str, object]) -> None:
    with pytest.raises(Unreadable):
        read_checkpoint(body)


def test_a_witness_keeps_it_once_and_gives_it_back(chain: Chain) -> None:
    chain.enter()
    checkpoint = chain.checkpoint()
    assert record(chain, checkpoint) == "kept"
    assert record(chain, checkpoint) == "known"
    with chain.engine.connect() as connection:
        assert witnesses_of(connection, chain.tables, CHAIN) == [checkpoint]
        assert witnesses_of(connection, chain.tables, "vetting") == []
    assert chain.verify(checkpoint).verified


def test_two_histories_of_one_chain_contradict_each_other_and_both_are_kept(
    chain: Chain,
) -> None:
    chain.enter(2)
    first = chain.checkpoint()
    chain.rewrite(2)
    second = chain.checkpoint()
    assert record(chain, first) == "kept"
    assert record(chain, second) == "contradicts"
    with chain.engine.connect() as connection:
        kept = select(func.count()).select_from(chain.tables.witnesses)
        assert connection.execute(kept).scalar_one() == 2


def test_a_witness_refuses_what_a_stranger_signed(chain: Chain) -> None:
    chain.enter()
    with pytest.raises(NotVerified):
        record(chain, replace(chain.checkpoint(), number=9))


def test_the_command_answers_with_a_status_and_lines(chain: Chain, tmp_path: Path) -> None:
    chain.enter(2)
    checkpoint = chain.checkpoint()
    other = replace(checkpoint, chain="vetting", hash="00" * 32)
    file = tmp_path / "witness.jsonl"
    file.write_text("".join(json.dumps(kept.body()) + "\n" for kept in (checkpoint, other)))
    witnesses = read_witness_file(file)
    assert witnesses == read_witness_bytes(json.dumps([kept.body() for kept in witnesses]).encode())
    said: list[str] = []

    def verify() -> int:
        return audit_verify(
            chain.engine,
            chain.tables,
            chain=CHAIN,
            public_keys=public_keys(chain.ring, "audit-signing"),
            witnesses=witnesses,
            say=said.append,
        )

    assert verify() == 0
    assert said == ["enrollment: 2 entries, witnessed up to 2: verified"]
    chain.rewrite(2)
    assert verify() == 1
    assert "enrollment: rewritten at entry 2" in said[1]


@pytest.mark.parametrize("data", [b"", b"{}", b"[{}]", b"\xff"])
def test_an_answer_that_is_no_list_of_checkpoints_is_unreadable(
    data: bytes, tmp_path: Path
) -> None:
    with pytest.raises(Unreadable):
        read_witness_bytes(data)
    file = tmp_path / "witness"
    file.write_bytes(data or b"x")
    with pytest.raises(Unreadable):
        read_witness_file(file)


def test_a_witness_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="nowhere"):
        read_witness_file(tmp_path / "nowhere")
