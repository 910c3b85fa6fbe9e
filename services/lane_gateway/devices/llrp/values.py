"""Messages and parameters as values, apart from their bytes."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from services.lane_gateway.devices.llrp.errors import DecodeError

UNKNOWN = "Unknown"
"""Name of a parameter or message that no definition knows: fields ``Type`` and ``Data``."""


class Bits(NamedTuple):
    """A string of ``size`` bits in as many bytes as needed, filled up on the right."""

    size: int
    data: bytes


Value = int | str | bytes | tuple[int, ...] | Bits
Fields = Mapping[str, Value]
_T = TypeVar("_T", int, str, bytes)
NO_FIELDS: Fields = MappingProxyType({})


class Parameter:
    """One parameter: its name, its fields, and the parameters within it.

    Fields that are left out are written as zero or empty. The representation shows no field, since
    a card's number may be among them.
    """

    __slots__ = ("fields", "name", "parameters")

    fields: Fields
    name: str
    parameters: Sequence["Parameter"]

    def __init__(
        self, name: str, fields: Fields = NO_FIELDS, parameters: Sequence["Parameter"] = ()
    ) -> None:
        self.name = name
        self.fields = fields
        self.parameters = parameters

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Parameter):
            return NotImplemented
        return _content(self) == _content(other)

    __hash__ = None  # type: ignore[assignment] # the fields are a plain mapping

    def __repr__(self) -> str:
        return f"<{self.name} with {', '.join(p.name for p in self.parameters) or 'no parameter'}>"

    def all(self, name: str) -> Iterator["Parameter"]:
        """Yield the parameters of that name directly within this one."""
        return (inner for inner in self.parameters if inner.name == name)

    def find(self, *path: str) -> "Parameter | None":
        """Return the first parameter along the path of names, if there is one."""
        here: Parameter | None = self
        for name in path:
            here = next(here.all(name), None) if here is not None else None
        return here

    def get(self, *path: str) -> "Parameter":
        """Return the first parameter along the path of names; ``DecodeError`` if it is missing."""
        found = self.find(*path)
        if found is None:
            raise DecodeError(f"{self.name} lacks {'/'.join(path)}")
        return found

    def number(self, field: str) -> int:
        """Return a field that holds a number."""
        return _typed(self.name, field, self.fields.get(field, 0), int)

    def text(self, field: str) -> str:
        """Return a field that holds text; what was no UTF-8 shows as replacement characters."""
        text = _typed(self.name, field, self.fields.get(field, ""), str)
        return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")

    def raw(self, field: str) -> bytes:
        """Return a field that holds bytes, or the bytes of one that holds bits."""
        value = self.fields.get(field, b"")
        return value.data if isinstance(value, Bits) else _typed(self.name, field, value, bytes)


class Message(Parameter):
    """One message: like a parameter, with the message id and protocol version of its header."""

    __slots__ = ("id", "version")

    def __init__(
        self,
        name: str,
        fields: Fields = NO_FIELDS,
        parameters: Sequence[Parameter] = (),
        *,
        id: int = 0,  # noqa: A002 - the standard's own word
        version: int = 1,
    ) -> None:
        super().__init__(name, fields, parameters)
        self.id = id
        self.version = version

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Message):
            return NotImplemented
        return (self.id, self.version, *_content(self)) == (
            other.id,
            other.version,
            *_content(other),
        )

    __hash__ = None


def _content(parameter: Parameter) -> tuple[str, dict[str, Value], list[Parameter]]:
    return parameter.name, dict(parameter.fields), list(parameter.parameters)


def _typed(owner: str, field: str, value: object, kind: type[_T]) -> _T:
    if isinstance(value, kind):
        return value
    raise DecodeError(f"{owner}.{field} is not a field of {kind.__name__}")


def parameter(name: str, *parameters: Parameter, **fields: Value) -> Parameter:
    """Put a parameter together: fields by name, inner parameters in any order."""
    return Parameter(name, fields, parameters)


def message(
    name: str,
    *parameters: Parameter,
    id: int = 0,  # noqa: A002 - the standard's own word
    version: int = 1,
    **fields: Value,
) -> Message:
    """Put a message together: fields by name, parameters in any order."""
    return Message(name, fields, parameters, id=id, version=version)
