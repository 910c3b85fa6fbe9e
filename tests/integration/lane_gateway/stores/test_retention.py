"""Plates and officers' words leave a site's files after ninety days, and nothing a day earlier."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Engine, select, text

from services.lane_gateway.domain.commands import CommandKind
from services.lane_gateway.domain.events import (
    ChipChallenged,
    ChipJudged,
    ReferralClosed,
    ReferralEnd,
)
from services.lane_gateway.domain.evidence import ChipOutcome
from services.lane_gateway.domain.retention import CHIP_CHALLENGES, LANE_WORDS, RETENTION
from services.lane_gateway.persistence import desk_tables, lane_tables
from services.lane_gateway.persistence.desk import DeskStore
from services.lane_gateway.persistence.desk_reader import DeskReader
from services.lane_gateway.persistence.lane_record import LaneRecordFile
from services.lane_gateway.persistence.site_files import SiteFiles
from services.lane_gateway.use_cases.forget_old_words import ForgetOldWords
from services.lane_gateway.use_cases.sign_on_to_lane import SignOnToLane
from shared.audit.verify import verify_chain
from tests.integration.lane_gateway.stores.samples import (
    NOON,
    PLATE,
    Waker,
    admit,
    commander,
    entry,
    passage_ended,
    plate_seen,
)

CHALLENGE = b"\xc4\xa5\x11\x5e" + bytes(range(6))
DAY_90, DAY_91 = NOON + timedelta(days=90), NOON + timedelta(days=91)


def referral() -> ReferralClosed:
    return ReferralClosed(
        passage_id=uuid4(),
        lane="l1",
        end=ReferralEnd.TURNED_BACK,
        officer="olga",
        reason="said Canary Word",
    )


def bodies(engine: Engine) -> list[dict[str, object]]:
    with engine.connect() as connection:
        found = connection.execute(select(lane_tables.entries.c.body)).scalars()
        return [json.loads(body) for body in found]


def sealed_texts(files: SiteFiles, engine: Engine) -> list[bytes]:
    """Return what is sealed in the lane's entries, as it stands in the file."""
    held = [value for body in bodies(engine) for value in body.values()]
    texts = [value.encode() for value in held if str(value).startswith("sealed:")]  # type: ignore[attr-defined]
    raw = files.lane("l1").read_bytes()
    assert all(sealed in raw for sealed in texts)
    return texts


def test_a_lanes_file_keeps_plates_and_words_for_ninety_days(
    record: LaneRecordFile, lane_engine: Engine, files: SiteFiles
) -> None:
    record.append([entry(plate_seen(uuid4())), entry(passage_ended(uuid4())), entry(referral())])
    record.tidy()
    texts = sealed_texts(files, lane_engine)

    assert record.forget_words(now=DAY_90) == 0
    assert len(sealed_texts(files, lane_engine)) == 2
    assert record.forget_words(now=DAY_91) == 2
    record.tidy()

    seen, ended, closed = bodies(lane_engine)
    assert (seen["plate"], seen["region"]) == (None, "CA")
    assert (closed["reason"], closed["end"]) == (None, "turned_back")
    assert ended["officer"] == "olga"
    raw = files.lane("l1").read_bytes()
    assert not any(sealed in raw for sealed in texts)
    assert record.forget_words(now=DAY_91) == 0


def test_a_batch_is_one_entry_of_the_lanes_audit_and_the_chain_stays_whole(
    record: LaneRecordFile, lane_engine: Engine
) -> None:
    record.append([entry(plate_seen(uuid4())) for _ in range(5)])

    assert [record.forget_words(now=DAY_91, limit=3) for _ in range(3)] == [3, 2, 0]

    entries = lane_tables.audit.entries
    with lane_engine.connect() as connection:
        lines = connection.execute(select(entries.c.lines).order_by(entries.c.number)).scalars()
        counts = [line.count("words_forgotten") for line in lines]
        report = verify_chain(connection, lane_tables.audit, public_keys={})
    assert counts == [0, 3, 2]
    assert (report.verified, report.entries) == (True, 3)
    record.append([entry(plate_seen(uuid4()))])


