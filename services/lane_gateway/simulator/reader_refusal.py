"""How a simulated reader says no."""

from services.lane_gateway.devices.llrp.tables import ENUMS
from services.lane_gateway.devices.llrp.values import Parameter, parameter

STATUS = ENUMS["StatusCode"]


class SpecRefused(Exception):  # noqa: N818 - the simulator's own signal, not an error of ours
    """A request that the reader answers with an error status."""

    def __init__(self, status: str, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.text = text


def status(name: str = "M_Success", text: str = "") -> Parameter:
    """Make the status that every answer begins with."""
    return parameter("LLRPStatus", StatusCode=STATUS[name], ErrorDescription=text)
