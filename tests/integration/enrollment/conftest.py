"""Enrollment on a real PostgreSQL, with keys of its own and a clock that tests can move."""

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import Engine

import services.enrollment
from services.enrollment.bootstrap import Parts, doors
from services.enrollment.domain.application import Application, Decision, Status
from services.enrollment.domain.application_form import ApplicationForm, Step
from services.enrollment.domain.appointment import Slot
from services.enrollment.domain.card import Card
from services.enrollment.domain.center import CENTERS
from services.enrollment.domain.interview import AnswerOutcome, Outcome, QuestionType
from services.enrollment.domain.membership import Membership
from services.enrollment.domain.policy_rows import SENTRI
from services.enrollment.domain.site import Site
from services.enrollment.persistence.snapshots import SnapshotFolder
from services.enrollment.use_cases.activate_card import CardCodes
from services.enrollment.use_cases.front_door import UseCases
from services.enrollment.use_cases.record_interview import InterviewNotes
from services.enrollment.web.app import create_app
from services.enrollment.web.site_callers import site_verifier
from shared.crypto.dossier import public_jwk
from shared.crypto.keyring import FolderKeyRing
from shared.persistence.engines import postgres_engine
from shared.persistence.migrate import migrate
from shared.web.settings import Issuer, WebSettings
from tests.conftest import DatabaseUrl
from tests.unit.enrollment.builders import NOON, application, consent, form

MIGRATIONS = Path(services.enrollment.__file__).parent / "migrations"
OWN_KEYS = ("kek", "blind-index", "session", "feed-signing", "audit-signing")
BASE_URL = "http://localhost:8001"
JPEG = b"\xff\xd8 a picture"


@dataclass
class MovableClock:
    """Time as a test says; each look is a microsecond later, so that order is visible."""

    now: datetime = NOON
    _ticks: Iterator[int] = field(default_factory=itertools.count)

    def __call__(self) -> datetime:
        return self.now + timedelta(microseconds=next(self._ticks))

    def forward(self, **step: float) -> None:
        self.now += timedelta(**step)


def prepare(url: str) -> None:
    engine = postgres_engine(url)
    migrate(engine, MIGRATIONS)
    engine.dispose()


@pytest.fixture(scope="session")
def ring(tmp_path_factory: pytest.TempPathFactory) -> FolderKeyRing:
    made = FolderKeyRing(tmp_path_factory.mktemp("keys") / "enrollment", for_demo=True)
    made.ensure(OWN_KEYS)
    return made


@pytest.fixture(scope="session")
def vetting_ring(tmp_path_factory: pytest.TempPathFactory) -> FolderKeyRing:
    made = FolderKeyRing(tmp_path_factory.mktemp("keys") / "vetting", for_demo=True)
    made.ensure(["dossier"])
    return made


@pytest.fixture(scope="session")
def site_ring(tmp_path_factory: pytest.TempPathFactory) -> FolderKeyRing:
    made = FolderKeyRing(tmp_path_factory.mktemp("keys") / "sym", for_demo=True)
    made.ensure(["site", "client"])
    return made


@pytest.fixture
def engine(database_url: DatabaseUrl) -> Iterator[Engine]:
    opened = postgres_engine(database_url("enrollment", prepare))
    yield opened
    opened.dispose()


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def parts(
    engine: Engine,
    ring: FolderKeyRing,
    vetting_ring: FolderKeyRing,
    clock: MovableClock,
    tmp_path: Path,
) -> Parts:
    return Parts(
        engine=engine,
        ring=ring,
        vetting_key=public_jwk(vetting_ring, "dossier"),
        snapshots=SnapshotFolder(folder=tmp_path / "snapshots"),
        clock=clock,
    )


@pytest.fixture
def use_cases(parts: Parts) -> UseCases:
    return parts.use_cases()


