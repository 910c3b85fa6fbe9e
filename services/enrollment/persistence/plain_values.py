"""Domain values as plain JSON and back, for columns sealed and unsealed."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.enrollment.domain.application import Decision, Request, Status, StatusChange
from services.enrollment.domain.card import CardSecrets
from services.enrollment.domain.form_document import dump_form, load_form
from services.enrollment.domain.interview import AnswerOutcome, QuestionType
from services.enrollment.domain.membership import Reasons
from shared.persistence.sealed_columns import dump_json, load_json


def dump_history(history: Iterable[StatusChange]) -> list[list[str]]:
    """Return a dated history as pairs."""
    return [[str(change.status), change.at.isoformat()] for change in history]


def load_history(plain: list[list[str]]) -> tuple[StatusChange, ...]:
    """Return the dated history of the pairs."""
    return tuple(
        StatusChange(status=Status(status), at=datetime.fromisoformat(at)) for status, at in plain
    )


def dump_ids(ids: Iterable[UUID]) -> list[str]:
    """Return ids as sorted texts."""
    return sorted(str(each) for each in ids)


def load_ids(plain: list[str]) -> frozenset[UUID]:
    """Return the ids of the texts."""
    return frozenset(UUID(each) for each in plain)


def form_bytes(form: Any) -> bytes:
    """Return a form as it is sealed."""
    return dump_json(dump_form(form))


def form_of(plain: bytes) -> Any:
    """Return the form that was sealed."""
    return load_form(load_json(plain))


def request_bytes(request: Request) -> bytes:
    """Return what vetting asked for as it is sealed."""
    return dump_json(
        {
            "id": str(request.id),
            "fields": list(request.fields),
            "text_code": request.text_code,
            "due_on": request.due_on.isoformat(),
        }
    )


def request_of(plain: bytes) -> Request:
    """Return what vetting asked for."""
    values = load_json(plain)
    return Request(
        id=UUID(values["id"]),
        fields=tuple(values["fields"]),
        text_code=values["text_code"],
        due_on=date.fromisoformat(values["due_on"]),
    )


def decision_bytes(decision: Decision) -> bytes:
    """Return a decision as it is sealed."""
    return dump_json(
        {
            "outcome": decision.outcome,
            "reason_codes": list(decision.reason_codes),
            "notice_codes": list(decision.notice_codes),
            "decided_at": decision.decided_at.isoformat(),
        }
    )


def decision_of(plain: bytes) -> Decision:
    """Return a decision."""
    values = load_json(plain)
    return Decision(
        outcome=values["outcome"],
        reason_codes=tuple(values["reason_codes"]),
        notice_codes=tuple(values["notice_codes"]),
        decided_at=datetime.fromisoformat(values["decided_at"]),
    )


def reasons_bytes(reasons: Reasons) -> bytes:
    """Return the reasons of a suspension or revocation as they are sealed."""
    until = reasons.appeal_until
    return dump_json(
        {
            "codes": list(reasons.codes),
            "notice_codes": list(reasons.notice_codes),
            "undisclosed_rule": reasons.undisclosed_rule,
            "at": reasons.at.isoformat(),
            "appeal_until": None if until is None else until.isoformat(),
        }
    )


def reasons_of(plain: bytes) -> Reasons:
    """Return the reasons of a suspension or revocation."""
    values = load_json(plain)
    until = values["appeal_until"]
    return Reasons(
        codes=tuple(values["codes"]),
        notice_codes=tuple(values["notice_codes"]),
        undisclosed_rule=values["undisclosed_rule"],
        at=datetime.fromisoformat(values["at"]),
        appeal_until=None if until is None else date.fromisoformat(until),
    )


def questions_bytes(questions: dict[QuestionType, AnswerOutcome]) -> bytes:
    """Return the question types with their outcomes as they are sealed."""
    return dump_json({str(kind): str(outcome) for kind, outcome in questions.items()})


def questions_of(plain: bytes) -> dict[QuestionType, AnswerOutcome]:
    """Return the question types with their outcomes."""
    return {QuestionType(k): AnswerOutcome(v) for k, v in load_json(plain).items()}


def secrets_bytes(secrets: CardSecrets) -> bytes:
    """Return what is random about a card as it is sealed."""
    return dump_json(
        {
            "epc": secrets.epc.hex(),
            "access_password": secrets.access_password.hex(),
            "kill_password": secrets.kill_password.hex(),
            "security_code": secrets.security_code,
            "chip_master": secrets.chip_master,
        }
    )


def secrets_of(plain: bytes) -> CardSecrets:
    """Return what is random about a card."""
    values = load_json(plain)
    return CardSecrets(
        epc=bytes.fromhex(values["epc"]),
        access_password=bytes.fromhex(values["access_password"]),
        kill_password=bytes.fromhex(values["kill_password"]),
        security_code=values["security_code"],
        chip_master=values.get("chip_master"),
    )
