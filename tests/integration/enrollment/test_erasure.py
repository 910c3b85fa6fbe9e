"""Erasing a person: nothing of theirs opens any more, and everybody is told."""

from datetime import datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from services.enrollment.bootstrap import Parts
from services.enrollment.domain.site import Site
from services.enrollment.persistence import tables
from services.enrollment.use_cases.front_door import UseCases
from shared.audit.verify import verify_chain
from shared.crypto.keyring import FolderKeyRing
from shared.crypto.signing import public_keys
from shared.errors import NotFound
from tests.integration.enrollment.conftest import Office
from tests.unit.enrollment.builders import NOON


def outbox(parts: Parts, kind: str) -> list[tuple[str | None, dict[str, object]]]:
    box = tables.mailboxes.outbox
    with parts.engine.connect() as connection:
        rows = connection.execute(select(box.c.site, box.c.body).where(box.c.type == kind))
        return [(row.site, row.body) for row in rows]


def receipts(parts: Parts, person: UUID) -> dict[str, tuple[int, datetime]]:
    kept = tables.erasures
    with parts.engine.connect() as connection:
        rows = connection.execute(select(kept).where(kept.c.person_id == person))
        return {row.holder: (row.rows, row.at) for row in rows}


def test_an_erased_member_is_gone_everywhere(
    office: Office, parts: Parts, site: Site, ring: FolderKeyRing
) -> None:
    member = office.member()
    card = office.active(member)
    person = member.person_id

    office.use_cases.erase_person(person)

    entry = parts.queries().feed(after=0, limit=100).entries[-1]
    assert (entry["kind"], entry["status"], entry["plates"]) == ("erased", "ended", [])
    told = outbox(parts, "enrollment.person_erased.v1")
    assert [where for where, _ in told] == [None, site.id]
    assert told[0][1] == {"person_id": str(person), "credential_ids": [str(card.id)]}
    with parts.transactions()() as work:
        (application,) = work.applications.of(person)
        assert application.form is None
        assert work.memberships.of(person) is None
        assert work.cards.get(card.id).secrets is None
        picture = work.pictures.of(person)
        assert picture is not None
        assert picture.jpeg is None
    with parts.engine.connect() as connection:
        indexed = connection.scalar(select(func.count()).select_from(tables.member_vehicles))
        report = verify_chain(
            connection, tables.audit, public_keys=public_keys(ring, "audit-signing")
        )
    assert indexed == 0
    assert report.verified
    assert set(receipts(parts, person)) == {"enrollment"}


def test_an_erased_applicant_gives_the_slot_back(office: Office, use_cases: UseCases) -> None:
    one, slot = office.approved(), office.slots()[0]
    use_cases.book_slot(one.id, person_id=one.person_id, slot_id=slot.id)
    (other,) = office.crowd(1)

    assert use_cases.erase_person(one.person_id) == 1

    use_cases.book_slot(other.id, person_id=other.person_id, slot_id=slot.id)


def test_erasing_again_is_harmless_and_so_is_a_stranger(
    office: Office, use_cases: UseCases
) -> None:
    member = office.member()

    assert use_cases.erase_person(member.person_id) == 1
    assert use_cases.erase_person(member.person_id) == 0
    assert use_cases.erase_person(uuid4()) == 0


def test_receipts_of_the_others_are_kept(parts: Parts, use_cases: UseCases) -> None:
    person = uuid4()
    use_cases.erase_person(person)

    use_cases.keep_receipt(person, holder="vetting", rows=7, at=NOON)
    use_cases.keep_receipt(person, holder="site:sym", rows=1, at=NOON)

    found = receipts(parts, person)
    assert (found["vetting"], found["site:sym"]) == ((7, NOON), (1, NOON))


def test_no_record_of_an_erased_person_is_given_out(
    office: Office, use_cases: UseCases, site: Site
) -> None:
    member = office.member()
    card = office.active(member)
    assert use_cases.read_display_record(site.id, card.id).version == 2
    use_cases.erase_person(member.person_id)

    with pytest.raises(NotFound):
        use_cases.read_display_record(site.id, card.id)
