"""What sites hear of a member: changes in the feed, and records for the booths."""

from collections.abc import Iterable
from datetime import date

from services.enrollment.domain.card import Card
from services.enrollment.domain.credential import Change, ChangeKind, Status, describe
from services.enrollment.domain.display_record import display_record
from services.enrollment.domain.membership import Membership
from services.enrollment.use_cases.ports import UnitOfWork
from shared.errors import NotFound


def tell_feed(
    work: UnitOfWork, membership: Membership, kind: ChangeKind, *, cards: Iterable[Card], on: date
) -> None:
    """Say in the feed what became of those of the member's cards that a lane may still meet."""
    for card in cards:
        credential = describe(membership, card, today=on)
        if credential.status is not Status.ENDED:
            work.feed.add(Change(kind=kind, credential=credential))


def tell_feed_of_card(
    work: UnitOfWork, membership: Membership, kind: ChangeKind, *, card: Card, on: date
) -> None:
    """Say in the feed what became of one card, also when it is over."""
    work.feed.add(Change(kind=kind, credential=describe(membership, card, today=on)))


def send_records(work: UnitOfWork, membership: Membership, card: Card) -> None:
    """Send the record to the sites that the member named and to those that have one already."""
    named = membership.form.crossing.sites if membership.form.crossing else ()
    picture, key = work.pictures.of(membership.person_id), work.chip_keys.of(card)
    record = display_record(membership, picture, key)
    for site_id in dict.fromkeys((*named, *work.records.sites_of(card.id))):
        try:
            site = work.sites.get(site_id)
        except NotFound:
            continue  # named at enrollment, but its lanes are not with us yet
        work.records.send(card.id, site, record)
