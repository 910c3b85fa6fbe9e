"""Every message has a sample, a paragraph and somebody who hears it; every queue is wired."""

import json
from collections.abc import Mapping

import pytest

from deploy.local.layout import SERVICES, SITE
from shared.messaging.dispatcher import Dispatcher
from shared.messaging.topology import (
    DEAD_LETTER_EXCHANGE,
    DELIVERY_LIMIT,
    STREAM_EXCHANGE,
    dead_letter_queue,
    links,
    queues,
    topology,
)
from tests.contract.catalogue import (
    CONTRACTS,
    TO_SITES_ALONE,
    hearers,
    paragraph,
    said,
    said_by,
    sample,
    who_must_hear,
)

MAIN_JOB = {
    "enrollment": {
        "application_submitted",
        "application_amended",
        "application_withdrawn",
        "interview_recorded",
        "membership_started",
        "membership_changed",
        "membership_ended",
        "display_record_sent",
        "display_record_dropped",
        "person_erased",
        "roster_signed",
        "checkpoint_signed",
    },
    "vetting": {
        "case_opened",
        "information_requested",
        "case_decided",
        "hold_placed",
        "hold_lifted",
        "membership_suspended",
        "membership_revoked",
        "membership_reinstated",
        "erasure_done",
        "checkpoint_signed",
    },
    "lane_gateway": {
        "feed_applied",
        "passage_recorded",
        "referral_closed",
        "inspection_recorded",
        "alarm_raised",
        "alarm_acknowledged",
        "number_in_two_places",
        "passkey_added",
        "passkey_confirmed",
        "passkey_dropped",
        "selection_committed",
        "selection_revealed",
        "erasure_done",
        "checkpoint_signed",
    },
}
"""The types that the design fixes for the main job."""

NOT_YET_SAID = {
    "enrollment.appeal_filed.v1": "comes with redress",
    "vetting.appeal_decided.v1": "comes with redress",
    "enrollment.erasure_done.v1": "enrollment begins an erasure and needs no receipt of its own",
}
"""Types that somebody is ready to hear though nobody sends them yet."""

LEAST_WORDS = 15
NOT_MESSAGES = {"enrollment.credential_feed"}


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Dispatcher]:
    return hearers(tmp_path_factory.mktemp("nowhere"))


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_says_what_the_design_fixes_and_nothing_else(service: str) -> None:
    assert said_by(service) == {f"{service}.{event}.v1" for event in MAIN_JOB[service]}


@pytest.mark.parametrize("kind", said())
def test_every_type_has_a_sample_as_the_rules_want_it(kind: str) -> None:
    text = (CONTRACTS / f"{kind}.json").read_text()

    assert isinstance(sample(kind), dict)
    assert text == json.dumps(sample(kind), indent=2, ensure_ascii=False) + "\n"
    assert '""' not in text, "what may be empty is null"


@pytest.mark.parametrize("kind", said())
def test_every_type_has_a_paragraph(kind: str) -> None:
    heading, _, text = paragraph(kind).partition("\n\n")

    assert heading == f"# {kind}"
    assert len(text.split()) >= LEAST_WORDS
    assert "ubject: the " in text or kind in TO_SITES_ALONE


def test_no_sample_is_left_of_what_nobody_says() -> None:
    there = {path.stem for path in CONTRACTS.glob("*.json")}

    assert there - NOT_MESSAGES == set(said())


@pytest.mark.parametrize("kind", said())
def test_whoever_gets_a_type_applies_it_or_says_that_it_is_ignored(
    heard: Mapping[str, Dispatcher], kind: str
) -> None:
    for name in who_must_hear(kind):
        dispatcher = heard[name]

        assert (kind in dispatcher.handlers) != (kind in dispatcher.ignored), name


def test_somebody_does_something_on_hearing_any_type(heard: Mapping[str, Dispatcher]) -> None:
    for kind in said():
        assert any(kind in heard[name].handlers for name in who_must_hear(kind)), kind


def test_nobody_waits_for_what_is_never_said(heard: Mapping[str, Dispatcher]) -> None:
    for dispatcher in heard.values():
        waited_for = {*dispatcher.handlers, *dispatcher.ignored}

        assert waited_for - set(said()) <= set(NOT_YET_SAID)


def test_every_queue_is_bound_and_dead_lettered() -> None:
    layout = topology({SITE})
    declared, wired = queues(layout), links(layout)

    for name in layout.queues:
        assert any(queue == name and exchange == layout.exchange for exchange, queue, _ in wired)
        assert declared[name]["x-dead-letter-exchange"] == DEAD_LETTER_EXCHANGE
        assert declared[name]["x-delivery-limit"] == DELIVERY_LIMIT
        assert (DEAD_LETTER_EXCHANGE, dead_letter_queue(name), name) in wired
        assert dead_letter_queue(name) in declared
    assert (STREAM_EXCHANGE, layout.stream, "") in wired
    assert {queue for _, queue, _ in wired} == set(declared)


def test_the_wiring_brings_each_type_to_whom_it_is_meant() -> None:
    bindings = topology({SITE}).bindings
    for kind in said():
        service, _, event = kind.partition(".")
        key = f"{service}.{SITE}.{event}" if service == "lane_gateway" else kind
        reached = {binding.queue for binding in bindings if _fits(binding.pattern, key)}

        assert reached == {name for name in ("enrollment", "vetting") if name != service}
        to_site = {binding.queue for binding in bindings if _fits(binding.pattern, f"{key}.{SITE}")}
        if service != "lane_gateway":
            assert to_site == {f"lane_gateway.{SITE}"}


def _fits(pattern: str, key: str) -> bool:
    wanted, given = pattern.split("."), key.split(".")
    return len(wanted) == len(given) and all(
        word in {"*", part} for word, part in zip(wanted, given, strict=True)
    )
