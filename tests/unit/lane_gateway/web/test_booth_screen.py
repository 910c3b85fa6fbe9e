from typing import Any

import pytest

from services.lane_gateway.domain.lane_policy import LaneMode
from services.lane_gateway.domain.live import LiveList, LivePassage
from services.lane_gateway.web import texts
from shared.clock import utc_now
from shared.errors import Unavailable
from tests.unit.lane_gateway.web.fakes import a_display_record, a_lane_row
from tests.unit.lane_gateway.web.live_builders import (
    a_live_card,
    a_live_passage,
    a_live_state,
    named,
)
from tests.unit.lane_gateway.web.screen import Screen

SIX = [
    ("clear", "PASS", "PASE"),
    ("refer", "INSPECT", "REVISIÓN"),
    ("redirect", "OTHER LANE", "OTRO CARRIL"),
    ("stop", "STOP", "ALTO"),
    ("waiting", "WAITING", "EN ESPERA"),
    ("not_live", "NOT LIVE", "SIN CONEXIÓN"),
]
ALL_WAYS = ["secondary", "turn_back", "redirect"]


def at_gate(**changes: Any) -> LivePassage:
    return a_live_passage(**{"decided_at": utc_now(), **changes})


def put(screen: Screen, word: str) -> None:
    if word == "stop":
        screen.show(a_live_state(word="stop", health="out_of_service", faults=("lamp_proof",)))
    elif word == "waiting":
        screen.show(a_live_state())
    elif word != "not_live":
        reasons = {"refer": ("held",), "redirect": ("wrong_lane",)}.get(word, ())
        screen.show(a_live_state(front=at_gate(verdict=word, reasons=reasons)))


@pytest.mark.parametrize(("word", "english", "spanish"), SIX)
def test_each_word_is_said_in_both_languages_with_a_sign(
    screen: Screen, word: str, english: str, spanish: str
) -> None:
    put(screen, word)
    for language, text in (("en", english), ("es", spanish)):
        page = screen.page(language=language)
        assert page.live["data-word"] == word
        assert page.said("tl-word")[0] == text
        assert 'class="tl-sign"' in page.html


@pytest.mark.parametrize(
    ("word", "wanted"),
    [
        ("clear", ["admit", "admit", *ALL_WAYS, "confirm_plate"]),
        ("refer", [*ALL_WAYS, "after_checks", "confirm_plate"]),
        ("redirect", [*ALL_WAYS, "after_checks", "confirm_plate"]),
        ("stop", ["reset"]),
        ("waiting", []),
        ("not_live", []),
    ],
)
def test_the_officer_can_do_what_fits_the_word(
    screen: Screen, word: str, wanted: list[str]
) -> None:
    put(screen, word)
    assert screen.page().commands == wanted


def test_every_reason_is_said_in_plain_words(screen: Screen) -> None:
    for number, reason in enumerate(texts.REASONS):
        passage = at_gate(name=f"vehicle {number}", verdict="refer", reasons=(reason,))
        screen.show(a_live_state(front=passage, scans=100 + number * 10))
        english, spanish = screen.page().text, screen.page(language="es").text
        assert str.__str__(texts.REASONS[reason]) in english
        assert str.__str__(texts.REASONS[reason]) not in spanish


def test_a_doubtful_plate_is_asked_for_at_once_and_only_once(screen: Screen) -> None:
    screen.show(a_live_state(front=at_gate(verdict="refer", reasons=("confirm_plate",))))
    page = screen.page()
    assert page.commands == ["confirm_plate", *ALL_WAYS, "after_checks"]
    assert page.html.count('id="plate"') == 1
    assert 'value="7ABC123"' in page.html
    assert "Read the plate yourself" in page.text


def test_holders_are_shown_with_name_birth_year_and_picture(screen: Screen) -> None:
    screen.records.here = {
        named("ana"): a_display_record(),
        named("luz"): a_display_record(name="Luz Robles", birth_year=2014, photo=None),
    }
    cards = (a_live_card("ana"), a_live_card("luz", age_band="under_16", reasons=("held",)))
    screen.show(a_live_state(front=at_gate(verdict="refer", reasons=("held",), cards=cards)))
    page = screen.page()
    assert page.said("tl-holder") == ["Ana Luz Robles Vega", "Luz Robles"]
    assert "Born in 1988" in page.text
    assert "Born in 2014 · Under 16" in page.text
    assert page.images == [
        f"/en/lanes/l1/booth/photo/{named('first')}/{named('ana')}",
    ]
    assert page.text.count("No picture here, compare the card") == 1
    assert len(screen.access.lines) == 2


