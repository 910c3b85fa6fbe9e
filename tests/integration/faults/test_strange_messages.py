"""A message that cannot be understood is kept, can be read, and can be tried again."""

import json
from collections.abc import Iterator
from datetime import datetime
from uuid import uuid4

import pytest

from shared.clock import utc_now
from shared.messaging.amqp import AmqpBroker
from shared.messaging.broker import Publisher, Wire
from shared.messaging.envelope import Envelope, to_wire
from tests.faults.headquarters import Headquarters
from tests.integration.faults.visitors import until

MALFORMED = Wire(
    routing_key="enrollment.application_submitted.v1",
    headers={"ce-type": "enrollment.application_submitted.v1", "ce-id": "no id"},
    body=b"{ not json",
)


@pytest.fixture
def publisher(headquarters: Headquarters) -> Iterator[Publisher]:
    """Enrollment's own right to speak, with things to say that enrollment never says."""
    broker = AmqpBroker(headquarters.broker_url("enrollment"), name="strange")
    yield broker.publisher()
    broker.close()


def letters(headquarters: Headquarters) -> list[list[str]]:
    """Return the lines of ``dead list``: id, time, type, code, error."""
    return [line.split("\t") for line in headquarters.verb("vetting", "dead", "list").splitlines()]


def buried(headquarters: Headquarters, kind: str, *, after: datetime) -> str | None:
    """Return the id of the dead letter of a type that was buried after an instant."""
    query = "SELECT id FROM dead_letters WHERE type = %s AND at > %s AND dropped_at IS NULL"
    with headquarters.look("vetting") as connection:
        row = connection.execute(query, [kind, after]).fetchone()
    return None if row is None else str(row[0])


def message(kind: str, subject: str, sequence: int) -> Wire:
    return to_wire(
        Envelope(
            id=uuid4(),
            type=kind,
            source="/enrollment",
            subject=subject,
            time=utc_now(),
            request_id="strange-1",
            body={"colour": "blue"},
            sequence=sequence,
        )
    )


def dead(headquarters: Headquarters, publisher: Publisher, wire: Wire, kind: str) -> str:
    """Publish the message and return the id of its dead letter."""
    begun = utc_now()
    publisher.publish(wire)
    until(lambda: buried(headquarters, kind, after=begun) is not None)
    return str(buried(headquarters, kind, after=begun))


def test_a_malformed_message_is_kept_readable(
    headquarters: Headquarters, publisher: Publisher
) -> None:
    letter = dead(headquarters, publisher, MALFORMED, "enrollment.application_submitted.v1")

    (line,) = [line for line in letters(headquarters) if line[0] == letter]
    assert line[2] == "enrollment.application_submitted.v1"
    shown = json.loads(headquarters.verb("vetting", "dead", "show", letter))
    assert shown["body"] == "{ not json"
    assert shown["headers"]["ce-id"] == "no id"


def test_an_unknown_message_is_kept_and_tried_again_by_replay(
    headquarters: Headquarters, publisher: Publisher
) -> None:
    kind = "enrollment.application_sung.v1"
    letter = dead(headquarters, publisher, message(kind, str(uuid4()), 1), kind)

    begun = utc_now()
    headquarters.verb("vetting", "dead", "replay", letter)
    until(lambda: buried(headquarters, kind, after=begun) is not None)
    again = str(buried(headquarters, kind, after=begun))
    assert again != letter


def test_a_dead_letter_holds_its_followers_back_until_it_is_dropped(
    headquarters: Headquarters, publisher: Publisher
) -> None:
    subject, kinds = str(uuid4()), ("enrollment.application_sung.v1", "enrollment.appeal_filed.v1")
    letter = dead(headquarters, publisher, message(kinds[0], subject, 1), kinds[0])
    publisher.publish(message(kinds[1], subject, 2))  # a type that vetting passes by

    def position() -> int:
        query = "SELECT last FROM positions WHERE source = '/enrollment' AND subject = %s"
        with headquarters.look("vetting") as connection:
            row = connection.execute(query, [subject]).fetchone()
        return 0 if row is None else int(row[0])

    def waits() -> bool:
        query = "SELECT count(*) FROM postponed WHERE subject = %s"
        with headquarters.look("vetting") as connection:
            row = connection.execute(query, [subject]).fetchone()
        return row is not None and row[0] == 1

    until(waits)
    assert position() == 0
    headquarters.verb("vetting", "dead", "drop", letter, "--reason", "vetting does not listen")
    until(lambda: position() == 2)
