"""Messages on the wire: what is written is read again, and nothing else is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import Forbidden, Unreadable
from shared.messaging.broker import Wire
from shared.messaging.envelope import REQUIRED, Envelope, from_wire, to_wire

ID = UUID("0b6f6a52-7d2c-4c8b-9f0e-2f6a5c1d3e4f")
NOON = datetime(2026, 11, 24, 12, 0, 0, 123456, tzinfo=UTC)
A_CENTURY = timedelta(days=36_525)

CENTRAL = Envelope(
    id=ID,
    type="vetting.case_decided.v1",
    source="/vetting",
    subject="case-1",
    time=NOON,
    request_id="r-1",
    body={"outcome": "approve", "note": "señal", "count": 3, "none": None},
    sequence=4,
)
FROM_SITE = replace(
    CENTRAL, type="lane_gateway.passage_recorded.v1", source="/lane_gateway/sym", subject="l1"
)
TO_SITE = replace(
    CENTRAL,
    type="enrollment.display_record_sent.v1",
    source="/enrollment",
    sequence=None,
    version=7,
    site="sym",
)


def changed(wire: Wire, **headers: str | None) -> Wire:
    """Return ``wire`` with some attributes replaced, or left out where ``None``."""
    kept = dict(wire.headers)
    for name, value in headers.items():
        kept.pop(f"ce-{name}", None)
        if value is not None:
            kept[f"ce-{name}"] = value
    return replace(wire, headers=kept)


@pytest.mark.parametrize("envelope", [CENTRAL, FROM_SITE, TO_SITE])
def test_what_is_written_is_read_again(envelope: Envelope) -> None:
    assert from_wire(to_wire(envelope)) == envelope


@given(
    body=st.dictionaries(
        st.text(), st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text())
    ),
    time=st.timedeltas(-A_CENTURY, A_CENTURY).map(lambda distance: NOON + distance),
    sequence=st.integers(min_value=1, max_value=10**18 - 1),
)
def test_any_message_is_read_as_it_was_written(
    body: dict[str, object], time: datetime, sequence: int
) -> None:
    envelope = replace(CENTRAL, body=body, time=time, sequence=sequence)

    assert from_wire(to_wire(envelope)) == envelope


@pytest.mark.parametrize(
    ("envelope", "routing_key"),
    [
        (CENTRAL, "vetting.case_decided.v1"),
        (FROM_SITE, "lane_gateway.sym.passage_recorded.v1"),
        (TO_SITE, "enrollment.display_record_sent.v1.sym"),
    ],
)
def test_the_routing_key_says_who_sends_and_who_receives(
    envelope: Envelope, routing_key: str
) -> None:
    assert to_wire(envelope).routing_key == routing_key


def test_the_attributes_stand_in_headers_as_cloudevents_has_them() -> None:
    wire = to_wire(FROM_SITE)

    assert wire.headers == {
        "ce-specversion": "1.0",
        "ce-id": str(ID),
        "ce-type": "lane_gateway.passage_recorded.v1",
        "ce-source": "/lane_gateway/sym",
        "ce-subject": "l1",
        "ce-time": "2026-11-24T12:00:00.123456Z",
        "ce-requestid": "r-1",
        "ce-sequence": "4",
    }


def test_a_time_of_another_zone_is_written_and_read_as_utc() -> None:
    tijuana = NOON.astimezone(timezone(timedelta(hours=-8)))

    wire = to_wire(replace(CENTRAL, time=tijuana))

    assert wire.headers["ce-time"].endswith("Z")
    assert from_wire(wire).time.tzinfo is UTC


def test_the_body_does_not_show_in_what_is_printed() -> None:
    assert "señal" not in repr(CENTRAL)
    assert "approve" not in repr(to_wire(CENTRAL))


@pytest.mark.parametrize("name", [*REQUIRED, "sequence"])
def test_a_missing_attribute_is_named(name: str) -> None:
    with pytest.raises(Unreadable, match=f"attribute {name} "):
        from_wire(changed(to_wire(CENTRAL), **{name: None}))


def test_a_message_to_a_site_needs_a_version() -> None:
    with pytest.raises(Unreadable, match="attribute version "):
        from_wire(changed(to_wire(TO_SITE), version=None, sequence="1"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("specversion", "0.3"),
        ("id", "17"),
        ("id", "{0b6f6a52-7d2c-4c8b-9f0e-2f6a5c1d3e4f}"),
        ("source", "vetting"),
        ("source", "/billing"),
        ("source", "/lane_gateway"),
        ("source", "/lane_gateway/SYM"),
        ("type", "case_decided"),
        ("type", "vetting.case_decided"),
        ("type", "vetting.case_decided.v0"),
        ("type", "billing.case_decided.v1"),
        ("type", "vetting.case_decided.v1\n"),
        ("subject", "two words"),
        ("subject", "nul\x00"),
        ("subject", "x" * 201),
        ("time", "yesterday"),
        ("time", "2026-11-24T12:00:00"),
        ("time", "0001-01-01T00:00:00+14:00"),
        ("requestid", "line\nbreak"),
        ("sequence", "0"),
        ("sequence", "-1"),
        ("sequence", "1.5"),
        ("sequence", "1" * 19),
        ("sequence", "²"),
    ],
)
def test_a_malformed_attribute_is_named(name: str, value: str) -> None:
    with pytest.raises(Unreadable, match=f"attribute {name} "):
        from_wire(changed(to_wire(CENTRAL), **{name: value}))


def test_an_extension_that_cloudevents_forbids_is_named() -> None:
    with pytest.raises(Unreadable, match="not_allowed"):
        from_wire(changed(to_wire(CENTRAL), not_allowed="x"))


def test_what_is_not_an_attribute_of_ours_is_ignored() -> None:
    wire = changed(to_wire(CENTRAL), traceparent="00-1-2-3")

    assert from_wire(replace(wire, headers={**wire.headers, "x-death": "1"})) == CENTRAL


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'"text"', b"17", b"{", b"\xff\xfe", b"null", b"[" * 200_000]
)
def test_a_body_that_is_no_object_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable, match="body"):
        from_wire(replace(to_wire(CENTRAL), body=body))


@pytest.mark.parametrize(
    ("envelope", "source"),
    [
        (CENTRAL, "/enrollment"),
        (CENTRAL, "/lane_gateway/sym"),
        (FROM_SITE, "/vetting"),
        (TO_SITE, "/vetting"),
    ],
)
def test_a_producer_that_does_not_own_the_type_is_forbidden(
    envelope: Envelope, source: str
) -> None:
    with pytest.raises(Forbidden, match=source):
        from_wire(changed(to_wire(envelope), source=source))


def test_a_site_that_speaks_as_another_is_forbidden() -> None:
    with pytest.raises(Forbidden, match="/lane_gateway/otm"):
        from_wire(changed(to_wire(FROM_SITE), source="/lane_gateway/otm"))


@pytest.mark.parametrize(
    "routing_key",
    [
        "lane_gateway.sym.case_decided.v1",
        "enrollment.case_decided.v1",
        "vetting.case_decided.v2",
        "vetting.case_decided.v1.",
        "vetting.case_decided.v1.SYM",
        "",
    ],
)
def test_a_decision_under_another_routing_key_is_forbidden(routing_key: str) -> None:
    with pytest.raises(Forbidden):
        from_wire(replace(to_wire(CENTRAL), routing_key=routing_key))


def test_a_site_that_sends_to_another_site_is_forbidden() -> None:
    wire = changed(to_wire(FROM_SITE), sequence=None, version="1")
    with pytest.raises(Forbidden):
        from_wire(replace(wire, routing_key="lane_gateway.passage_recorded.v1.otm"))


@pytest.mark.parametrize(
    "wrong",
    [
        replace(CENTRAL, sequence=None),
        replace(CENTRAL, sequence=0),
        replace(CENTRAL, version=1),
        replace(CENTRAL, source="/enrollment"),
        replace(CENTRAL, subject="two words"),
        replace(CENTRAL, type="decided"),
        replace(TO_SITE, version=None),
        replace(TO_SITE, sequence=1),
        replace(FROM_SITE, sequence=None, version=1, site="otm"),
    ],
)
def test_a_message_that_nobody_could_read_is_not_written(wrong: Envelope) -> None:
    with pytest.raises(ValueError, match=r"attribute|may not|does not own"):
        to_wire(wrong)


@given(
    headers=st.dictionaries(
        st.sampled_from([f"ce-{name}" for name in (*REQUIRED, "sequence", "version")]), st.text()
    ),
    body=st.binary(),
    routing_key=st.text(),
)
def test_no_bytes_do_more_than_make_it_unreadable(
    headers: dict[str, str], body: bytes, routing_key: str
) -> None:
    full = {**to_wire(CENTRAL).headers, **headers}
    try:
        from_wire(Wire(routing_key=routing_key, headers=full, body=body))
    except (Unreadable, Forbidden):
        return