@dataclass
class Office:
    """Brings people to where a test wants them, by the use cases that people use."""

    parts: Parts
    use_cases: UseCases
    tids: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def draft(
        self, person: UUID | None = None, filled: ApplicationForm | None = None
    ) -> Application:
        person = person or uuid4()
        made = self.use_cases.start_application(person, program=SENTRI)
        filled = filled or form()
        for step in Step:
            made = self.use_cases.save_step(
                made.id, person_id=person, step=step, answers={str(step): getattr(filled, step)}
            )
        return made

    def submitted(
        self, person: UUID | None = None, filled: ApplicationForm | None = None
    ) -> Application:
        made = self.draft(person, filled)
        return self.use_cases.submit_application(
            made.id, person_id=made.person_id, consent=consent()
        )

    def approved(
        self, person: UUID | None = None, filled: ApplicationForm | None = None
    ) -> Application:
        return self.approve(self.submitted(person, filled))

    def approve(self, made: Application) -> Application:
        decision = Decision(
            outcome="approve", reason_codes=(), notice_codes=(), decided_at=self.parts.clock()
        )
        self.use_cases.record_decision(made.id, decision)
        return made

    def crowd(self, count: int) -> list[Application]:
        """Put many approved applicants there at once, without the way to it."""
        made = [application(status=Status.CONDITIONALLY_APPROVED) for _ in range(count)]
        with self.parts.transactions()() as work:
            for one in made:
                work.applications.add(one)
            work.commit()
        return made

    def slots(self) -> list[Slot]:
        now = self.parts.clock()
        tomorrow = CENTERS["sym"].today(now) + timedelta(days=1)
        slots = list(CENTERS["sym"].slots(tomorrow))
        with self.parts.transactions()() as work:
            work.appointments.open_slots(slots)
            work.commit()
        return slots

    def member(
        self, person: UUID | None = None, filled: ApplicationForm | None = None
    ) -> Membership:
        return self.interview(self.approved(person, filled))

    def interview(self, made: Application) -> Membership:
        slot = next(s for s in self.slots() if self._free(s))
        booked = self.use_cases.book_slot(made.id, person_id=made.person_id, slot_id=slot.id)
        self.use_cases.check_in(booked.id)
        notes = InterviewNotes(
            outcome=Outcome.PASSED,
            questions={QuestionType.IDENTITY: AnswerOutcome.SATISFACTORY},
            text="all well",
            picture=JPEG,
        )
        self.use_cases.record_interview(booked.id, notes, recorded_by="carla")
        return self.use_cases.read_own.membership(person_id=made.person_id)

    def mailed(self, member: Membership) -> Card:
        tid = b"\xe2\x80" + next(self.tids).to_bytes(10, "big")
        card, *_ = self.use_cases.issue_card(member.id, tid=tid)
        return self.use_cases.hand_over_card(card.id, epc=card.epc, tid=tid)

    def active(self, member: Membership) -> Card:
        card = self.mailed(member)
        codes = CardCodes(passid=member.passid, security_code=card.secrets.security_code)
        return self.use_cases.activate_card(member.person_id, codes)

    def _free(self, slot: Slot) -> bool:
        with self.parts.transactions()() as work:
            return work.appointments.on_slot(slot.id) is None


@pytest.fixture
def office(parts: Parts, use_cases: UseCases) -> Office:
    return Office(parts=parts, use_cases=use_cases)


@pytest.fixture
def site(use_cases: UseCases, site_ring: FolderKeyRing) -> Site:
    made = Site(
        id="sym",
        name="San Ysidro",
        zone="America/Los_Angeles",
        sealing_key=json.dumps(public_jwk(site_ring, "site")),
        client_key=json.dumps(public_jwk(site_ring, "client")),
    )
    use_cases.add_site(made)
    return made


@pytest.fixture
def app(parts: Parts, clock: MovableClock) -> Flask:
    issuers = {
        name: Issuer(url=f"http://localhost:9/{name}", client_id="enrollment", client_secret="s")
        for name in ("people", "staff")
    }
    settings = WebSettings(
        service="enrollment",
        secret_key=parts.ring.active("session").secret,
        production=False,
        base_url=BASE_URL,
        issuers=issuers,  # type: ignore[arg-type]  # the names are the issuers'
        verify_client=site_verifier(parts.queries(), audience=BASE_URL, clock=clock),
        clock=clock,
    )
    return create_app(doors(parts), settings)
