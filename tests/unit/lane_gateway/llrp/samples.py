"""Makes messages of every kind out of the tables, with values drawn from a seed."""

from collections.abc import Iterator
from random import Random

from services.lane_gateway.devices.llrp.fields import Counted, Numbers
from services.lane_gateway.devices.llrp.tables import MESSAGES, PARAMETERS, Plan
from services.lane_gateway.devices.llrp.values import Bits, Message, Parameter, Value

RANGES = {"B": (0, 255), "b": (-128, 127), "H": (0, 65535), "h": (-32768, 32767)}
RANGES |= {"I": (0, 2**32 - 1), "Q": (0, 2**64 - 1)}
MAX_DEPTH = 9


def seeded(seed: int) -> Random:
    """Return a source of values that gives the same ones each time."""
    return Random(seed)  # noqa: S311 - test values are no secrets


def sample_message(name: str, draw: Random) -> Message:
    plan = MESSAGES[name]
    return Message(
        name,
        sample_fields(plan, draw),
        sample_parameters(plan, draw, 0),
        id=draw.randrange(2**32),
        version=draw.choice((1, 2)),
    )


def sample_parameter(name: str, draw: Random, depth: int = 0) -> Parameter:
    plan = PARAMETERS[name]
    return Parameter(name, sample_fields(plan, draw), sample_parameters(plan, draw, depth))


def sample_parameters(plan: Plan, draw: Random, depth: int) -> list[Parameter]:
    found = []
    for slot in plan.slots:
        least = int(slot.repeat.startswith("1"))
        most = 1 if slot.single else 3
        count = least if depth > MAX_DEPTH else draw.randint(least, most)
        found += [sample_parameter(draw.choice(slot.names), draw, depth + 1) for _ in range(count)]
    return found


def sample_fields(plan: Plan, draw: Random) -> dict[str, Value]:
    fields: dict[str, Value] = {}
    for step in plan.steps:
        if isinstance(step, Numbers):
            fields |= _numbers(step, draw)
        else:
            fields[step.name] = _counted(step, draw)
    return fields


def _numbers(step: Numbers, draw: Random) -> dict[str, Value]:
    fields: dict[str, Value] = {}
    for at, (name, code) in enumerate(zip(step.names, step.codes, strict=True)):
        if at in step.flags:
            fields |= {
                flag: draw.randrange(1 << width)
                for flag, _, width in step.flags[at]
                if flag != "Reserved"
            }
        else:
            fields[name] = draw.randbytes(12) if code == "12s" else draw.randint(*RANGES[code])
    return fields


def _counted(step: Counted, draw: Random) -> Value:
    count = draw.randint(0, 40)
    match step.type:
        case "u1v":
            return Bits(count, draw.randbytes((count + 7) // 8))
        case "utf8v":
            return "".join(draw.choice("aZ9 ñé鲁\N{GRINNING FACE}") for _ in range(count))
        case "u16v" | "u32v" if isinstance(step.value(0, b""), tuple):
            top = 65535 if step.type == "u16v" else 2**32 - 1
            return tuple(draw.randint(0, top) for _ in range(count))
        case _:
            return draw.randbytes(2 * count)


def within(parameter: Parameter) -> Iterator[Parameter]:
    yield parameter
    for inner in parameter.parameters:
        yield from within(inner)


def tag_report(**changes: Value) -> Message:
    """One tag seen by antenna 1, as our own session asks readers to report it."""
    tag = Parameter(
        "TagReportData",
        {},
        [
            Parameter("EPC_96", {"EPC": changes.get("epc", bytes(range(12)))}),
            Parameter("ROSpecID", {"ROSpecID": changes.get("rospec", 77)}),
            Parameter("AntennaID", {"AntennaID": 1}),
            Parameter("PeakRSSI", {"PeakRSSI": -50}),
            Parameter("FirstSeenTimestampUTC", {"Microseconds": 1_760_000_000_000_000}),
            Parameter("AccessSpecID", {"AccessSpecID": 1}),
            Parameter(
                "C1G2ReadOpSpecResult",
                {"Result": 0, "OpSpecID": 1, "ReadData": changes.get("tid", b"\xe2\x80" * 6)},
            ),
        ],
    )
    return Message("RO_ACCESS_REPORT", {}, [tag], id=9)
