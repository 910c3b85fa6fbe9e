"""A lane that demands authentication has its chips challenged, and says what came of it."""

import pytest

from services.lane_gateway.agent.chip_check import TRIES
from services.lane_gateway.domain.admission import Reason, Verdict
from services.lane_gateway.domain.events import ChipChallenged, ChipJudged, PassageDecided
from services.lane_gateway.domain.evidence import ChipOutcome
from services.lane_gateway.domain.lane_policy import LaneMode
from services.lane_gateway.simulator.reader_chip import ChipManner
from services.lane_gateway.simulator.vehicle import Driver
from tests.unit.lane_gateway.builders import epc_of, named
from tests.unit.lane_gateway.chips_in_field import ChipBench, card_of

AT_GATE = 8.5


def outcomes(bench: ChipBench) -> list[ChipOutcome]:
    return [judged.outcome for judged in bench.record.of(ChipJudged)]


def decisions(bench: ChipBench) -> list[tuple[Verdict, tuple[Reason, ...]]]:
    made = [event.decision for event in bench.record.of(PassageDecided)]
    return [(each.verdict, each.reasons) for each in made]


def at_gate(bench: ChipBench, manner: ChipManner, name: str = "ana") -> ChipBench:
    bench.car(cards=(card_of(name, manner),), driver=Driver.WAIT)
    bench.run(AT_GATE)
    return bench


@pytest.mark.statement(40)
def test_a_car_whose_chips_prove_themselves_is_clear_at_the_first_decision() -> None:
    bench = ChipBench("ana", "ben")
    bench.car(cards=(card_of("ana"), card_of("ben")), occupants=2)
    bench.run(AT_GATE)

    assert outcomes(bench) == [ChipOutcome.AUTHENTICATED] * 2
    assert decisions(bench) == [(Verdict.CLEAR, ())]
    assert len(set(bench.air.sent)) == 2
    challenges = [bytes.fromhex(each.challenge) for each in bench.record.of(ChipChallenged)]
    assert challenges == bench.air.sent


@pytest.mark.statement(40)
def test_a_lane_alone_opens_for_a_chip_that_proves_itself_and_not_for_a_copy() -> None:
    bench = ChipBench("ana", mode=LaneMode.AUTOMATIC)
    bench.desk.set(signed_on=None)
    bench.run(1.5)
    bench.car(cards=(card_of("ana", ChipManner.WRONG),))
    bench.run(20.0)
    assert bench.times_opened() == 0
    assert bench.shown().reasons == (Reason.WRONG_CHIP_ANSWER,)

    honest = ChipBench("ana", mode=LaneMode.AUTOMATIC)
    honest.desk.set(signed_on=None)
    honest.run(1.5)
    honest.car(cards=(card_of("ana"),))
    honest.run(20.0)
    assert honest.what()[-1] == "passed"


@pytest.mark.statement(41)
def test_a_silent_chip_is_asked_three_times_and_then_says_nothing() -> None:
    bench = ChipBench("ana")
    at_gate(bench, ChipManner.SILENT)

    assert bench.shown().reasons == (Reason.CHIP_NO_ANSWER,)
    assert outcomes(bench)[:TRIES] == [ChipOutcome.NO_ANSWER] * TRIES
    assert decisions(bench) == [(Verdict.REFER, (Reason.CHIP_NO_ANSWER,))]


@pytest.mark.statement(41)
def test_a_chip_that_answers_when_it_is_held_up_again_is_cleared() -> None:
    bench = ChipBench("ana")
    card = card_of("ana", ChipManner.SILENT)
    bench.car(cards=(card,), driver=Driver.WAIT)
    bench.run(AT_GATE)
    assert card.chip is not None
    card.chip.manner = ChipManner.HONEST
    bench.run(2.5)

    assert [verdict for verdict, _ in decisions(bench)] == [Verdict.REFER, Verdict.CLEAR]


@pytest.mark.statement(40)
def test_a_copy_that_replays_an_overheard_answer_is_found_out() -> None:
    bench = ChipBench("ana")
    overheard = card_of("ana", ChipManner.REPLAY)
    assert overheard.chip is not None
    assert overheard.chip.answer(bytes(12)) is not None
    bench.car(cards=(overheard,), driver=Driver.WAIT)
    bench.run(AT_GATE)

    assert bench.shown().reasons == (Reason.WRONG_CHIP_ANSWER,)
    assert outcomes(bench) == [ChipOutcome.WRONG_ANSWER]


