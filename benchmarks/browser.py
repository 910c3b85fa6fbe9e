"""A browser without a screen that signs in as people do: through the OpenID provider."""

import requests

from deploy.local.people import PEOPLE, TestPerson

PATIENCE = 30.0
"""Seconds for one answer; far more than any page takes."""


def person(username: str) -> TestPerson:
    """Return one of the test people."""
    return next(each for each in PEOPLE if each.username == username)


def signed_in(address: str, who: TestPerson) -> requests.Session:
    """Return a session at ``address`` in which ``who`` is signed in, with business there or not."""
    browser = requests.Session()
    asked = browser.get(f"{address}/en/sign-in/{who.issuer}", timeout=PATIENCE)
    asked.raise_for_status()
    answer = browser.post(asked.url, data={"sub": who.username}, timeout=PATIENCE)
    if not answer.url.startswith(address):
        raise PermissionError(f"{who.username} was not let in at {address}")
    return browser


def cookies(browser: requests.Session, address: str) -> str:
    """Return the ``Cookie`` header that the session sends to ``address``."""
    prepared = browser.prepare_request(requests.Request("GET", address))
    return str(prepared.headers.get("Cookie", ""))
