from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import Engine, select

from services.vetting.bootstrap import Parts
from services.vetting.cli import MIGRATIONS
from services.vetting.config import KEY_NAMES
from services.vetting.domain.membership import Status
from services.vetting.domain.watchlist import synthetic
from services.vetting.domain.watchlist.watchlist import Format
from services.vetting.persistence.tables import mailboxes
from services.vetting.use_cases.load_watchlist import Loaded
from services.vetting.use_cases.officers import Staff
from services.vetting.use_cases.open_case import Submission
from services.vetting.use_cases.record_membership import MembershipWord
from services.vetting.use_cases.use_cases import UseCases
from services.vetting.web.app import create_app
from shared.crypto.keyring import FolderKeyRing
from shared.persistence.engines import postgres_engine
from shared.persistence.migrate import migrate
from shared.web.settings import Issuer, WebSettings
from tests.conftest import DatabaseUrl
from tests.unit.vetting.builders import dossier

OLGA, OTTO = Staff(subject="olga"), Staff(subject="otto")
SARA = Staff(subject="sara", supervisor=True)


class StoppedClock:
    """A clock that moves only when a test moves it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


def migrated(url: str) -> None:
    engine = postgres_engine(url)
    migrate(engine, MIGRATIONS)
    engine.dispose()


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture(scope="session")
def ring(tmp_path_factory: pytest.TempPathFactory) -> FolderKeyRing:
    keys = FolderKeyRing(tmp_path_factory.mktemp("vetting") / "keys")
    keys.ensure(KEY_NAMES)
    return keys


@pytest.fixture
def engine(database_url: DatabaseUrl) -> Iterator[Engine]:
    made = postgres_engine(database_url("vetting", prepare=migrated))
    yield made
    made.dispose()


@pytest.fixture
def parts(engine: Engine, ring: FolderKeyRing, clock: StoppedClock) -> Parts:
    return Parts(engine=engine, ring=ring, clock=clock)


@pytest.fixture
def use_cases(parts: Parts) -> UseCases:
    return parts.use_cases()


@pytest.fixture
def app(parts: Parts, use_cases: UseCases, clock: StoppedClock) -> Flask:
    return create_app(use_cases, parts.queries(), settings(clock))


def settings(clock: StoppedClock, staff_url: str = "http://localhost:9/staff") -> WebSettings:
    return WebSettings(
        service="vetting",
        secret_key=bytes(range(32)),
        production=False,
        base_url="http://localhost",
        issuers={"staff": Issuer(url=staff_url, client_id="vetting", client_secret="x")},
        clock=clock,
    )


@pytest.fixture
def vetting(parts: Parts, use_cases: UseCases) -> "Vetting":
    return Vetting(parts, use_cases)


class Vetting:
    """The service as tests speak of it."""

    def __init__(self, parts: Parts, use_cases: UseCases) -> None:
        self.parts = parts
        self.use_cases = use_cases

    def load(self, *more: synthetic.Invented, count: int = 40, **values: Any) -> Loaded:
        people = synthetic.invented_people(count, seed=7)
        for person in more:
            people = synthetic.with_person(people, person)
        values.setdefault("staff", SARA)
        return self.use_cases.load_watchlist(
            Format.OFAC_SDN, synthetic.ofac_files(people), **values
        )

    def submit(self, person_id: UUID | None = None, **answers: Any) -> UUID:
        return self.use_cases.open_case(
            Submission(
                application_id=uuid4(),
                person_id=person_id or uuid4(),
                program="sentri",
                purpose="new",
                policy_version="2024-10-01",
                dossier=dossier(**answers),
            )
        )

    def member(self, person_id: UUID | None = None, **answers: Any) -> MembershipWord:
        today = self.parts.clock().date()
        word = MembershipWord(
            membership_id=uuid4(),
            person_id=person_id or uuid4(),
            program="sentri",
            status=Status.ACTIVE,
            valid_from=today,
            valid_until=today + timedelta(days=1800),
            dossier=dossier(**answers),
        )
        self.use_cases.record_membership(word)
        return word

    def rescreen(self) -> int:
        batches = 0
        while self.use_cases.continue_rescreen() is not None:
            batches += 1
        return batches

    def sent(self, kind: str = "") -> list[tuple[str, Mapping[str, Any]]]:
        outbox = mailboxes.outbox
        with self.parts.engine.connect() as connection:
            rows = connection.execute(
                select(outbox.c.type, outbox.c.body).order_by(outbox.c.number)
            ).all()
        return [(row.type, row.body) for row in rows if kind in row.type]

    def version(self, case_id: UUID) -> int:
        return self.parts.queries().case(case_id).version

    def claimed(self, case_id: UUID, staff: Staff = OLGA) -> UUID:
        self.use_cases.claim_case(case_id, staff)
        return case_id


@pytest.fixture
def list_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "list"
    folder.mkdir()
    for name, content in synthetic.ofac_files(synthetic.invented_people(30, seed=3)).items():
        (folder / name).write_bytes(content)
    return folder
