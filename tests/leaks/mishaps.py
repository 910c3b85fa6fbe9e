"""What goes wrong around the main job, since errors are where values slip into logs."""

from contextlib import AbstractContextManager

import requests

from tests.actors.applicant import Applicant
from tests.actors.browsing import Browser, Values
from tests.leaks import canaries
from tests.main_job import MainJob

CUT_OFF = 0
TOO_LARGE = 400_000  # bytes, above what a form may have
NAME = f"{canaries.GIVEN} {canaries.PATERNAL}"
TYPED: Values = {
    "given": canaries.GIVEN,
    "paternal_surname": canaries.PATERNAL,
    canaries.OTHER_NAME: canaries.DOCUMENT,
}


def on_the_form(applicant: Applicant) -> list[int]:
    """Send names wrongly in every way that a browser can; return how each was answered."""
    browser, path = applicant.browser, f"/applications/{applicant.application_id}/form"
    page = browser.open(f"{path}/names")
    hidden = page.form().hidden
    long = canaries.GIVEN * (TOO_LARGE // len(canaries.GIVEN))
    tries: list[Values] = [
        {**hidden, **TYPED},
        {**hidden, "given": canaries.GIVEN * 20},
        {**hidden, "given": long},
        {**hidden, "given": canaries.GIVEN, "version": "0", "csrf_token": "none"},
    ]
    return [_post(browser, f"{path}/names", values) for values in tries]


def on_the_interface(applicant: Applicant) -> list[int]:
    """Call the JSON interface wrongly with a name in it; return how each was answered."""
    browser, path = applicant.browser, f"/applications/{applicant.application_id}/form/names"
    answers = [
        browser.ask("PUT", path, {"given": [NAME]}, version='"1"'),
        browser.ask("PUT", path, {canaries.OTHER_NAME: NAME}, version='"1"'),
        browser.ask("PUT", path, {"given": NAME}, version='"999999"'),
        browser.ask("PUT", path, NAME, version=f'"{canaries.DOCUMENT}"'),
        browser.ask("POST", "/membership/activation", {"passid": NAME, "security_code": "1"}),
    ]
    return [answer.status_code for answer in answers]


def after_signing_out(applicant: Applicant) -> int:
    """Send a form whose session has ended; it is kept for its owner."""
    browser = applicant.browser
    path = f"/applications/{applicant.application_id}/form/names"
    page = browser.open(path)
    values = {**page.form().hidden, "given": canaries.GIVEN, "middle": canaries.MIDDLE}
    other = browser.copy()
    other.post("/sign-out", page.form("/sign-out").hidden)
    other.close()
    return browser.post(path, values).status_code


def while_nobody_answers(applicant: Applicant, away: AbstractContextManager[None]) -> int:
    """Send a form while the database is away."""
    path = f"/applications/{applicant.application_id}/form/names"
    hidden = applicant.browser.open(path).form().hidden
    with away:
        return applicant.browser.post(path, {**hidden, "given": canaries.GIVEN}).status_code


def look_people_up(job: MainJob) -> None:
    """Look the traveler up by name, rightly and wrongly."""
    job.cast.officer.look_up(NAME)
    job.cast.officer.browser.post("/people", {"name": NAME, "purpose": canaries.NOTE})


def _post(browser: Browser, path: str, values: Values) -> int:
    """Return how a form was answered; a server may close before it has read what is too large."""
    try:
        return browser.post(path, values).status_code
    except requests.ConnectionError:
        return CUT_OFF
