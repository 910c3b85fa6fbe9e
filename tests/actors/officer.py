"""A vetting officer at vetting's pages: the queue, a case, watchlists, holds."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from tests.actors.browsing import LANGUAGES, Browser, Unexpected
from tests.actors.traveler import Traveler

CSV_HEAD = "entry,name,aliases,birth_date,countries,documents,program"
OWN_CASE = "own_case"


class VettingOfficer:
    """One officer at a browser."""

    def __init__(
        self, address: str, username: str = "olga", *, language: str = LANGUAGES[0]
    ) -> None:
        self.username = username
        self.browser = Browser(address, language)

    def sign_in(self) -> None:
        """Sign in with the roles that the staff's provider knows."""
        self.browser.sign_in("staff", self.username)

    def waiting(self, kind: str = "application") -> set[UUID]:
        """Return the cases that nobody has claimed."""
        found = self.browser.call("GET", f"/cases?view=waiting&kind={kind}&limit=100")
        return {UUID(row["id"]) for row in found["items"]}

    def file(self, case_id: UUID) -> dict[str, Any]:
        """Open the person's file."""
        found: dict[str, Any] = self.browser.call(
            "GET", f"/cases/{case_id}/file?purpose={OWN_CASE}"
        )
        return found

    def case_of(
        self, traveler: Traveler, *, among: set[UUID], kind: str = "application"
    ) -> UUID | None:
        """Return the waiting case of a traveler that is not ``among`` those known before."""
        for case_id in self.waiting(kind) - among:
            if self.file(case_id)["dossier"]["names"]["given"] == _given_name(traveler):
                return case_id
        return None

    def claim(self, case_id: UUID) -> None:
        """Take the case from the queue."""
        page = self.browser.open("/cases?view=waiting&order=age")
        page = self.browser.send(page, page.form(f"/cases/{case_id}/claim"), {})
        if page.path != f"/cases/{case_id}":
            raise Unexpected(f"the case was not claimed: {page.path}")

    def judge(self, case_id: UUID, verdict: str, note: str) -> int:
        """Give the same verdict on every open hit of the case; return how many there were."""
        hits = [hit for hit in self.file(case_id)["hits"] if hit["verdict"] == "open"]
        for hit in hits:
            page = self.browser.open(f"/cases/{case_id}/hits/{hit['id']}")
            self.browser.send(page, page.form(), {"verdict": verdict, "note": note})
        return len(hits)

    def decide(
        self, case_id: UUID, outcome: str, reasons: Sequence[str], *, note: str = ""
    ) -> dict[str, Any]:
        """Decide, or propose where a second officer is needed; return the case as it is then."""
        page = self.browser.open(f"/cases/{case_id}/decision")
        decision = {"outcome": outcome, "reasons": list(reasons), "note": note}
        self.browser.send(page, page.form(), decision)
        return self.case(case_id)

    def confirm(self, case_id: UUID) -> dict[str, Any]:
        """Give the second approval; return the case as it is then."""
        page = self.browser.open(f"/cases/{case_id}/approval")
        self.browser.send(page, page.form(), {})
        return self.case(case_id)

    def case(self, case_id: UUID) -> dict[str, Any]:
        """Return the case as the queue shows it."""
        found: dict[str, Any] = self.browser.call("GET", f"/cases/{case_id}")
        return found

    def upload(self, name: str, *lines: str) -> None:
        """Bring a new version of a local watchlist."""
        page = self.browser.open("/watchlists/upload")
        text = "".join(f"{line}\n" for line in (CSV_HEAD, *lines))
        values = {"format": "csv", "name": name}
        files = {"files": ("list.csv", text.encode(), "text/csv")}
        self.browser.send(page, page.form(), values, files=files)

    def look_up(self, name: str) -> None:
        """Look somebody up by name."""
        page = self.browser.open("/people")
        self.browser.send(page, page.form("/people"), {"name": name, "purpose": OWN_CASE})

    def holds(self) -> list[dict[str, Any]]:
        """Return the holds in force."""
        found: list[dict[str, Any]] = self.browser.call("GET", "/holds")
        return found

    def lift(self, hold_id: UUID, reason: str) -> None:
        """Free the member."""
        page = self.browser.open(f"/holds/{hold_id}/lift")
        page = self.browser.send(page, page.form(), {"reason": reason})
        if page.path != "/holds":
            raise Unexpected(f"the hold was not lifted: {page.path}")

    def close(self) -> None:
        """Leave."""
        self.browser.close()


def _given_name(traveler: Traveler) -> str:
    return str(traveler.answers["names"]["given"])
