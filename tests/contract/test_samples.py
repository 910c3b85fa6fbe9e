"""Producers say what the samples show, and consumers apply it: neither changes its mind alone."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.enrollment.messages import handlers as enrollment
from services.enrollment.messages.publications import Publications
from services.lane_gateway.messages import handlers as lane
from services.vetting.messages import handlers as vetting
from services.vetting.messages.publications import translate
from shared.audit.checkpoint import Checkpoint, read_checkpoint
from shared.crypto.dossier import public_jwk
from shared.crypto.keyring import FolderKeyRing
from shared.events import Outgoing
from shared.messaging.dispatcher import Dispatcher, Fate
from shared.messaging.envelope import Envelope, from_wire, to_wire
from shared.process.checkpoints import announcement
from tests.conftest import DatabaseUrl
from tests.contract import enrollment_records, lane_events, vetting_receipt
from tests.contract.catalogue import (
    CHECKPOINT,
    SITE,
    TO_SITES_ALONE,
    opened,
    said,
    sample,
    who_must_hear,
)
from tests.unit.enrollment.test_publications import TOLD
from tests.unit.vetting.test_publications import EVENTS

NOW = datetime(2026, 12, 10, 9, 40, tzinfo=UTC)
SHAPES = {
    "identifier": re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    "instant": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z"),
    "instant as it was signed": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00"),
    "date": re.compile(r"\d{4}-\d\d-\d\d"),
    "sealed": re.compile(r"eyJ[\w-]+(\.[\w-]*){4}"),
}
CHAINS = {
    "enrollment": "/enrollment",
    "vetting": "/vetting",
    "lane_gateway": "/lane_gateway/sym/desk",
}
SEALED = "eyJh.a2V5.aXY.c2VhbGVk.dGFn"

Shape = str | None | dict[str, "Shape"] | list["Shape"]


@pytest.fixture(scope="module")
def produced(
    module_database_url: DatabaseUrl, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, Outgoing]:
    """Return one message of each type, as its producer makes it."""
    folder = tmp_path_factory.mktemp("keys")
    made = [*_by_enrollment(module_database_url, folder), *_by_vetting(), *_by_a_site(folder)]
    made += [_checkpoint(service) for service in CHAINS]
    return {message.type: message for message in reversed(made)}


@pytest.mark.parametrize("kind", said())
def test_a_producer_says_what_the_sample_shows(produced: Mapping[str, Outgoing], kind: str) -> None:
    assert fits(shape(dict(produced[kind].body)), shape(sample(kind)))


@pytest.mark.parametrize("kind", [kind for kind in said() if not kind.endswith(CHECKPOINT)])
def test_every_consumer_applies_the_sample(kind: str) -> None:
    for name in who_must_hear(kind):
        recorder = Recorder()
        dispatcher = _dispatcher(name, kind, recorder)

        outcome = dispatcher(_arrived(kind))

        if kind in dispatcher.ignored:
            assert outcome.fate is Fate.PASSED_BY
            continue
        assert outcome.fate is Fate.APPLIED, (name, outcome)
        ((_, _, given),) = recorder.calls
        assert given["cause"].source == f"/{_source(kind)}"


@pytest.mark.parametrize("service", CHAINS)
def test_every_checkpoint_of_a_sample_can_be_read(service: str) -> None:
    checkpoint = read_checkpoint(sample(f"{service}.{CHECKPOINT}"))

    assert checkpoint.chain.startswith(f"/{service}")


@pytest.mark.parametrize("name", ["enrollment", "vetting", SITE])
def test_a_field_that_is_new_changes_nothing(name: str) -> None:
    for kind in said():
        if name in who_must_hear(kind) and not kind.endswith(CHECKPOINT):
            dispatcher = _dispatcher(name, kind, Recorder())
            envelope = _arrived(kind, more={"a_new_field": {"of": "a newer sender"}})

            assert dispatcher(envelope).fate in {Fate.APPLIED, Fate.PASSED_BY}, kind


@pytest.mark.parametrize("name", ["enrollment", "vetting", SITE])
def test_a_field_that_is_missing_makes_a_dead_letter(name: str) -> None:
    for kind in said():
        dispatcher = _dispatcher(name, kind, Recorder())
        if name in who_must_hear(kind) and kind in dispatcher.handlers:
            outcome = dispatcher(_arrived(kind, body={"a_new_field": 1}))

            assert (outcome.fate, outcome.code) == (Fate.DEAD, "invalid_input"), kind


class Recorder:
    """Stands for every use case there is, and keeps the calls."""

    def __init__(self, name: str = "", calls: list[Any] | None = None) -> None:
        self.name = name
        self.calls: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = (
            [] if calls is None else calls
        )

    def __getattr__(self, name: str) -> "Recorder":
        return Recorder(name, self.calls)

    def __call__(self, *given: Any, **named: Any) -> None:
        self.calls.append((self.name, given, named))


def shape(value: Any) -> Shape:
    """Return what kind of thing a value is, all the way down."""
    match value:
        case dict():
            return {name: shape(inner) for name, inner in value.items()}
        case list() | tuple():
            return [shape(inner) for inner in value]
        case str():
            return next((name for name, form in SHAPES.items() if form.fullmatch(value)), "text")
        case None:
            return None
        case _:
            return type(value).__name__


def fits(found: Shape, shown: Shape) -> bool:
    """Tell whether what was produced is shaped as shown; null and an empty list fit anything."""
    match found, shown:
        case (None, _) | (_, None) | ([], list()) | (list(), []):
            return True
        case (dict(), dict()):
            return found.keys() == shown.keys() and all(
                fits(found[name], shown[name]) for name in found
            )
        case (list(), list()):
            return all(fits(inner, shown[0]) for inner in found)
        case _:
            return found == shown


def _by_enrollment(database_url: DatabaseUrl, folder: Path) -> Iterator[Outgoing]:
    publish = Publications(seal=lambda _payload, _about: SEALED)
    for event in TOLD:
        yield from publish(event)
    yield from enrollment_records.sent_and_dropped(database_url, folder)


def _by_vetting() -> Iterator[Outgoing]:
    for event in EVENTS.values():
        yield from translate(event)
    yield vetting_receipt.receipt(now=NOW)


def _by_a_site(folder: Path) -> Iterator[Outgoing]:
    ring = FolderKeyRing(folder / "vetting", for_demo=True)
    ring.ensure(["dossier"])
    yield from lane_events.by_the_agent()
    yield from lane_events.by_the_desk(public_jwk(ring, "dossier"))
    yield from lane_events.by_the_worker()


def _checkpoint(service: str) -> Outgoing:
    return announcement(
        Checkpoint(
            chain=CHAINS[service], number=7, hash="0" * 64, at=NOW, kid="k1", signature="0" * 128
        )
    )


def _dispatcher(name: str, kind: str, recorder: Recorder) -> Dispatcher:
    use_cases: Any = recorder
    if name == "enrollment":
        return Dispatcher(
            service=name, handlers=enrollment.handlers(use_cases), ignored=enrollment.IGNORED
        )
    if name == "vetting":
        heard = vetting.Handlers(
            use_cases=use_cases, open_dossier=lambda _token, _about: opened(kind)
        )
        return Dispatcher(service=name, handlers=heard.table(), ignored=vetting.IGNORED)
    table = lane.handlers(receive=use_cases, drop=use_cases, erase=use_cases, roster=use_cases)
    return Dispatcher(service="lane_gateway", handlers=table, ignored=lane.IGNORED)


def _arrived(
    kind: str, *, body: Mapping[str, Any] | None = None, more: Mapping[str, Any] | None = None
) -> Envelope:
    """Return the sample as it comes from the broker."""
    to_site = kind in TO_SITES_ALONE
    sent = Envelope(
        id=uuid4(),
        type=kind,
        source=f"/{_source(kind)}",
        subject=str(UUID(int=1)),
        time=NOW,
        request_id="r-1",
        body={**(sample(kind) if body is None else body), **(more or {})},
        sequence=None if to_site else 1,
        version=3 if to_site else None,
        site="sym" if to_site else None,
    )
    return from_wire(to_wire(sent))


def _source(kind: str) -> str:
    service = kind.partition(".")[0]
    return f"{service}/sym" if service == "lane_gateway" else service
