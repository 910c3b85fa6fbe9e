"""A port that is cut off: no provider, headquarters or broker; an officer comes in and works."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from deploy.local.crawl import signed_in
from deploy.local.people import PEOPLE, TestPerson
from deploy.local.running import Installation, running_demo

PATIENCE_MS = 30_000
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def cut_off(server_folder: Path) -> Iterator[Installation]:
    """An installation of its own: parts of it are killed."""
    with running_demo(server_folder / "passkeys") as running:
        yield running


def of_role(role: str) -> TestPerson:
    return next(person for person in PEOPLE if person.role == role)


def with_authenticator(context: BrowserContext) -> Page:
    """Return a page whose browser has a passkey device of its own."""
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return page


def wait_until_it_works(page: Page, address: str) -> None:
    """Look until headquarters has signed the roster and the site has it."""
    for _ in range(60):
        page.goto(f"{address}/en/passkeys")
        if page.locator("li", has_text="blue key").get_by_text("Works").count():
            return
        page.wait_for_timeout(500)
    pytest.fail(page.locator("main").inner_text())


def is_dead(url: str) -> bool:
    parts = urlsplit(url)
    with socket.socket() as probe:
        probe.settimeout(2)
        return probe.connect_ex((parts.hostname or "localhost", parts.port or 0)) != 0


@contextmanager
def line_cut(installation: Installation) -> Iterator[None]:
    """Kill the providers, enrollment and the database that is the broker; assert that all died."""
    supervisor = installation.supervisor
    for name in ("oidc-staff", "oidc-people", "enrollment-web", "enrollment-worker"):
        supervisor.expect_end(name)
        supervisor.kill9(name)
        assert not supervisor.runs(name)
    installation.postgres.kill9()
    assert not installation.postgres.answers()
    assert is_dead(installation.layout.url("enrollment"))
    for port in installation.layout.oidc_ports.values():
        assert is_dead(f"http://localhost:{port}")
    yield


@pytest.mark.rule("R9")
def test_an_officer_comes_in_by_passkey_and_opens_a_lane_with_everything_else_dead(
    cut_off: Installation, chromium: Browser
) -> None:
    address = cut_off.layout.url("lane_gateway")
    booth, port = of_role("booth"), of_role("port")
    with signed_in(chromium, address, booth) as context:
        page = with_authenticator(context)
        page.goto(f"{address}/en/passkeys")
        page.fill("#label", "blue key")
        page.click("main button:has-text('Add a passkey')")
        expect(page.locator("li", has_text="blue key")).to_contain_text("Waits")
        with signed_in(chromium, address, port) as supervisor:
            roster = supervisor.new_page()
            roster.goto(f"{address}/en/roster")
            roster.click("li:has-text('blue key') button:has-text('Confirm')")
            expect(roster.locator("li", has_text="blue key")).to_contain_text(port.username)
        wait_until_it_works(page, address)
        context.clear_cookies()
        with line_cut(cut_off):
            page.goto(f"{address}/en/lanes/l1/override")
            expect(page).to_have_url(f"{address}/en/sign-in?then=/en/lanes/l1/override")
            page.click("button:has-text('Sign in with passkey')")
            expect(page.locator(".tl-name")).to_have_text(booth.name)
            page.goto(f"{address}/en/lanes/l1/booth")
            page.click("button:has-text('Sign on to this lane')")
            page.goto(f"{address}/en/lanes/l1/override")
            page.fill("#reason", "ambulance")
            page.click("button:has-text('Open with passkey')")
            expect(page.locator("main")).to_contain_text("The lane is open by hand")
            page.click("button:has-text('End it now')")
            expect(page.locator("main")).not_to_contain_text("The lane is open by hand")
