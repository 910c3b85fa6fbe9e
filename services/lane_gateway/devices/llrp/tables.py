"""The compiled definition: what to read and write for each type of message and parameter."""

from services.lane_gateway.devices.llrp.definition import Definition, Slot, read_standard
from services.lane_gateway.devices.llrp.fields import Numbers, Step, steps

TV_LIMIT = 128
"""Types below this are TV-encoded: one byte with the high bit set, and no length."""
CUSTOM = "Custom"


class Plan:
    """How one message or parameter is laid out."""

    def __init__(self, definition: Definition) -> None:
        self.name = definition.name
        self.type = definition.type
        self.response = definition.response
        self.is_tv = definition.kind == "parameter" and definition.type < TV_LIMIT
        self.steps: list[Step] = steps(definition.fields)
        self.slots: list[Slot] = definition.slots
        self.takes_rest = any(line.type == "bytesToEnd" for line in definition.fields)
        self.place = {
            name: at for at, slot in reversed([*enumerate(self.slots)]) for name in slot.names
        }
        self.known = frozenset(
            name
            for step in self.steps
            for name in (_names(step) if isinstance(step, Numbers) else [step.name])
        )

    @property
    def tv_size(self) -> int:
        """How many bytes follow the type byte of a TV-encoded parameter."""
        return sum(step.size for step in self.steps if isinstance(step, Numbers))


def _names(step: Numbers) -> list[str]:
    flags = [name for group in step.flags.values() for name, _, _ in group]
    return flags + [name for at, name in enumerate(step.names) if at not in step.flags]


_STANDARD = read_standard()
ENUMS = _STANDARD.enums
MESSAGES = {name: Plan(definition) for name, definition in _STANDARD.messages.items()}
PARAMETERS = {name: Plan(definition) for name, definition in _STANDARD.parameters.items()}
MESSAGES_BY_TYPE = {plan.type: plan for plan in MESSAGES.values()}
PARAMETERS_BY_TYPE = {plan.type: plan for plan in PARAMETERS.values()}
