import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.vetting.domain.case_states import Kind, Outcome, Status
from services.vetting.domain.reasons import Reason
from services.vetting.domain.watchlist import synthetic
from services.vetting.domain.watchlist.birth_date import BirthDate
from services.vetting.domain.watchlist.synthetic import Invented
from services.vetting.use_cases.reading import Order, QueuePage, QueueQuery, View
from tests.integration.vetting.conftest import OLGA, StoppedClock, Vetting
from tests.signing_in import csrf_token, sign_in_as

LISTED = Invented(
    number=0,
    given="Zenobia",
    surnames="Quijorna Zarzalejo",
    born=BirthDate(1984, 5, 17),
    country="Mexico",
)


def browser(app: Flask, who: str = "olga", role: str = "officer") -> FlaskClient:
    client = app.test_client()
    sign_in_as(client, "staff", who, (role,))
    return client


def send(client: FlaskClient, path: str, **fields: object) -> TestResponse:
    return client.post(path, data={"csrf_token": csrf_token(client), **fields})


def text(answer: TestResponse) -> str:
    return re.sub(r"\s+", " ", answer.get_data(as_text=True))


def test_an_officer_claims_judges_and_approves_in_the_browser(app: Flask, vetting: Vetting) -> None:
    vetting.load(LISTED)
    case_id = vetting.submit()
    client = browser(app)
    assert str(case_id)[:8] in text(client.get("/en/cases"))

    assert send(client, f"/en/cases/{case_id}/claim").status_code == 303
    page = text(client.get(f"/en/cases/{case_id}"))
    assert "Zenobia Quijorna Zarzalejo" in page
    assert "The same day" in page
    hit = re.search(rf"/en/cases/{case_id}/hits/([0-9a-f-]+)", page)
    assert hit is not None
    missing = send(client, hit[0], verdict="false_match", note="")
    assert missing.status_code == 422
    assert 'value="false_match" checked' in text(missing)
    sent = send(client, hit[0], verdict="false_match", note="Another passport number")
    assert sent.status_code == 303
    decided = send(
        client,
        f"/en/cases/{case_id}/decision",
        outcome="approve",
        reasons="not_the_same_person",
        version=vetting.version(case_id),
    )

    assert decided.status_code == 303
    assert vetting.parts.queries().case(case_id).status is Status.DECIDED
    assert "Decidido: Aprobar" in text(send_purpose(client, f"/es/cases/{case_id}"))


def send_purpose(client: FlaskClient, path: str) -> TestResponse:
    """Open a file that is not one's own: the purpose is asked first."""
    asked = client.get(path)
    assert 'name="purpose"' in text(asked)
    chosen = send(client, f"/{path[1:3]}/purpose", purpose="supervision", then=path)
    assert chosen.status_code == 303
    return client.get(path)


def test_another_officer_says_why_and_gives_the_second_approval(
    app: Flask, vetting: Vetting
) -> None:
    vetting.load()
    case_id = vetting.claimed(vetting.submit(given="Darcy", arrested=True))
    vetting.use_cases.decide_case(
        case_id, Outcome.DENY, [Reason.CRIMINAL_RECORD], "Two convictions", staff=OLGA
    )
    client = browser(app, "otto")

    assert "Two convictions" in text(send_purpose(client, f"/en/cases/{case_id}"))
    answer = send(
        client,
        f"/en/cases/{case_id}/approval",
        action="confirm",
        version=vetting.version(case_id),
    )

    assert answer.status_code == 303
    assert vetting.parts.queries().case(case_id).status is Status.DECIDED
    entries = text(browser(app, "aldo", "auditor").get("/en/audit?event=file_opened"))
    assert "Supervision of a colleague" in entries


def test_the_officer_who_proposed_cannot_approve(app: Flask, vetting: Vetting) -> None:
    case_id = vetting.claimed(vetting.submit(arrested=True))
    vetting.use_cases.decide_case(
        case_id, Outcome.DENY, [Reason.CRIMINAL_RECORD], "Two convictions", staff=OLGA
    )

    answer = send(browser(app), f"/en/cases/{case_id}/approval", action="confirm")

    assert answer.status_code == 403
    assert "another officer has to approve it" in text(answer)


def test_a_stale_decision_is_refused_and_a_double_click_counts_once(
    app: Flask, vetting: Vetting
) -> None:
    vetting.load()
    case_id = vetting.claimed(vetting.submit(given="Briony", paternal="Penhallow", maternal=""))
    client = browser(app)
    page = text(client.get(f"/en/cases/{case_id}/decision"))
    fields = {
        "outcome": "approve",
        "reasons": "nothing_found",
        "once": found(r'name="once" value="([^"]+)"', page),
        "version": found(r'name="version" value="([^"]+)"', page),
    }

    old = send(client, f"/en/cases/{case_id}/decision", **{**fields, "version": 0, "once": ""})
    first = send(client, f"/en/cases/{case_id}/decision", **fields)
    again = send(client, f"/en/cases/{case_id}/decision", **fields)

    assert (old.status_code, first.status_code, again.status_code) == (412, 303, 303)
    assert len(vetting.sent("case_decided")) == 1


def found(pattern: str, page: str) -> str:
    match = re.search(pattern, page)
    assert match is not None
    return match[1]