def test_no_number_of_a_card_stands_on_the_page(screen: Screen) -> None:
    screen.show(a_live_state(front=at_gate(cards=(a_live_card(epc="c0ffee" * 4),))))
    assert "c0ffee" not in screen.page().html


def test_an_unknown_card_and_a_holder_without_record_are_named_as_such(screen: Screen) -> None:
    cards = (a_live_card("x", credential_id=None, reasons=("unknown_number",)), a_live_card("ana"))
    screen.headquarters.fail = Unavailable("The line is cut")
    passage = at_gate(verdict="refer", reasons=("unknown_number",), cards=cards)
    screen.show(a_live_state(front=passage))
    page = screen.page()
    assert page.said("tl-holder")[0] == "Unknown card"
    assert page.said("tl-holder")[1] in {"Asking headquarters…", "Name not here"}


def test_who_is_not_signed_on_sees_the_word_and_no_person(screen: Screen) -> None:
    screen.records.here[named("ana")] = a_display_record()
    screen.show(a_live_state(front=at_gate(verdict="refer", reasons=("held",))))
    page = screen.page(officer="berta")
    assert page.said("tl-word")[0] == "INSPECT"
    assert "The membership is on hold" in page.text
    assert "7ABC123" not in page.html
    assert "Robles" not in page.html
    assert page.commands == []
    assert "boris is signed on to this lane" in page.text
    assert screen.access.lines == []


def test_a_lane_without_an_officer_offers_to_sign_on(screen: Screen) -> None:
    screen.reads.rows["l1"] = a_lane_row(signed_on=None)
    screen.show(a_live_state(front=at_gate()))
    page = screen.page()
    assert 'action="/en/lanes/l1/sign-on"' in page.html
    assert page.commands == []


def test_the_age_of_the_list_is_said_once_it_matters(screen: Screen) -> None:
    aged = LiveList(number=4711, age_s=9000, standing="aged")
    screen.show(a_live_state(card_list=aged))
    assert "The card list is 2 hours old." in screen.page().text
    assert "La lista de tarjetas tiene 2 horas." in screen.page(language="es").text
    unknown = LiveList(number=4711, age_s=None, standing="stale")
    screen.show(a_live_state(card_list=unknown, scans=200))
    assert "The age of the card list is not known." in screen.page().text


def test_a_refused_command_is_shown_with_its_reason_until_the_next(screen: Screen) -> None:
    screen.reads.commands = 5
    refused = a_live_state(front=at_gate(), last_command=5, last_command_refused="not_at_gate")
    screen.show(refused)
    page = screen.page()
    assert "The lane did not do it. No vehicle stands at the gate" in page.text
    screen.reads.commands = 6
    page = screen.page()
    assert "The lane did not do it." not in page.text
    assert "Sent. The lane is about to do it." in page.text


def test_an_admitted_vehicle_is_said_to_be_on_its_way(screen: Screen) -> None:
    passage = at_gate(state="authorised", authorisation="clear", counted=2)
    screen.show(a_live_state(front=passage, gate="rising"))
    page = screen.page()
    assert "Admitted · 2 occupants · Gate released" in page.text
    assert page.commands == []
    assert "The gate is released for this vehicle." in page.text


@pytest.mark.parametrize("trouble", ["reader_live", "camera_live", "inputs_live", "record_ok"])
def test_what_does_not_answer_is_said(screen: Screen, trouble: str) -> None:
    screen.show(a_live_state(**{trouble: False}))
    assert len(screen.page().said("tl-new--bad")) == 1


def test_a_mode_that_waits_for_the_next_vehicle_is_shown_beside_the_one_now(
    screen: Screen,
) -> None:
    screen.reads.rows["l1"] = a_lane_row(mode=LaneMode.CLOSED)
    screen.show(a_live_state(front=at_gate()))
    page = screen.page()
    assert page.live["data-word"] == "clear"
    assert "Attended → Closed" in page.text


def test_without_a_script_the_page_comes_again_and_can_be_held_still(screen: Screen) -> None:
    screen.show(a_live_state(front=at_gate()))
    page = screen.page()
    assert '<meta http-equiv="refresh" content="2; url=/en/lanes/l1/booth">' in page.html
    held = screen.page(query="?paused=yes")
    assert "http-equiv" not in held.html
    assert 'class="tl-booth tl-held"' in held.html


def test_two_looks_at_the_same_vehicle_carry_the_same_key(screen: Screen) -> None:
    screen.show(a_live_state(front=at_gate()))
    keys = [page.html.split('name="once" value="')[1][:36] for page in (screen.page(),) * 2]
    assert len(set(keys)) == 1
    screen.reads.commands = 1
    assert screen.page().html.split('name="once" value="')[1][:36] not in keys
