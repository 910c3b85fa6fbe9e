"""Frames as others write them, taken from the wire or from their codec, against ours."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from services.lane_gateway.devices.llrp.codec import Message, Parameter, decode, encode
from services.lane_gateway.devices.llrp.tables import MESSAGES, PARAMETERS
from tests.foreign.processes import (
    HOST,
    PROGRAMS,
    ServingProgram,
    SimulatorProcess,
    foreign_python,
    run_program,
)
from tests.foreign.relay import Relay, frames
from tests.unit.lane_gateway.llrp.samples import sample_message, seeded, within

CARD = {"e28011700000020000000a01": "e28011050000000000000001"}
ROUNDS = 25
LATER = {"C1G2Authenticate", "C1G2AuthenticateOpSpecResult", "C1G2_XPC_W1", "C1G2_XPC_W2"}
"""Parameters of LLRP 1.1 and 2.0."""
OPERATIONS = {"C1G2Read", "C1G2Write", "C1G2Kill", "C1G2Lock", "C1G2BlockErase", "C1G2BlockWrite"}
INVENTORY = {"GET_READER_CAPABILITIES", "ADD_ROSPEC", "ENABLE_ROSPEC", "DELETE_ROSPEC"}
SENT = {
    "sllurp_client.py": INVENTORY
    | {"GET_READER_CONFIG", "SET_READER_CONFIG", "ENABLE_EVENTS_AND_REPORTS"}
    | {"ADD_ACCESSSPEC", "ENABLE_ACCESSSPEC", "DELETE_ACCESSSPEC"},
    "pyllrp_client.py": INVENTORY | {"SET_READER_CONFIG", "DISABLE_ROSPEC", "CLOSE_CONNECTION"},
    "llrpkit_client.py": INVENTORY
    | {"START_ROSPEC", "STOP_ROSPEC", "ADD_ACCESSSPEC", "ENABLE_ACCESSSPEC", "CLOSE_CONNECTION"},
}


@pytest.mark.parametrize("program", SENT)
def test_what_a_foreign_client_says_is_read_and_written_again_byte_for_byte(
    program: str, tmp_path: Path
) -> None:
    with SimulatorProcess(tmp_path) as simulator, Relay(simulator.reader) as relay:
        simulator.place(CARD)
        run_program(program, HOST, str(relay.port), "1", "3")
        said, answered = frames(relay.upward), frames(relay.downward)

    names = {decode(frame).name for frame in said}
    assert names >= SENT[program]
    assert [encode(decode(frame)) for frame in said] == said
    answers = {decode(frame).name for frame in answered}
    assert "RO_ACCESS_REPORT" in answers
    assert "ERROR_MESSAGE" not in answers


def test_what_a_foreign_reader_says_is_read_and_written_again_byte_for_byte(
    tmp_path: Path,
) -> None:
    command: list[str | Path] = [foreign_python(), PROGRAMS / "llrpkit_reader.py", *CARD]
    with (
        ServingProgram(command, tmp_path / "emulator.log") as emulator,
        Relay(emulator.port) as relay,
    ):
        run_program("llrpkit_client.py", HOST, str(relay.port), "1", "3")
        said = frames(relay.downward)

    names = {decode(frame).name for frame in said}
    assert names >= {"READER_EVENT_NOTIFICATION", "GET_READER_CAPABILITIES_RESPONSE"}
    assert names >= {"RO_ACCESS_REPORT", "ADD_ROSPEC_RESPONSE", "CUSTOM_MESSAGE"}
    assert [encode(decode(frame)) for frame in said] == said


def as_llrpkit_has_it(parameters: Sequence[Parameter]) -> list[Parameter]:
    """Leave out what later versions add, and put vendors' own parameters at the end.

    Among operations and their results they may stand anywhere, and llrpkit moves them.
    """
    known = (one for one in parameters if one.name not in LATER)
    return [
        Parameter(one.name, one.fields, as_llrpkit_has_it(one.parameters))
        for one in sorted(known, key=lambda one: one.name == "Custom")
    ]


def operates(message: Message) -> bool:
    """Tell whether each access command has an operation that llrpkit takes for one."""
    commands = [
        inner
        for top in message.parameters
        for inner in within(top)
        if inner.name == "AccessCommand"
    ]
    return all({p.name for p in one.parameters} & OPERATIONS for one in commands)


def samples_of_1_0_1() -> list[Message]:
    """Draw messages of every kind with what the first version has."""
    found = []
    for name in (name for name in MESSAGES if "VERSION" not in name):
        for round_ in range(ROUNDS):
            drawn = sample_message(name, seeded(round_))
            drawn.parameters = as_llrpkit_has_it(drawn.parameters)
            found += [drawn] if operates(drawn) else []
    return found


def test_llrpkit_reads_every_message_of_ours_and_writes_the_same_bytes() -> None:
    ours = samples_of_1_0_1()
    written = [encode(message).hex() for message in ours]

    theirs = run_program("llrpkit_codec.py", text="\n".join(written))["frames"]

    names = {message.name for message in ours}
    assert names == {name for name in MESSAGES if "VERSION" not in name}
    inside = {p.name for message in ours for top in message.parameters for p in within(top)}
    assert inside == set(PARAMETERS) - LATER
    different = [
        (message.name, digits, found)
        for message, digits, found in zip(ours, written, theirs, strict=True)
        if found[1] != digits
    ]
    assert different == []
