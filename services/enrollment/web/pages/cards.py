"""Cards at the counter: a blank chip becomes a card, is handed over and, for minors, activated."""

import contextlib
import re
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, pre_load, validate

from services.enrollment.domain.card import (
    IN_USE,
    ActivationLapsed,
    CardMismatch,
    Status,
    TooManyTries,
    WrongCode,
    chip_content,
)
from services.enrollment.domain.transitions import IllegalTransition
from services.enrollment.use_cases.activate_card import CardCodes
from services.enrollment.use_cases.errors import CardInUse, ChipKnown
from services.enrollment.use_cases.read_file import CardFile
from services.enrollment.web import texts
from services.enrollment.web.answer_fields import Answers
from services.enrollment.web.doors import use_cases
from services.enrollment.web.pages.membership import CodesIn
from shared.errors import AlreadyDone, InvalidInput
from shared.web.access import allow
from shared.web.forms import Form, render_form
from shared.web.language import lazy as _l
from shared.web.purpose import asks_purpose

pages = Blueprint("cards", __name__, url_prefix="/members")
HEX_24 = re.compile(r"[0-9a-f]{24}\Z")


class ChipIn(Answers):
    """The blank chip."""

    tid = fields.String(
        required=True,
        validate=validate.Regexp(HEX_24),
        metadata={
            "label": _l("Chip number (TID)"),
            "hint": _l("24 digits from 0 to 9 and A to F, as the encoder reads it"),
        },
    )

    @pre_load
    def write_small(self, data: dict[str, str], **_: object) -> dict[str, str]:
        """Write numbers in small letters without blanks."""
        return {name: "".join(str(value).split()).lower() for name, value in data.items()}


class ReadBackIn(ChipIn):
    """What the encoder read back after writing."""

    epc = fields.String(
        required=True,
        validate=validate.Regexp(HEX_24),
        metadata={
            "label": _l("Card number (EPC)"),
            "hint": _l("24 digits from 0 to 9 and A to F, as the encoder reads it back"),
        },
    )


class NothingToEnter(Schema):
    """A form that is only a button."""


@pages.route("/<uuid:membership_id>/card", methods=["GET", "POST"])
@allow("center")
@asks_purpose
def issue(membership_id: UUID, *, purpose: str) -> ResponseReturnValue:
    """Show a member's cards and order one on a blank chip; its secrets are shown once."""
    file = use_cases().read_file.cards(membership_id, purpose=purpose)
    form = Form(ChipIn)
    if form.sent():
        try:
            card, membership, key = use_cases().issue_card(
                membership_id, tid=bytes.fromhex(form.data["tid"]), cause=form.cause
            )
        except AlreadyDone:
            return redirect(url_for("cards.issue", membership_id=membership_id), 303)
        except (CardInUse, ChipKnown, IllegalTransition) as error:
            form.reject_field("tid", str(texts.ERROR_TITLES[error.code]))
        except InvalidInput:
            form.reject_field("tid", str(texts.FLAWS["tid_invalid"]))
        else:
            return render_template(
                "enrollment/card_made.html",
                card=card,
                membership=membership,
                chip=chip_content(card.secrets, key),
            )
    return _card_page(form, file)


@pages.route("/<uuid:membership_id>/card/<uuid:card_id>/hand-over", methods=["GET", "POST"])
@allow("center")
def hand_over(membership_id: UUID, card_id: UUID) -> ResponseReturnValue:
    """Compare what the encoder read back, and hand the card over."""
    form = Form(ReadBackIn)
    if form.sent():
        try:
            use_cases().hand_over_card(
                card_id,
                epc=bytes.fromhex(form.data["epc"]),
                tid=bytes.fromhex(form.data["tid"]),
                cause=form.cause,
            )
        except AlreadyDone:
            pass
        except CardMismatch as error:
            form.reject_field("epc", str(texts.ERROR_TITLES[error.code]))
        if not form.errors:
            return redirect(url_for("cards.issue", membership_id=membership_id), 303)
    return render_form(
        "enrollment/hand_over.html", form, membership_id=membership_id, card_id=card_id
    )


@pages.post("/<uuid:membership_id>/card/<uuid:card_id>/void")
@allow("center")
def void(membership_id: UUID, card_id: UUID) -> ResponseReturnValue:
    """Give up a card that was not handed over."""
    with contextlib.suppress(AlreadyDone):
        use_cases().void_card(card_id, cause=Form(NothingToEnter).cause)
    return redirect(url_for("cards.issue", membership_id=membership_id), 303)


@pages.route("/<uuid:membership_id>/card/<uuid:card_id>/activate", methods=["GET", "POST"])
@allow("center")
def activate(membership_id: UUID, card_id: UUID) -> ResponseReturnValue:
    """Activate a minor's card while the guardian is at the counter."""
    form = Form(CodesIn)
    if form.sent():
        try:
            use_cases().activate_at_center(card_id, CardCodes(**form.data), cause=form.cause)
        except AlreadyDone:
            pass
        except (WrongCode, TooManyTries, ActivationLapsed, IllegalTransition) as error:
            form.reject_field("", str(texts.ERROR_TITLES[error.code]))
        if not form.errors:
            return redirect(url_for("cards.issue", membership_id=membership_id), 303)
    return render_form("enrollment/activate_at_center.html", form, membership_id=membership_id)


def _card_page(form: Form, file: CardFile) -> ResponseReturnValue:
    in_use = next((card for card in file.cards if card.status in IN_USE), None)
    return render_form(
        "enrollment/card.html",
        form,
        membership=file.membership,
        cards=file.cards,
        in_use=in_use,
        ordered=Status.ORDERED,
        mailed=Status.MAILED,
        texts=texts,
    )
