"""Give a site the record of a card that was read there for the first time."""

from dataclasses import dataclass
from uuid import UUID

from services.enrollment.domain.card import IN_USE
from services.enrollment.domain.display_record import display_record
from services.enrollment.use_cases.ports import Transactions
from shared.errors import NotFound


@dataclass(frozen=True, kw_only=True)
class SealedRecord:
    """A display record that one site alone can open."""

    credential_id: UUID
    version: int
    record: str


@dataclass(frozen=True, kw_only=True)
class ReadDisplayRecord:
    """Seal a record to the site that asks."""

    transactions: Transactions

    def __call__(self, site_id: str, credential_id: UUID) -> SealedRecord:
        """Return it; raise ``NotFound`` for a card that is not known or is over."""
        with self.transactions() as work:
            card = work.cards.get(credential_id)
            membership = work.memberships.of(card.person_id)
            if membership is None or card.status not in IN_USE:
                raise NotFound(f"No record of card {credential_id}")
            picture, key = work.pictures.of(card.person_id), work.chip_keys.of(card)
            record = display_record(membership, picture, key)
            site = work.sites.get(site_id)
            version, sealed = work.records.sealed_for(credential_id, site, record)
            work.opened(str(credential_id), what="display_record", purpose="lane")
            work.commit()
        return SealedRecord(credential_id=credential_id, version=version, record=sealed)
