"""Access specifications of a simulated reader: which there are, and what they do to a tag."""

from dataclasses import dataclass

from services.lane_gateway.devices.llrp.values import Bits, Parameter, parameter
from services.lane_gateway.simulator.reader_field import TID_BANK, Field, Tag
from services.lane_gateway.simulator.reader_refusal import SpecRefused

EVERY = 0
DISABLED, ACTIVE = 0, 1
ON_COUNT = 1
READ_OK, READ_TAG_ERROR, READ_NO_RESPONSE = 0, 1, 2
DONE, OVERRUN, NO_RESPONSE = 0, 1, 5
KILLED, ZERO_KILL_PASSWORD, KILL_NO_RESPONSE = 0, 1, 4
LOCK_NO_RESPONSE = 3
AUTHENTICATE_NO_RESPONSE = 2


@dataclass
class AccessSpec:
    """One access specification, with how often it was carried out."""

    spec: Parameter
    state: int = DISABLED
    done: int = 0

    def described(self) -> Parameter:
        """Return the specification as the reader reports it."""
        return Parameter(
            self.spec.name,
            dict(self.spec.fields) | {"CurrentState": self.state},
            self.spec.parameters,
        )

    def fits(self, tag: Tag, rospec_id: int) -> bool:
        """Tell whether it is for this tag, seen by this inventory."""
        if self.state != ACTIVE:
            return False
        if self.spec.number("AntennaID") not in {0, tag.antenna}:
            return False
        if self.spec.number("ROSpecID") not in {0, rospec_id}:
            return False
        targets = self.spec.get("AccessCommand", "C1G2TagSpec").all("C1G2TargetTag")
        return all(_fits(target, tag) for target in targets)

    @property
    def is_over(self) -> bool:
        """Whether it was carried out as often as it asked for."""
        stop = self.spec.get("AccessSpecStopTrigger")
        limit = stop.number("OperationCountValue")
        return stop.number("AccessSpecStopTrigger") == ON_COUNT and 0 < limit <= self.done


class AccessSpecs:
    """All access specifications of a reader."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._specs: dict[int, AccessSpec] = {}

    def add(self, spec: Parameter) -> None:
        """Take a new one, disabled; or ``SpecRefused``."""
        number = spec.number("AccessSpecID")
        if number == EVERY or number in self._specs or spec.number("CurrentState") != DISABLED:
            raise SpecRefused("P_FieldError", "AccessSpecID or CurrentState")
        if len(self._specs) >= self._limit:
            raise SpecRefused("M_OverflowParameter", "AccessSpec")
        self._specs[number] = AccessSpec(spec)

    def delete(self, number: int) -> None:
        """Delete one, or all for 0."""
        for found in self._chosen(number):
            del self._specs[found]

    def set_state(self, number: int, state: int) -> None:
        """Enable or disable one, or all for 0."""
        for found in self._chosen(number):
            self._specs[found].state = state

    def described(self) -> list[Parameter]:
        """Return all of them as the reader reports them."""
        return [spec.described() for spec in self._specs.values()]

    def carry_out(self, tag: Tag, rospec_id: int, field: Field) -> list[Parameter]:
        """Do what the first fitting one asks for, and return its id and its results."""
        number = next((n for n, s in self._specs.items() if s.fits(tag, rospec_id)), None)
        if number is None:
            return []
        spec = self._specs[number]
        results = [
            result
            for operation in spec.spec.get("AccessCommand").parameters
            if (result := _carry_out(operation, tag, field)) is not None
        ]
        spec.done += 1
        if spec.is_over:
            del self._specs[number]
        return [parameter("AccessSpecID", AccessSpecID=number), *results]

    def _chosen(self, number: int) -> list[int]:
        if number == EVERY:
            return list(self._specs)
        if number not in self._specs:
            raise SpecRefused("M_FieldError", "AccessSpecID")
        return [number]


def _fits(target: Parameter, tag: Tag) -> bool:
    mask, data = target.fields.get("TagMask", Bits(0, b"")), target.raw("TagData")
    pattern = (mask.size, mask.data) if isinstance(mask, Bits) else (0, b"")
    found = tag.matches(target.number("MB"), target.number("Pointer"), pattern, data)
    return found == bool(target.number("Match")) or pattern[0] == 0


def _carry_out(operation: Parameter, tag: Tag, field: Field) -> Parameter | None:
    match operation.name:
        case "C1G2Read" | "C1G2Authenticate":
            return _ask(operation, tag)
        case "C1G2Write" | "C1G2BlockWrite":
            return _write(operation, tag, field, operation.raw("WriteData"))
        case "C1G2BlockErase":
            erased = bytes(2 * operation.number("WordCount"))
            return _write(operation, tag, field, erased)
        case "C1G2Lock":
            open_ = operation.number("AccessPassword") == tag.access_password
            return _result(operation, DONE if open_ else LOCK_NO_RESPONSE)
        case "C1G2Kill":
            return _kill(operation, tag, field)
        case _:
            return None


def _ask(operation: Parameter, tag: Tag) -> Parameter:
    if operation.name == "C1G2Authenticate":
        return _challenge(operation, tag)
    return _read(operation, tag)


def _read(operation: Parameter, tag: Tag) -> Parameter:
    bank = operation.number("MB")
    password = operation.number("AccessPassword")
    if (bank == TID_BANK and tag.silent_tid) or password not in {0, tag.access_password}:
        return _result(operation, READ_NO_RESPONSE, ReadData=b"")
    data = tag.read(bank, operation.number("WordPointer"), operation.number("WordCount"))
    if data is None:
        return _result(operation, READ_TAG_ERROR, ReadData=b"")
    return _result(operation, READ_OK, ReadData=data)


def _write(operation: Parameter, tag: Tag, field: Field, data: bytes) -> Parameter:
    counted = operation.name != "C1G2BlockErase"
    if operation.number("AccessPassword") != tag.access_password:
        return _result(operation, NO_RESPONSE, **({"NumWordsWritten": 0} if counted else {}))
    changed = tag.written(operation.number("MB"), operation.number("WordPointer"), data)
    words = 0 if changed is None else len(data) // 2
    if changed is not None:
        field.change(tag, changed)
    status = OVERRUN if changed is None else DONE
    return _result(operation, status, **({"NumWordsWritten": words} if counted else {}))


def _kill(operation: Parameter, tag: Tag, field: Field) -> Parameter:
    password = operation.number("KillPassword")
    if password == 0:
        return _result(operation, ZERO_KILL_PASSWORD)
    if password != tag.kill_password:
        return _result(operation, KILL_NO_RESPONSE)
    field.change(tag, None)
    return _result(operation, KILLED)


def _challenge(operation: Parameter, tag: Tag) -> Parameter:
    answer = tag.chip.answer(operation.raw("Message")) if tag.chip is not None else None
    if answer is None:
        return _result(operation, AUTHENTICATE_NO_RESPONSE)
    return _result(operation, DONE, ReceivedData=Bits(8 * len(answer), answer))


def _result(operation: Parameter, status: int, **more: bytes | int | Bits) -> Parameter:
    name = f"{operation.name}OpSpecResult"
    return parameter(name, Result=status, OpSpecID=operation.number("OpSpecID"), **more)