def challenged() -> ChipChallenged:
    return ChipChallenged(
        passage_id=uuid4(), lane="l1", epc=b"\x01" * 12, challenge=CHALLENGE.hex()
    )


def test_a_challenge_to_a_chip_is_kept_sealed_and_for_one_day(
    record: LaneRecordFile, lane_engine: Engine, files: SiteFiles
) -> None:
    judged = ChipJudged(
        passage_id=uuid4(), lane="l1", epc=b"\x01" * 12, outcome=ChipOutcome.NO_ANSWER
    )
    record.append([entry(challenged()), entry(judged), entry(plate_seen(uuid4()))])
    record.tidy()
    raw = files.lane("l1").read_bytes()
    assert CHALLENGE not in raw
    assert CHALLENGE.hex().encode() not in raw
    kept, next_day = NOON + timedelta(days=1), NOON + timedelta(days=2)

    assert record.forget_words(now=kept, kind=CHIP_CHALLENGES) == 0
    assert record.forget_words(now=next_day, kind=CHIP_CHALLENGES) == 1
    first, second, third = bodies(lane_engine)
    assert (first["challenge"], first["lane"]) == (None, "l1")
    assert second["outcome"] == "no_answer"
    assert third["plate"] is not None
    with lane_engine.connect() as connection:
        assert verify_chain(connection, lane_tables.audit, public_keys={}).verified


def test_a_lanes_upkeep_forgets_challenges(record: LaneRecordFile, lane_engine: Engine) -> None:
    old = replace(entry(challenged()), at=NOON - timedelta(days=2))
    record.append([old, entry(challenged())])
    record.tidy()
    forgotten, kept = bodies(lane_engine)
    assert forgotten["challenge"] is None
    assert str(kept["challenge"]).startswith("sealed:")


@pytest.mark.parametrize(
    ("held", "index"),
    [
        (lane_tables.HOLDS_SEALED, "entries_with_sealed"),
        (lane_tables.HOLDS_CHALLENGE, "entries_with_challenge"),
    ],
)
def test_old_entries_are_found_without_reading_the_file_through(
    lane_engine: Engine, held: str, index: str
) -> None:
    query = (
        f"EXPLAIN QUERY PLAN SELECT number, passage_id, body FROM entries "  # noqa: S608 - ours
        f"WHERE at < '2026' AND {held} ORDER BY at LIMIT 9"
    )
    with lane_engine.connect() as connection:
        plan = [row.detail for row in connection.execute(text(query))]
    assert plan == [f"SEARCH entries USING INDEX {index} (at<?)"]


def test_the_desk_forgets_what_officers_typed_and_keeps_what_they_did(
    desk: DeskStore, reader: DeskReader
) -> None:
    SignOnToLane(desk=desk, waker=Waker(), clock=lambda: NOON)("l1", "olga")
    plate = admit(uuid4(), kind=CommandKind.CONFIRM_PLATE, plate=PLATE, region="CA")
    words = admit(uuid4(), kind=CommandKind.AFTER_CHECKS, reason="said Canary Word")
    for command in (plate, words, admit(uuid4())):
        commander(desk, Waker())(command)

    def forget(now: datetime) -> int:
        by_one = ForgetOldWords(desk=desk, retention=RETENTION, clock=lambda: now, batch=1)
        return by_one()[LANE_WORDS]

    assert [forget(DAY_90), forget(DAY_91), forget(DAY_91)] == [0, 2, 0]

    first, second, third = reader.commands_after(0)
    assert (first.plate, second.reason) == ("", "")
    assert (first.officer, third.counted) == ("olga", 2)
    with desk.engine.connect() as connection:
        assert verify_chain(connection, desk_tables.audit, public_keys={}).verified
