"""An applicant at enrollment's pages: applies, books, activates, looks at the status."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from shared.web.typed import spread
from tests.actors.browsing import LANGUAGES, ZONE, Browser, Page, Unexpected, until
from tests.actors.traveler import Traveler


class Applicant:
    """One traveler at a browser."""

    def __init__(self, address: str, traveler: Traveler, *, language: str = LANGUAGES[0]) -> None:
        self.traveler = traveler
        self.browser = Browser(address, language)
        self.application_id: UUID | None = None

    def sign_in(self) -> None:
        """Sign in; the provider asks for no password."""
        self.browser.sign_in("people", self.traveler.username)

    def apply(self) -> UUID:
        """Begin an application, fill in every page, sign it and send it."""
        page = self.begin()
        for step, answers in self.traveler.answers.items():
            if page.path != f"{self._at}/form/{step}":
                raise Unexpected(f"the form asks {page.path} where {step} comes next")
            page = self.browser.send(page, page.form(), spread(answers))
        page = self.browser.send(page, page.form(), {"truth": "yes", "checks": "yes"})
        if page.path != self._at:
            raise Unexpected(f"the application was not sent: {page.path}")
        return self._id

    def begin(self) -> Page:
        """Begin an application; return the first page of the form."""
        page = self.browser.open("/applications")
        page = self.browser.send(page, page.form("/applications"), {})
        _, _, rest = page.path.partition("/applications/")
        self.application_id = UUID(rest.partition("/")[0])
        return page

    def application(self) -> dict[str, Any]:
        """Return the application as the JSON interface shows it."""
        found: dict[str, Any] = self.browser.call("GET", f"/applications/{self._id}")
        return found

    def status_page(self) -> Page:
        """Look where the application stands."""
        return self.browser.open(self._at)

    def can_book(self) -> bool:
        """Tell whether the status page offers an interview."""
        return bool(self.status_page().links(f"{self._at}/interview"))

    def book(self) -> tuple[UUID, datetime]:
        """Take the first free time; return the appointment and when it is."""
        day = until(self._first_free_day, "a day with a free time")
        page = self.browser.open(f"{self._at}/interview?day={day}")
        form = page.form()
        page = self.browser.send(page, form, {"slot_id": _first_slot(form.offered)})
        self.browser.send(page, page.form(), {})
        booked = self.browser.call("GET", f"/applications/{self._id}/appointment")
        return UUID(booked["id"]), datetime.fromisoformat(booked["starts_at"])

    def membership(self) -> dict[str, Any]:
        """Return the membership with its cards."""
        found: dict[str, Any] = self.browser.call("GET", "/membership")
        return found

    def activate(self, passid: str, security_code: str) -> None:
        """Activate the card by what is printed on it."""
        page = self.browser.open("/membership/activate")
        codes = {"passid": passid, "security_code": security_code}
        page = self.browser.send(page, page.form(), codes)
        if page.path != "/membership":
            raise Unexpected(f"the card was not activated: {page.path}")

    def close(self) -> None:
        """Leave."""
        self.browser.close()

    def _first_free_day(self) -> date | None:
        found = self.browser.call("GET", f"/slots?center={self.traveler.center}")
        if not found:
            return None  # the calendar is being opened
        return datetime.fromisoformat(found[0]["starts_at"]).astimezone(ZONE).date()

    @property
    def _id(self) -> UUID:
        if self.application_id is None:
            raise Unexpected("nothing was begun")
        return self.application_id

    @property
    def _at(self) -> str:
        return f"/applications/{self._id}"


def _first_slot(offered: list[tuple[str, str]]) -> str:
    for name, value in offered:
        if name == "slot_id":
            return value
    raise Unexpected("the day has no free time")
