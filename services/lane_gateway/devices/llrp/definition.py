"""Reads the wire definition in ``wire/``: which fields and parameters make up what.

The files list facts of the EPCglobal LLRP 1.0.1 standard, of 1.1 what ``version.txt`` names, and of
2.0 the experimental ``authenticate.txt``, one line each::

    message NAME type [response=NAME]      parameter NAME type     choice NAME = A | B
        field TYPE NAME [enum=NAME]            enum NAME: A=0, B=1
        reserved N bits
        param REPEAT NAME                      choice REPEAT NAME

A parameter with a type below 128 is TV-encoded (one byte, no length), any other TLV-encoded.
``REPEAT`` is 1, 0-1, 0-N or 1-N.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

WIRE = Path(__file__).with_name("wire")


@dataclass(frozen=True, kw_only=True)
class FieldLine:
    """One field: a type of the standard, a name, and what its bytes stand for."""

    type: str
    name: str
    hex: bool = False
    enum: str | None = None


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A place for parameters within a message or parameter; several names are a choice."""

    repeat: str
    names: tuple[str, ...]

    @property
    def required(self) -> bool:
        """Whether exactly one must be there; a missing list is let pass, as real readers do."""
        return self.repeat == "1"

    @property
    def single(self) -> bool:
        """Whether a second one is an error."""
        return self.repeat in {"1", "0-1"}


@dataclass(kw_only=True)
class Definition:
    """What one message or parameter is made of, in the order of the standard."""

    kind: str
    name: str
    type: int
    response: str | None = None
    fields: list[FieldLine] = field(default_factory=list)
    slots: list[Slot] = field(default_factory=list)


@dataclass(kw_only=True)
class Standard:
    """All definitions, by name."""

    messages: dict[str, Definition] = field(default_factory=dict)
    parameters: dict[str, Definition] = field(default_factory=dict)
    enums: dict[str, dict[str, int]] = field(default_factory=dict)
    choices: dict[str, tuple[str, ...]] = field(default_factory=dict)


def read_standard(folder: Path = WIRE) -> Standard:
    """Read every file of the definition; choices are resolved to the names they offer."""
    standard = Standard()
    for path in sorted(folder.glob("*.txt")):
        _read(path.read_text(encoding="ascii").splitlines(), standard)
    for definition in (*standard.messages.values(), *standard.parameters.values()):
        definition.slots = [_resolved(slot, standard) for slot in definition.slots]
    return standard


def _read(lines: Iterable[str], standard: Standard) -> None:
    current = Definition(kind="", name="", type=0)
    for line in lines:
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if line[0].isspace():
            _add_line(current, words)
        elif words[0] == "enum":
            standard.enums[words[1].rstrip(":")] = _enum(line.split(":", 1)[1])
        elif words[0] == "choice":
            standard.choices[words[1]] = tuple(word for word in words[3:] if word != "|")
        else:
            current = _definition(words)
            found = standard.messages if current.kind == "message" else standard.parameters
            found[current.name] = current


def _definition(words: Sequence[str]) -> Definition:
    response = next((w.removeprefix("response=") for w in words if w.startswith("response=")), None)
    return Definition(kind=words[0], name=words[1], type=int(words[2]), response=response)


def _add_line(definition: Definition, words: Sequence[str]) -> None:
    match words:
        case ["field", kind, name, *rest]:
            enum = next((w.removeprefix("enum=") for w in rest if w.startswith("enum=")), None)
            hexadecimal = "format=Hex" in rest
            definition.fields.append(FieldLine(type=kind, name=name, hex=hexadecimal, enum=enum))
        case ["reserved", count, "bits"]:
            definition.fields.append(FieldLine(type=f"r{count}", name="Reserved"))
        case ["param" | "choice", repeat, name]:
            definition.slots.append(Slot(repeat=repeat, names=(name,)))
        case _:
            raise ValueError(f"Not a line of the definition: {' '.join(words)}")


def _enum(text: str) -> dict[str, int]:
    pairs = (item.strip().split("=") for item in text.split(","))
    return {name: int(number) for name, number in pairs}


def _resolved(slot: Slot, standard: Standard) -> Slot:
    (name,) = slot.names
    return Slot(repeat=slot.repeat, names=standard.choices.get(name, (name,)))
