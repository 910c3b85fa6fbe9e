"""From the draft to the card in a lane's list, on the real database."""

import json
from uuid import UUID

import pytest
from sqlalchemy import select, text

from services.enrollment.bootstrap import Parts
from services.enrollment.domain.application import Status
from services.enrollment.domain.site import Site
from services.enrollment.persistence import tables
from services.enrollment.use_cases.front_door import UseCases
from shared.crypto.dossier import open_dossier
from shared.crypto.feed import BEGINNING, follow
from shared.crypto.keyring import FolderKeyRing
from shared.crypto.site_seal import open_at_site
from tests.integration.enrollment.conftest import Office


def sent(parts: Parts, kind: str) -> list[dict[str, object]]:
    box = tables.mailboxes.outbox
    with parts.engine.connect() as connection:
        rows = select(box.c.body).where(box.c.type == kind).order_by(box.c.number)
        return list(connection.scalars(rows))


def said(parts: Parts) -> list[tuple[str, str]]:
    page = parts.queries().feed(after=0, limit=1000)
    return [(entry["kind"], entry.get("status", "")) for entry in page.entries]


def test_a_submission_is_saved_and_announced_together(
    office: Office, parts: Parts, vetting_ring: FolderKeyRing
) -> None:
    made = office.submitted()

    (body,) = sent(parts, "enrollment.application_submitted.v1")
    assert body["application_id"] == str(made.id)
    assert body["policy_version"] == "2024-10-01"
    dossier = open_dossier(
        vetting_ring, "dossier", str(body["dossier"]), about=f"application {made.id}"
    )
    assert dossier["names"]["paternal_surname"] == "Ñandú"
    assert dossier["consent"]["signed_at"].endswith("Z")
    again = office.use_cases.read_own.application(made.id, person_id=made.person_id)
    assert again.status is Status.SUBMITTED
    assert (again.fee, again.form) == (made.fee, made.form)


def test_a_draft_owes_no_fee(office: Office) -> None:
    made = office.draft()

    again = office.use_cases.read_own.application(made.id, person_id=made.person_id)

    assert again.fee is None


def test_nothing_typed_rests_readable(office: Office, parts: Parts) -> None:
    office.active(office.member())

    with parts.engine.connect() as connection:
        names = connection.scalars(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        ).all()
        dump = "".join(
            str(connection.execute(text(f"SELECT * FROM {name}")).all())  # noqa: S608 - our tables
            for name in names
        )
    for typed in ("Maribel", "Farrill", "G12345678", "8ABC123", "1M8GDM9AXKP042788", "Segunda"):
        assert typed not in dump
        assert typed.encode().hex() not in dump


def test_the_way_to_an_active_card(
    office: Office, parts: Parts, site: Site, site_ring: FolderKeyRing
) -> None:
    member = office.member()
    card = office.active(member)

    assert said(parts) == [("issued", "inactive"), ("activated", "active")]
    (started,) = sent(parts, "enrollment.membership_started.v1")
    assert started["valid_until"] == "2031-07-14"
    (record,) = sent(parts, "enrollment.display_record_sent.v1")
    plain = json.loads(
        open_at_site(
            site_ring,
            str(record["record"]),
            site=site.id,
            about=f"display_record {card.id} {record['version']}",
        )
    )
    assert plain["name"] == "Maribel del Carmen Ñandú O'Farrill"
    assert plain["passid"] == member.passid
    assert plain["plates"] == [{"region": "CA", "plate": "8ABC123"}]
    (interview,) = sent(parts, "enrollment.interview_recorded.v1")
    assert interview["outcome"] == "passed"


def test_the_feed_is_one_chain_with_its_heads(
    office: Office, parts: Parts, use_cases: UseCases
) -> None:
    assert use_cases.sign_head()
    assert not use_cases.sign_head()
    office.active(office.member())
    office.parts.clock.forward(seconds=25)  # type: ignore[attr-defined]
    assert use_cases.sign_head()

    page = parts.queries().feed(after=0, limit=1000)
    mark = BEGINNING
    for entry in page.entries:
        mark = follow(mark, entry)
    assert (mark.number, page.last) == (4, 4)
    assert [entry["kind"] for entry in page.entries] == ["head", "issued", "activated", "head"]


@pytest.mark.parametrize("again", [1, 2])
def test_a_hold_reaches_the_feed_and_is_lifted(office: Office, parts: Parts, again: int) -> None:
    member = office.member()
    office.active(member)
    hold = UUID(int=7)

    for _ in range(again):
        office.use_cases.follow_vetting.place_hold(hold, [member.id])
    for _ in range(again):
        office.use_cases.follow_vetting.lift_hold(hold, member.person_id)

    assert said(parts)[2:] == [("held", "held"), ("released", "active")]
    bodies = sent(parts, "enrollment.membership_changed.v1")
    assert [body["status"] for body in bodies] == ["held", "active"]
