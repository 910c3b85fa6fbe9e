"""What enrollment makes of officers' passkeys: a signed roster for one site."""

import json
from datetime import timedelta
from typing import Any

import pytest

from services.enrollment.bootstrap import Parts
from services.enrollment.domain.site import Site
from services.enrollment.use_cases.front_door import UseCases
from shared.crypto.feed import KEY
from shared.crypto.roster import SignedRoster, verify_roster
from shared.crypto.signing import public_keys
from shared.messaging.dispatcher import Fate
from tests.integration.enrollment.conftest import MovableClock
from tests.integration.enrollment.hearing import APPLIED, SITE, Ear, rows, sample

ADDED, CONFIRMED, DROPPED = (
    f"lane_gateway.passkey_{what}.v1" for what in ("added", "confirmed", "dropped")
)
PASSKEY = sample(ADDED)["passkey_id"]
SUBJECT = f"passkey-{PASSKEY}"


@pytest.fixture
def ear(use_cases: UseCases, site: Site) -> Ear:
    assert site.id == "sym"
    return Ear(use_cases)


def sent(parts: Parts) -> list[dict[str, Any]]:
    found = [row for row in rows(parts, "outbox") if row["type"] == "enrollment.roster_signed.v1"]
    return sorted(found, key=lambda row: int(row["number"]))


def newest(parts: Parts) -> SignedRoster:
    body = sent(parts)[-1]["body"]
    statement = json.loads(body) if isinstance(body, str) else body
    return verify_roster(public_keys(parts.ring, KEY), statement, site="sym")


def test_a_passkey_stands_on_the_roster_once_another_officer_has_confirmed_it(
    parts: Parts, ear: Ear
) -> None:
    assert ear.hear(ADDED, source=SITE, subject=SUBJECT) == APPLIED
    assert sent(parts) == []

    assert ear.hear(CONFIRMED, source=SITE, subject=SUBJECT) == APPLIED

    (message,), (entry,) = sent(parts), newest(parts).entries
    assert (message["site"], message["sequence"]) == ("sym", None)
    assert message["version"] == newest(parts).number
    assert entry == {
        name: sample(ADDED)[name]
        for name in (
            "passkey_id",
            "credential_id",
            "public_key",
            "officer",
            "authority",
            "roles",
        )
    }


def test_nobody_confirms_a_passkey_of_their_own_whatever_the_site_says(
    parts: Parts, ear: Ear
) -> None:
    ear.hear(ADDED, source=SITE, subject=SUBJECT)

    fate = ear.hear(CONFIRMED, source=SITE, subject=SUBJECT, officer=sample(ADDED)["officer"])

    assert fate == (Fate.DEAD, "own_confirmation")
    assert sent(parts) == []
    assert rows(parts, "passkeys")[0]["confirmed_at"] is None


def test_a_dropped_passkey_leaves_the_roster_for_good(parts: Parts, ear: Ear) -> None:
    for kind in (ADDED, CONFIRMED, DROPPED):
        ear.hear(kind, source=SITE, subject=SUBJECT)
    before = newest(parts)
    assert before.entries == ()

    assert ear.hear(CONFIRMED, source=SITE, subject=SUBJECT, officer="olga") == APPLIED

    after = newest(parts)
    assert after.entries == ()
    assert after.number > before.number


def test_another_site_confirms_or_drops_nothing_here(parts: Parts, ear: Ear) -> None:
    ear.hear(ADDED, source=SITE, subject=SUBJECT)

    fate = ear.hear(CONFIRMED, source="/lane_gateway/tij", subject="passkey-x")

    assert fate == (Fate.DEAD, "not_found")
    assert sent(parts) == []


@pytest.mark.parametrize(
    "changes", [{"roles": ["admin"]}, {"roles": []}, {"credential_id": ""}, {"officer": ""}]
)
def test_a_passkey_that_gives_more_than_a_site_may_is_none(
    parts: Parts, ear: Ear, changes: dict[str, Any]
) -> None:
    assert ear.hear(ADDED, source=SITE, subject=SUBJECT, **changes)[0] is Fate.DEAD
    assert rows(parts, "passkeys") == []


def test_a_roster_is_signed_anew_each_day_under_a_higher_number(
    parts: Parts, ear: Ear, use_cases: UseCases, clock: MovableClock
) -> None:
    ear.hear(ADDED, source=SITE, subject=SUBJECT)
    ear.hear(CONFIRMED, source=SITE, subject=SUBJECT)
    first = newest(parts)

    clock.forward(hours=23)
    assert use_cases.sign_rosters() == 0
    clock.forward(hours=2)
    assert use_cases.sign_rosters() == 1

    second = newest(parts)
    assert second.number > first.number
    assert second.entries == first.entries
    assert second.issued_at - first.issued_at >= timedelta(hours=25)
    assert second.valid_until - second.issued_at == timedelta(days=7)
