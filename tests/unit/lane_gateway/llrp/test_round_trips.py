"""What is written is read back as it was, for everything that the standard has."""

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.lane_gateway.devices.llrp.codec import decode, encode
from services.lane_gateway.devices.llrp.parameters import read_parameter, write_parameter
from services.lane_gateway.devices.llrp.tables import ENUMS, MESSAGES, PARAMETERS, Plan
from tests.unit.lane_gateway.llrp.samples import sample_message, sample_parameter, seeded, within

ROUNDS = 25
FEW = settings(
    max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
"""Hypothesis draws the values itself, at the ends of their ranges for choice, and shrinks what
fails; few of them for each, since there are over a hundred messages and parameters."""
OWNERS = [*MESSAGES.values(), *PARAMETERS.values()]


def owner_of(name: str) -> Plan:
    """Return a message or parameter that the standard has this parameter in."""
    return next(plan for plan in OWNERS if name in plan.place)


@pytest.mark.parametrize("name", MESSAGES)
def test_every_message_comes_back_as_it_was(name: str) -> None:
    for seed in range(ROUNDS):
        message = sample_message(name, seeded(seed))
        frame = encode(message)
        assert decode(frame) == message
        assert encode(decode(frame)) == frame


@pytest.mark.parametrize("name", MESSAGES)
@FEW
@given(draw=st.randoms(use_true_random=False))
def test_every_message_that_hypothesis_can_think_of_comes_back(name: str, draw: Random) -> None:
    message = sample_message(name, draw)
    frame = encode(message)
    assert decode(frame) == message
    assert encode(decode(frame)) == frame


@pytest.mark.parametrize("name", PARAMETERS)
@FEW
@given(draw=st.randoms(use_true_random=False))
def test_every_parameter_that_hypothesis_can_think_of_comes_back(name: str, draw: Random) -> None:
    parameter, written = sample_parameter(name, draw), bytearray()
    write_parameter(parameter, written)
    data = bytes(written)
    read, end = read_parameter(owner_of(name), data, 0, len(data))
    assert (read, end) == (parameter, len(data))
    again = bytearray()
    write_parameter(read, again)
    assert again == written


def test_every_parameter_is_within_some_message_of_the_round_trips() -> None:
    seen = set()
    for name in MESSAGES:
        for seed in range(ROUNDS):
            seen |= {p.name for p in within(sample_message(name, seeded(seed)))}
    assert set(PARAMETERS) - seen == set()


def test_the_whole_of_1_0_1_is_defined_and_the_version_messages_of_1_1() -> None:
    of_1_1 = {
        "GET_SUPPORTED_VERSION": 46,
        "GET_SUPPORTED_VERSION_RESPONSE": 56,
        "SET_PROTOCOL_VERSION": 47,
        "SET_PROTOCOL_VERSION_RESPONSE": 57,
    }
    types = {name: plan.type for name, plan in MESSAGES.items()}
    assert of_1_1.items() <= types.items()
    assert len(types) == len(set(types.values())) == 40 + len(of_1_1)
    numbers = {plan.type for plan in PARAMETERS.values()}
    assert len(PARAMETERS) == len(numbers)
    assert {128, 129, 137, *range(139, 150), *range(177, 189), *range(207, 210)} <= numbers
    assert {*range(217, 227), *range(237, 258), *range(287, 290), 1023} <= numbers
    assert {*range(327, 340), *range(341, 355), *range(1, 19)} - {15} <= numbers


def test_each_answer_that_the_definition_names_exists() -> None:
    answers = {plan.response for plan in MESSAGES.values() if plan.response}
    assert answers <= set(MESSAGES)
    assert ENUMS["StatusCode"]["M_UnsupportedVersion"] == 110
