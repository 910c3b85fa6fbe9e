"""What both brokers promise of the log."""

import pytest

from shared.messaging.broker import Broker, LogReader
from tests.contract.places import PATIENCE, QUIET, Place, must_read


@pytest.fixture
def base(place: Place) -> int:
    """The number after which this test's entries stand."""
    return place.new_number()


def numbers(reader: LogReader, amount: int) -> list[int]:
    return [must_read(reader.read(PATIENCE)).number for _ in range(amount)]


def test_what_was_appended_is_read_in_order(broker: Broker, base: int) -> None:
    writer = broker.log_writer()
    for step in range(1, 6):
        writer.append(base + step, f"entry {step}".encode())

    reader = broker.log_reader(base)
    entries = [must_read(reader.read(PATIENCE)) for _ in range(5)]

    assert [entry.number - base for entry in entries] == [1, 2, 3, 4, 5]
    assert [entry.data for entry in entries] == [b"entry %d" % step for step in range(1, 6)]
    assert reader.read(QUIET) is None


def test_a_reader_begins_after_its_number(broker: Broker, base: int) -> None:
    writer = broker.log_writer()
    for step in range(1, 6):
        writer.append(base + step, b"x")

    reader = broker.log_reader(base + 3)

    assert numbers(reader, 2) == [base + 4, base + 5]


def test_a_repeated_append_is_harmless(broker: Broker, base: int) -> None:
    writer = broker.log_writer()
    for step in (1, 2, 2, 1, 2, 3):
        writer.append(base + step, b"entry %d" % step)

    reader = broker.log_reader(base)

    assert numbers(reader, 3) == [base + 1, base + 2, base + 3]
    assert reader.read(QUIET) is None


def test_a_reader_sees_later_entries(broker: Broker, base: int) -> None:
    reader = broker.log_reader(base)
    assert reader.read(QUIET) is None

    writer = broker.log_writer()
    for step in range(1, 4):
        writer.append(base + step, b"x")
        assert must_read(reader.read(PATIENCE)).number == base + step


def test_a_reader_beyond_the_end_sees_what_comes_after_its_number(
    broker: Broker, base: int
) -> None:
    writer = broker.log_writer()
    writer.append(base + 1, b"x")
    reader = broker.log_reader(base + 2)
    assert reader.read(QUIET) is None

    writer.append(base + 2, b"the reader has it from the snapshot")
    writer.append(base + 3, b"x")

    assert must_read(reader.read(PATIENCE)).number == base + 3


def test_every_reader_gets_every_entry(broker: Broker, base: int) -> None:
    readers = [broker.log_reader(base) for _ in range(3)]
    writer = broker.log_writer()
    for step in range(1, 4):
        writer.append(base + step, b"x")

    for reader in readers:
        assert numbers(reader, 3) == [base + 1, base + 2, base + 3]


def test_more_entries_than_are_under_way_at_once_are_all_read(broker: Broker, base: int) -> None:
    writer = broker.log_writer()
    for step in range(1, 501):
        writer.append(base + step, b"x")

    assert numbers(broker.log_reader(base), 500) == [base + step for step in range(1, 501)]


def test_closing_a_reader_twice_does_no_harm(broker: Broker, base: int) -> None:
    broker.log_writer().append(base + 1, b"x")
    reader = broker.log_reader(base)
    must_read(reader.read(PATIENCE))

    reader.close()
    reader.close()
