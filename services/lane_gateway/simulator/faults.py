"""The faults that can be switched on and off from outside, by device and name."""

from collections.abc import Callable, Mapping
from dataclasses import fields

from services.lane_gateway.simulator.barrier import BarrierFaults
from services.lane_gateway.simulator.camera import CameraFaults
from services.lane_gateway.simulator.lane import SimulatedLane
from services.lane_gateway.simulator.modbus_server import ModbusFaults
from shared.errors import InvalidInput

Body = Mapping[str, object]


def set_fault(lane: SimulatedLane, body: Body) -> None:
    """Set one fault; ``device`` is gate, module, camera or reader."""
    device, fault, value = body.get("device"), str(body.get("fault")), body.get("value", True)
    with lane.lock:
        match device:
            case "gate" if fault == "watchdog":
                lane.plc.barrier.watchdog = _number(value)
            case "gate" if fault == "interlock":
                lane.plc.barrier.interlock = bool(value)
            case "gate":
                _set(lane.plc.barrier.faults, fault, value)
            case "module" if fault == "restart":
                lane.plc.restart()
            case "module":
                _set(lane.plc.server.faults, fault, value)
            case "camera" if fault == "disconnect":
                lane.camera.disconnect()
            case "camera" if fault == "misread_rate":
                lane.camera.misread_rate = _number(value)
            case "camera":
                _set(lane.camera.faults, fault, value)
            case "reader":
                _reader_fault(lane, fault, on=bool(value))
            case _:
                raise InvalidInput({"device": ["No such device"]})
    lane.truth.note(lane.lane, "fault", device=device, fault=fault, value=value)


def _set(faults: BarrierFaults | ModbusFaults | CameraFaults, name: str, value: object) -> None:
    if name not in {field.name for field in fields(faults)}:
        raise InvalidInput({"fault": ["No such fault"]})
    current = getattr(faults, name)
    if isinstance(current, frozenset) and isinstance(value, list):
        value = frozenset(value)
    if isinstance(current, float) and isinstance(value, int):
        value = float(value)
    if type(value) is not type(current):
        raise InvalidInput({"value": [f"Not a {type(current).__name__}"]})
    setattr(faults, name, value)


def _reader_fault(lane: SimulatedLane, fault: str, *, on: bool) -> None:
    reader = lane.reader
    actions: dict[str, Callable[[], None]] = {
        "frozen": reader.freeze if on else reader.thaw,
        "power": reader.power_on if on else reader.power_off,
        "mute": lambda: reader.mute(on=on),
        "drop": reader.drop,
    }
    if fault not in actions:
        raise InvalidInput({"fault": ["No such fault"]})
    actions[fault]()


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidInput({"value": ["Not a number"]})
    return float(value)
