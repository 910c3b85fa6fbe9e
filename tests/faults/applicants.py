"""Applicants who only have to press the button: a complete draft and a session each."""

import json
from collections import deque
from dataclasses import dataclass, field
from threading import Event
from uuid import UUID, uuid4

from flask import Flask

from services.enrollment import bootstrap
from services.enrollment.config import Config
from services.enrollment.domain.application import Application
from services.enrollment.domain.policy_rows import SENTRI
from services.enrollment.web.app import create_app
from tests.signing_in import csrf_token, settings_of, sign_in_as
from tests.unit.enrollment.builders import form

BATCH = 100
"""Drafts in one transaction: a test prepares thousands and measures none of it."""
CONSENT = json.dumps({"truth": True, "checks": True}).encode()
"""What the last page asks for."""


@dataclass(frozen=True, kw_only=True)
class Applicant:
    """A person in front of the last page of the form."""

    application_id: UUID
    person_id: UUID
    key: str
    cookie: str = field(repr=False)
    csrf: str = field(repr=False)

    @property
    def path(self) -> str:
        """Where the application is sent to."""
        return f"/api/v1/applications/{self.application_id}/submission"

    @property
    def headers(self) -> dict[str, str]:
        """What a browser sends with it."""
        return {
            "Content-Type": "application/json",
            "Idempotency-Key": self.key,
            "Cookie": self.cookie,
            "X-CSRFToken": self.csrf,
        }


class WaitingRoom:
    """Prepares applicants through enrollment's own parts and hands each out once."""

    def __init__(self, config: Config) -> None:
        self._parts = bootstrap.parts(config)
        self._begin = self._parts.transactions()
        self._app = create_app(
            bootstrap.doors(self._parts), bootstrap.settings(self._parts, config, Event())
        )
        self._waiting: deque[Applicant] = deque()

    def fill(self, amount: int) -> None:
        """See to it that at least ``amount`` applicants wait."""
        while len(self._waiting) < amount:
            batch = [signed_in(self._app) for _ in range(BATCH)]
            with self._begin() as work:
                for applicant in batch:
                    work.applications.add(self._draft(applicant))
                work.commit()
            self._waiting.extend(batch)

    def next(self) -> Applicant | None:
        """Return the next applicant, or ``None`` when nobody waits."""
        return self._waiting.popleft() if self._waiting else None

    def close(self) -> None:
        """Let go of the database."""
        self._parts.engine.dispose()

    def _draft(self, applicant: Applicant) -> Application:
        draft = Application.start(
            application_id=applicant.application_id,
            person_id=applicant.person_id,
            program=SENTRI,
            now=self._parts.clock(),
        )
        draft.form = form()
        return draft


def signed_in(app: Flask) -> Applicant:
    """Return a person whom nobody knows yet, with a session of ``app``."""
    client = app.test_client()
    person = sign_in_as(client, "people", uuid4().hex)
    csrf = csrf_token(client)
    cookie = client.get_cookie(settings_of(app).cookie)
    assert cookie is not None
    return Applicant(
        application_id=uuid4(),
        person_id=person.id,
        key=uuid4().hex,
        cookie=f"{cookie.key}={cookie.value}",
        csrf=csrf,
    )
