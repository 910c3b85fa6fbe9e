"""Queues, bindings and rights as data."""

import base64
import hashlib
import re

import pytest

from shared.messaging.topology import (
    Binding,
    definitions,
    queues,
    site_queue,
    topology,
    users,
)

LAYOUT = topology(["sym", "otm"])
PASSWORDS = {name: f"password of {name}" for name in users(LAYOUT)}
MADE = definitions(LAYOUT, PASSWORDS)


def rows(part: str) -> list[dict[str, object]]:
    found = MADE[part]
    assert isinstance(found, list)
    return found


def patterns(queue: str) -> set[str]:
    return {binding.pattern for binding in LAYOUT.bindings if binding.queue == queue}


def test_every_service_and_every_site_has_a_queue() -> None:
    assert LAYOUT.queues == ("enrollment", "vetting", "lane_gateway.otm", "lane_gateway.sym")
    assert site_queue("sym") in LAYOUT.queues


def test_a_service_gets_all_types_of_the_others_and_none_of_its_own() -> None:
    assert patterns("enrollment") == {"vetting.*.*", "lane_gateway.*.*.*"}
    assert patterns("vetting") == {"enrollment.*.*", "lane_gateway.*.*.*"}


def test_a_site_gets_what_is_addressed_to_it_alone() -> None:
    assert patterns("lane_gateway.sym") == {"enrollment.*.*.sym", "vetting.*.*.sym"}


def test_naming_a_site_twice_changes_nothing() -> None:
    assert topology(["otm", "sym", "sym"]) == LAYOUT
    assert Binding(queue="vetting", pattern="enrollment.*.*") in LAYOUT.bindings


@pytest.mark.parametrize("site", ["", "ab", "SYM", "a.b", "s#m", "sym*", "x" * 13, "dead", "sym\n"])
def test_a_malformed_site_is_refused(site: str) -> None:
    with pytest.raises(ValueError, match="not a site's name"):
        topology([site])


def test_every_queue_has_a_delivery_limit_and_loses_nothing_on_its_way_to_the_dead_letters() -> (
    None
):
    declared = queues(LAYOUT)
    for name in LAYOUT.queues:
        arguments = declared[name]
        assert arguments["x-queue-type"] == "quorum"
        assert arguments["x-delivery-limit"] == 100
        assert arguments["x-dead-letter-strategy"] == "at-least-once"
        assert arguments["x-overflow"] == "reject-publish"
        assert declared[f"{name}.dead"] == {"x-queue-type": "quorum"}


def test_every_dead_letter_queue_is_bound() -> None:
    bound = {
        (row["routing_key"], row["destination"])
        for row in rows("bindings")
        if row["source"] == "trustlane.dead"
    }

    assert bound == {(name, f"{name}.dead") for name in LAYOUT.queues}


def test_the_log_is_a_stream_of_a_day_behind_an_exchange_of_its_own() -> None:
    log = queues(LAYOUT)["trustlane.feed"]

    assert (log["x-queue-type"], log["x-max-age"]) == ("stream", "24h")
    feeding = [row["source"] for row in rows("bindings") if row["destination"] == "trustlane.feed"]
    assert feeding == ["trustlane.feed"]


def test_everything_is_durable() -> None:
    assert all(row["durable"] for row in [*rows("queues"), *rows("exchanges")])
    kinds = {str(row["name"]): row["type"] for row in rows("exchanges")}
    assert kinds["trustlane"] == "topic"


def test_a_user_stands_for_each_service_and_site_with_a_salted_digest() -> None:
    assert [row["name"] for row in rows("users")] == list(LAYOUT.queues)
    for row in rows("users"):
        raw = base64.b64decode(str(row["password_hash"]))
        password = PASSWORDS[str(row["name"])].encode()
        assert raw[4:] == hashlib.sha256(raw[:4] + password).digest()
        assert row["tags"] == []


@pytest.mark.parametrize("password", ["", "guest", None])
def test_a_user_without_a_password_of_its_own_is_refused_by_name(password: str | None) -> None:
    given = {name: text for name, text in PASSWORDS.items() if name != "vetting"}
    if password is not None:
        given["vetting"] = password

    with pytest.raises(ValueError, match="vetting"):
        definitions(LAYOUT, given)


def allowed(user: str, right: str, resource: str) -> bool:
    """Judge as RabbitMQ does: the expression may match anywhere in the name."""
    (row,) = [row for row in rows("permissions") if row["user"] == user]
    return re.search(str(row[right]), resource) is not None


def may_publish(user: str, routing_key: str) -> bool:
    (row,) = [row for row in rows("topic_permissions") if row["user"] == user]
    assert row["exchange"] == "trustlane"
    return re.search(str(row["write"]), routing_key) is not None


def test_nobody_configures_anything() -> None:
    for user in users(LAYOUT):
        for resource in ("trustlane", "trustlane.feed", user, "amq.default", "new"):
            assert not allowed(user, "configure", resource)


@pytest.mark.parametrize(
    "exchange", ["amq.default", "amq.topic", "trustlane.dead", "trustlane.feed", "trustlaneX"]
)
def test_a_site_writes_to_no_other_exchange(exchange: str) -> None:
    assert allowed("lane_gateway.sym", "write", "trustlane")
    assert not allowed("lane_gateway.sym", "write", exchange)


def test_the_log_is_written_by_enrollment_alone() -> None:
    writers = [user for user in users(LAYOUT) if allowed(user, "write", "trustlane.feed")]

    assert writers == ["enrollment"]


@pytest.mark.parametrize(
    ("resource", "readers"),
    [
        ("enrollment", {"enrollment"}),
        ("vetting.dead", {"vetting"}),
        ("lane_gateway.sym", {"lane_gateway.sym"}),
        ("lane_gateway.sym.dead", {"lane_gateway.sym"}),
        ("lane_gatewayXsym", set()),
        ("trustlane.feed", {"lane_gateway.sym", "lane_gateway.otm"}),
        ("trustlane", set()),
    ],
)
def test_a_queue_is_read_by_its_owner_and_the_log_by_sites(
    resource: str, readers: set[str]
) -> None:
    assert {user for user in users(LAYOUT) if allowed(user, "read", resource)} == readers


@pytest.mark.parametrize(
    ("routing_key", "speakers"),
    [
        ("lane_gateway.sym.passage_recorded.v1", {"lane_gateway.sym"}),
        ("lane_gateway.sym.passage_recorded.v12", {"lane_gateway.sym"}),
        ("lane_gateway.sym.passage_recorded.v1.otm", set()),
        ("lane_gateway.symX.passage_recorded.v1", set()),
        ("xlane_gateway.sym.passage_recorded.v1", set()),
        ("vetting.case_decided.v1", {"vetting"}),
        ("enrollment.membership_started.v1", {"enrollment"}),
        ("enrollment.display_record_sent.v1.sym", {"enrollment"}),
        ("enrollment.display_record_sent.v1.sym.more", set()),
    ],
)
def test_everybody_speaks_for_themself_alone(routing_key: str, speakers: set[str]) -> None:
    assert {user for user in users(LAYOUT) if may_publish(user, routing_key)} == speakers


def test_a_site_may_write_exactly_what_the_design_says() -> None:
    (row,) = [row for row in rows("topic_permissions") if row["user"] == "lane_gateway.sym"]

    assert row["write"] == r"^lane_gateway\.sym\.[a-z_]+\.v[0-9]+$"