@pytest.mark.statement(40)
def test_another_cards_chip_proves_nothing_for_this_one() -> None:
    bench = ChipBench("ana", "ben")
    bench.keys.keys[named("ana")] = bench.keys.keys[named("ben")]
    at_gate(bench, ChipManner.HONEST)

    assert bench.shown().reasons == (Reason.WRONG_CHIP_ANSWER,)


@pytest.mark.statement(40)
def test_an_answer_that_comes_too_late_is_none() -> None:
    bench = ChipBench("ana")
    bench.air.air = 0.7
    at_gate(bench, ChipManner.HONEST)

    assert set(outcomes(bench)) == {ChipOutcome.NO_ANSWER}
    assert bench.shown().reasons == (Reason.CHIP_NO_ANSWER,)


@pytest.mark.statement(41)
def test_a_chip_that_is_gone_when_it_is_challenged_is_absent() -> None:
    bench = ChipBench("ana")
    bench.air.busy = True
    at_gate(bench, ChipManner.HONEST)
    assert bench.shown().reasons == (Reason.NOT_AUTHENTICATED,)
    bench.field.cards.clear()
    bench.air.busy = False
    bench.run(1.0)

    assert bench.shown().reasons == (Reason.CHIP_ABSENT,)
    assert outcomes(bench) == [ChipOutcome.ABSENT]


@pytest.mark.statement(41)
def test_a_card_without_a_key_at_this_site_is_read_and_not_authenticated() -> None:
    bench = ChipBench("ana")
    bench.keys.keys.clear()
    at_gate(bench, ChipManner.HONEST)

    assert bench.shown().reasons == (Reason.NOT_AUTHENTICATED,)
    assert (bench.air.sent, outcomes(bench)) == ([], [ChipOutcome.NOT_ASKED])
    assert bench.keys.asked == [named("ana")]


def test_a_reader_that_knows_no_challenges_leaves_the_card_unproved() -> None:
    bench = ChipBench("ana")
    bench.air.refuses = True
    at_gate(bench, ChipManner.HONEST)

    assert bench.shown().reasons == (Reason.NOT_AUTHENTICATED,)
    assert len(bench.air.sent) == 1


@pytest.mark.statement(41)
def test_a_number_that_is_not_on_the_list_is_never_challenged() -> None:
    bench = ChipBench("ana")
    at_gate(bench, ChipManner.HONEST, name="eva")

    assert bench.shown().reasons == (Reason.UNKNOWN_NUMBER,)
    assert (bench.air.sent, bench.keys.asked) == ([], [])


def test_a_chip_with_another_number_of_its_own_gets_no_challenge() -> None:
    bench = ChipBench("ana", "ben")
    copy = card_of("ben")
    bench.car(cards=(type(copy)(epc=epc_of("ana"), tid=copy.tid, chip=copy.chip),))
    bench.run(AT_GATE)

    assert bench.shown().reasons == (Reason.TID_MISMATCH,)
    assert bench.air.sent == []


def test_a_lane_that_does_not_ask_for_it_challenges_no_chip() -> None:
    bench = ChipBench("ana", needs=False)
    at_gate(bench, ChipManner.SILENT)

    assert bench.shown().verdict == "clear"
    assert (bench.air.sent, bench.keys.asked) == ([], [])


def test_a_lane_without_the_means_refers_every_card() -> None:
    bench = ChipBench("ana")
    bench.chips = None
    bench.start()
    at_gate(bench, ChipManner.HONEST)

    assert bench.shown().reasons == (Reason.NOT_AUTHENTICATED,)


def test_the_answer_of_a_vehicle_that_has_gone_is_given_to_no_other() -> None:
    bench = ChipBench("ana")
    bench.air.air = 30.0
    car = bench.car(cards=(card_of("ana"),), driver=Driver.WAIT)
    bench.until(lambda: bool(bench.air.sent))
    bench.world.remove(car)
    bench.until(lambda: not any(bench.controller.tracker.every()))
    bench.run(30.0)

    assert bench.air.reply() is None
    assert outcomes(bench) == []


def test_keys_are_held_no_longer_than_their_vehicle_is_there() -> None:
    bench = ChipBench("ana")
    bench.arrive(cards=(card_of("ana"),))
    bench.admit()
    bench.until(lambda: not any(bench.controller.tracker.every()))
    bench.run(1.0)
    bench.car(cards=(card_of("ana"),), front=-30.0)
    bench.run(20.0)

    assert bench.keys.asked == [named("ana")] * 2
