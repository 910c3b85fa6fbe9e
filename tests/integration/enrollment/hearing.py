"""Enrollment's ear: messages as the consumer hands them over."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from importlib import resources
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from services.enrollment.bootstrap import Parts
from services.enrollment.domain.crossing import Passage
from services.enrollment.messages.handlers import IGNORED, handlers
from services.enrollment.persistence import tables
from services.enrollment.use_cases.front_door import UseCases
from shared.messaging.dispatcher import Dispatcher, Fate
from shared.messaging.envelope import Envelope
from tests.unit.enrollment.builders import NOON

SITE = "/lane_gateway/sym"
VETTING = "/vetting"


def sample(kind: str) -> dict[str, Any]:
    text = resources.files("shared.contracts").joinpath(f"{kind}.json").read_text()
    loaded: dict[str, Any] = json.loads(text)
    return loaded


class Ear:
    """Hears messages as the consumer hands them over."""

    def __init__(self, use_cases: UseCases) -> None:
        self.dispatch = Dispatcher(
            service="enrollment", handlers=handlers(use_cases), ignored=IGNORED
        )
        self.turns: dict[str, int] = {}

    def hear(
        self,
        kind: str,
        *,
        source: str = VETTING,
        subject: str | None = None,
        body: Mapping[str, Any] | None = None,
        **changes: object,
    ) -> tuple[Fate, str]:
        subject = subject or str(uuid4())
        self.turns[subject] = self.turns.get(subject, 0) + 1
        envelope = Envelope(
            id=uuid4(),
            type=kind,
            source=source,
            subject=subject,
            time=NOON,
            request_id="r1",
            body={**(sample(kind) if body is None else body), **changes},
            sequence=self.turns[subject],
        )
        first, again = self.dispatch(envelope), self.dispatch(envelope)
        if first.fate is Fate.APPLIED:
            assert again.fate is Fate.REPEATED
        return first.fate, first.code


def rows(parts: Parts, table: str) -> list[dict[str, Any]]:
    with parts.engine.connect() as connection:
        found = connection.execute(select(tables.metadata.tables[table])).mappings()
        return [dict(row) for row in found]


APPLIED = (Fate.APPLIED, "")


def crossed(use_cases: UseCases, credential: UUID, *, at: datetime | None = NOON) -> Passage:
    made = Passage(
        id=uuid4(),
        site="sym",
        lane="l1",
        credential_ids=(credential, uuid4()),
        verdict="refer",
        reasons=(),
        authorisation="secondary",
        officer="olga",
        counted=2,
        times={} if at is None else {"read": at, "gate": at + timedelta(seconds=9)},
        list_number=4,
        list_age_s=1.0,
    )
    use_cases.follow_lanes.passage(made)
    return made
