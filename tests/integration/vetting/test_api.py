from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from openapi_spec_validator import validate
from werkzeug.test import TestResponse

from services.vetting.bootstrap import documented
from services.vetting.domain.watchlist.birth_date import BirthDate
from services.vetting.domain.watchlist.synthetic import Invented
from shared.web.openapi import openapi
from tests.integration.vetting.conftest import Vetting
from tests.signing_in import csrf_token, sign_in_as

LISTED = Invented(
    number=0, given="Zenobia", surnames="Quijorna Zarzalejo", born=BirthDate(1984, 5, 17)
)


class Caller:
    """A member of staff who calls the interface with a session."""

    def __init__(self, app: Flask, who: str = "olga", role: str = "officer") -> None:
        self.client = app.test_client()
        sign_in_as(self.client, "staff", who, (role,))
        self.token = csrf_token(self.client)

    def get(self, path: str) -> TestResponse:
        return self.client.get(f"/api/v1{path}")

    def post(
        self,
        path: str,
        body: Mapping[str, object] | None = None,
        *,
        key: str | None = "",
        version: int | None = None,
    ) -> TestResponse:
        headers = {"X-CSRFToken": self.token}
        if key is not None:
            headers["Idempotency-Key"] = key or str(uuid4())
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        return self.client.post(f"/api/v1{path}", json=body, headers=headers)


def json_of(answer: TestResponse) -> Any:
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()


def test_an_officer_works_through_the_interface(app: Flask, vetting: Vetting) -> None:
    vetting.load(LISTED)
    case_id = vetting.submit()
    olga, otto = Caller(app), Caller(app, "otto")

    queue = json_of(olga.get("/cases?view=waiting"))
    assert [row["id"] for row in queue["items"]] == [str(case_id)]
    assert json_of(olga.post(f"/cases/{case_id}/claim"))["status"] == "claimed"
    file = json_of(olga.get(f"/cases/{case_id}/file?purpose=own_case"))
    assert file["dossier"]["names"]["given"] == "Zenobia"
    (hit,) = file["hits"]
    assert {line["kind"] for line in hit["detail"]["evidence"]} >= {"name", "birth_date"}
    judged = json_of(
        olga.post(
            f"/cases/{case_id}/hits/{hit['id']}/verdict",
            {"verdict": "inconclusive", "note": "The photo is missing"},
        )
    )
    proposed = json_of(
        olga.post(
            f"/cases/{case_id}/decision",
            {"outcome": "approve", "reasons": ["finding_explained"], "note": "Known since 2009"},
            version=judged["version"],
        )
    )
    assert proposed["status"] == "proposed"
    own = olga.post(f"/cases/{case_id}/approval", version=proposed["version"])
    assert (own.status_code, own.get_json()["code"]) == (403, "same_officer")
    decided = json_of(otto.post(f"/cases/{case_id}/approval", version=proposed["version"]))
    assert (decided["status"], decided["outcome"]) == ("decided", "approve")


def test_the_same_key_counts_once_and_with_another_body_is_refused(
    app: Flask, vetting: Vetting
) -> None:
    case_id = vetting.claimed(vetting.submit())
    olga, key = Caller(app), str(uuid4())
    path = f"/cases/{case_id}/question"
    body = {"fields": ["documents"], "text_code": "ask.complete"}

    first, again = olga.post(path, body, key=key), olga.post(path, body, key=key)
    other = olga.post(path, {**body, "text_code": "ask.explain"}, key=key)

    assert (first.status_code, again.status_code) == (200, 200)
    assert first.get_json() == again.get_json()
    assert (other.status_code, other.get_json()["code"]) == (409, "idempotency_key_reused")
    assert len(vetting.sent("information_requested")) == 1


def test_errors_are_problems_that_name_their_fields(app: Flask, vetting: Vetting) -> None:
    case_id = vetting.claimed(vetting.submit())
    olga = Caller(app)
    decision = f"/cases/{case_id}/decision"
    good = {"outcome": "approve", "reasons": ["nothing_found"]}

    answers = {
        "no key": olga.post(decision, good, key=None, version=1),
        "no version": olga.post(decision, good),
        "old version": olga.post(decision, good, version=0),
        "unknown field": olga.post(decision, {**good, "colour": "red"}, version=1),
        "wrong outcome": olga.post(decision, {**good, "outcome": "maybe"}, version=1),
        "no such case": olga.post(f"/cases/{uuid4()}/claim"),
        "claimed": Caller(app, "otto").post(f"/cases/{case_id}/claim"),
        "not a cursor": olga.get("/cases?after=xyz"),
        "no purpose": olga.get(f"/cases/{case_id}/file"),
        "an auditor decides": Caller(app, "aldo", "auditor").post(decision, good, version=1),
    }

    assert {name: answer.status_code for name, answer in answers.items()} == {
        "no key": 400,
        "no version": 422,
        "old version": 412,
        "unknown field": 422,
        "wrong outcome": 422,
        "no such case": 404,
        "claimed": 409,
        "not a cursor": 422,
        "no purpose": 422,
        "an auditor decides": 403,
    }
    for answer in answers.values():
        assert answer.content_type == "application/problem+json"
    assert set(answers["unknown field"].get_json()["errors"]) == {"colour"}


def test_holds_through_the_interface(app: Flask, vetting: Vetting) -> None:
    vetting.member()
    vetting.load(LISTED)
    vetting.rescreen()
    olga, sara = Caller(app), Caller(app, "sara", "supervisor")
    (hold,) = json_of(olga.get("/holds"))
    until = "2026-11-30T12:00:00Z"

    extended = json_of(
        sara.post(f"/holds/{hold['id']}/extension", {"until": until, "reason": "Waiting"})
    )
    lifted = json_of(olga.post(f"/holds/{hold['id']}/lift", {"reason": "Looked at the card"}))

    assert extended["expires_at"] == "2026-11-30T12:00:00+00:00"
    assert lifted["why"] == "cleared"
    assert json_of(olga.get(f"/holds/{UUID(hold['id'])}"))["lifted_by"] == "olga"
    assert [row["number"] for row in json_of(olga.get("/watchlists"))] == [1]


def test_the_document_is_valid_openapi() -> None:
    validate(openapi(documented()))
