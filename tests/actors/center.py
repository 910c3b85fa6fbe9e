"""An officer of the enrollment center: check-in, interview with a picture, the card."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from tests.actors.browsing import LANGUAGES, ZONE, Browser, Page, Unexpected

PURPOSE = "own_case"
TERMS = {
    "epc": {"en": "Card number (EPC)", "es": "Número de tarjeta (EPC)"},
    "access_password": {"en": "Access password", "es": "Contraseña de acceso"},
    "kill_password": {"en": "Kill password", "es": "Contraseña de anulación"},
    "passid": {"en": "PASSID", "es": "PASSID"},
    "security_code": {"en": "Security code", "es": "Código de seguridad"},
}
"""What the page calls what it shows of a new card."""
ASKED = (
    "identity",
    "residence",
    "employment",
    "travel_history",
    "vehicles",
    "disclosures",
    "program_rules",
)


@dataclass(frozen=True, kw_only=True)
class CardMade:
    """What is written into the chip and printed on the card, shown once."""

    card_id: UUID
    membership_id: UUID
    epc: str
    tid: str
    access_password: str = field(repr=False)
    kill_password: str = field(repr=False)
    passid: str = field(repr=False)
    security_code: str = field(repr=False)


class CenterOfficer:
    """One officer at the counter."""

    def __init__(
        self,
        address: str,
        username: str = "carla",
        center: str = "sym",
        *,
        language: str = LANGUAGES[0],
    ) -> None:
        self.username = username
        self.center = center
        self.browser = Browser(address, language)

    def sign_in(self) -> None:
        """Sign in with the roles that the staff's provider knows."""
        self.browser.sign_in("staff", self.username)

    def check_in(self, appointment_id: UUID, starts_at: datetime) -> None:
        """Note that the applicant is here."""
        day = starts_at.astimezone(ZONE).date()
        page = self.browser.open(f"/center/{self.center}/day?day={day}")
        self.browser.send(page, page.form(f"/visits/{appointment_id}/check-in"), {})

    def interview(self, appointment_id: UUID, *, text: str, picture: bytes) -> UUID:
        """Record a passed interview with the picture; return the new membership."""
        page = self.browser.open_file(f"/visits/{appointment_id}", purpose=PURPOSE)
        values = {**dict.fromkeys(ASKED, "satisfactory"), "text": text, "outcome": "passed"}
        files = {"picture": ("picture.jpg", picture, "image/jpeg")}
        page = self.browser.send(page, page.form(f"/visits/{appointment_id}"), values, files=files)
        _, members, rest = page.path.partition("/members/")
        if not members:
            raise Unexpected(f"the interview was not recorded: {page.path}")
        return UUID(rest.partition("/")[0])

    def issue_card(self, membership_id: UUID, tid: str) -> CardMade:
        """Order a card on a blank chip; return what the page shows once."""
        path = f"/members/{membership_id}/card"
        page = self.browser.open_file(path, purpose=PURPOSE)
        page = self.browser.send(page, page.form(path), {"tid": tid})
        shown = _shown(page)
        (hand_over,) = page.links("/hand-over")
        return CardMade(
            card_id=UUID(hand_over.rpartition("/card/")[2].partition("/")[0]),
            membership_id=membership_id,
            tid=tid,
            epc=shown["epc"],
            access_password=shown["access_password"],
            kill_password=shown["kill_password"],
            passid=shown["passid"],
            security_code=shown["security_code"],
        )

    def hand_over(self, card: CardMade) -> None:
        """Compare what the encoder reads back, and give the card to the member."""
        path = f"/members/{card.membership_id}/card/{card.card_id}/hand-over"
        page = self.browser.open(path)
        page = self.browser.send(page, page.form(path), {"epc": card.epc, "tid": card.tid})
        if not page.path.endswith("/card"):
            raise Unexpected(f"the card was not handed over: {page.path}")

    def close(self) -> None:
        """Leave."""
        self.browser.close()


def _shown(page: Page) -> dict[str, str]:
    """Return what the page says of the card, by the names of ``CardMade``."""
    terms = [each.text.strip() for each in page.elements if each.tag == "dt"]
    values = [each.text.strip() for each in page.elements if each.tag == "code"]
    found = dict(zip(terms, values, strict=True))
    return {name: found[words[page.language]] for name, words in TERMS.items()}