def test_holds_are_lifted_with_a_reason_and_extended_by_a_supervisor(
    app: Flask, vetting: Vetting
) -> None:
    vetting.member()
    vetting.load(LISTED)
    vetting.rescreen()
    (hold,) = vetting.parts.queries().holds()
    officer, supervisor = browser(app), browser(app, "sara", "supervisor")

    assert "by the system, on strong evidence" in text(officer.get("/en/holds"))
    assert officer.get(f"/en/holds/{hold.id}/extension").status_code == 403
    extended = send(
        supervisor, f"/en/holds/{hold.id}/extension", days="7", reason="Waiting for the consulate"
    )
    assert extended.status_code == 303
    assert send(officer, f"/en/holds/{hold.id}/lift", reason="").status_code == 422
    assert send(officer, f"/en/holds/{hold.id}/lift", reason="Looked").status_code == 303
    assert vetting.parts.queries().holds() == []


def test_an_officer_asks_the_applicant(app: Flask, vetting: Vetting) -> None:
    case_id = vetting.claimed(vetting.submit())
    client = browser(app)

    nothing = send(client, f"/es/cases/{case_id}/question", text_code="ask.complete")
    asked = send(
        client,
        f"/es/cases/{case_id}/question",
        fields=["documents", "residences"],
        text_code="ask.complete",
    )

    assert (nothing.status_code, asked.status_code) == (422, 303)
    ((_, body),) = vetting.sent("information_requested")
    assert body["fields"] == ["documents", "residences"]


def test_what_was_typed_stays_when_the_claim_has_ended_meanwhile(
    app: Flask, vetting: Vetting, clock: StoppedClock
) -> None:
    vetting.load()
    case_id = vetting.claimed(vetting.submit(given="Briony", paternal="Penhallow", maternal=""))
    clock.forward(minutes=31)
    client = browser(app)

    late = send(
        client,
        f"/en/cases/{case_id}/decision",
        outcome="approve",
        reasons="nothing_found",
        note="A long note",
        version=vetting.version(case_id),
    )

    assert late.status_code == 422
    assert "claim it to go on" in text(late)
    assert "A long note" in text(late)


def test_claiming_twice_is_claiming_once(app: Flask, vetting: Vetting) -> None:
    case_id = vetting.submit()
    client = browser(app)

    answers = [send(client, f"/en/cases/{case_id}/claim").status_code for _ in range(2)]

    assert answers == [303, 303]
    other = send(browser(app, "otto"), f"/es/cases/{case_id}/claim")
    assert other.status_code == 409
    assert "Otro oficial tiene este caso" in text(other)


def test_a_list_is_uploaded_and_a_cut_one_is_refused_in_words(app: Flask, vetting: Vetting) -> None:
    client = browser(app)
    files = synthetic.ofac_files(synthetic.invented_people(12, seed=5))

    cut = upload(client, {**files, "alt.csv": files["alt.csv"][:40]})
    whole = upload(client, files)

    assert cut.status_code == 422
    assert "was cut on its way" in text(cut)
    assert whole.status_code == 303
    assert vetting.parts.queries().lists()[0].entries == 12
    assert client.get("/en/watchlists/ofac-sdn/1").status_code == 200


def upload(client: FlaskClient, files: dict[str, bytes]) -> TestResponse:
    return client.post(
        "/en/watchlists/upload",
        data={
            "csrf_token": csrf_token(client),
            "format": "ofac-sdn",
            "files": [(io.BytesIO(content), name) for name, content in files.items()],
        },
        content_type="multipart/form-data",
    )


def test_looking_somebody_up_needs_two_parts_and_a_purpose(app: Flask, vetting: Vetting) -> None:
    vetting.submit()
    client = browser(app)

    short = send(client, "/en/people", name="Zenobia", purpose="applicant_asked")
    aimless = send(client, "/en/people", name="Zenobia Quijorna")
    good = send(client, "/en/people", name="quijorna zenobia", purpose="applicant_asked")

    assert (short.status_code, aimless.status_code, good.status_code) == (422, 422, 200)
    assert "1 person found" in text(good)


def test_a_supervisor_sees_and_acknowledges_the_alarm(
    app: Flask, vetting: Vetting, clock: StoppedClock
) -> None:
    vetting.member()
    vetting.load(LISTED)
    vetting.rescreen()
    clock.forward(hours=73)
    vetting.use_cases.expire_holds()
    supervisor = browser(app, "sara", "supervisor")
    (alarm,) = vetting.parts.queries().alarms()

    assert "A hold ran out" in text(supervisor.get("/en/cases"))
    answer = send(supervisor, f"/en/alarms/{alarm.id}/acknowledgement")

    assert answer.status_code == 303
    assert "A hold ran out" not in text(supervisor.get("/en/cases"))


@pytest.mark.parametrize("order", list(Order))
def test_the_queue_pages_without_losing_or_repeating_a_case(vetting: Vetting, order: Order) -> None:
    made = {vetting.submit() for _ in range(7)}
    pages: list[QueuePage] = []
    after = ""
    while True:
        query = QueueQuery(
            view=View.WAITING, order=order, kind=Kind.APPLICATION, after=after, limit=3
        )
        page = vetting.parts.queries().queue(query)
        pages.append(page)
        if page.next is None:
            break
        after = page.next

    seen = [row.id for page in pages for row in page.rows]
    assert len(seen) == 7
    assert set(seen) == made
