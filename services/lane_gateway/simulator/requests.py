"""What can be asked of the simulator from outside, as plain JSON values.

=========  ==============================  =====================================================
GET        /lanes                          all lanes, with their vehicles, arm, light and ports
GET        /lanes/<lane>                   one of them
POST       /lanes/<lane>/vehicles          cards, plate, region, occupants, driver, speed, parts
POST       /lanes/<lane>/vehicles/<n>      ``{"driver": "obey|wait|stop|through|back"}``
DELETE     /lanes/<lane>/vehicles/<n>      take the vehicle away
POST       /lanes/<lane>/buttons           ``{"key_switch": true}``, emergency, reset
POST       /lanes/<lane>/faults            ``{"device": ..., "fault": ..., "value": ...}``
GET        /truth?after=N                  what really happened, from number N + 1 on
=========  ==============================  =====================================================

A card is ``{"epc": ..., "tid": ...}``; with ``"chip_key"`` (32 hexadecimal digits) its chip can be
challenged, and ``"chip": "honest|silent|wrong|replay"`` says how it behaves then.
"""

from collections.abc import Mapping, Sequence

from services.lane_gateway.simulator.faults import set_fault
from services.lane_gateway.simulator.lane import SimulatedLane
from services.lane_gateway.simulator.reader_chip import ChipManner, SimulatedChip
from services.lane_gateway.simulator.truth import TruthLog
from services.lane_gateway.simulator.vehicle import Driver, SimulatedCard, Vehicle
from shared.errors import InvalidInput, NotFound

Body = Mapping[str, object]
MOST_VEHICLES = 50


class Requests:
    """Answers requests about the simulated lanes; raises ``NotFound`` and ``InvalidInput``."""

    def __init__(self, lanes: Sequence[SimulatedLane], truth: TruthLog) -> None:
        self._lanes = {lane.lane: lane for lane in lanes}
        self._truth = truth

    def answer(self, method: str, path: str, body: Body) -> object:
        """Do what is asked and return what to say."""
        match [part for part in path.split("/") if part]:
            case ["lanes"] if method == "GET":
                return {"lanes": [_picture(lane) for lane in self._lanes.values()]}
            case ["lanes", name] if method == "GET":
                return _picture(self._lane(name))
            case ["lanes", name, what] if method == "POST":
                return self._tell(self._lane(name), what, body)
            case ["lanes", name, "vehicles", number] if method == "POST":
                return self._drive(self._lane(name), number, body)
            case ["lanes", name, "vehicles", number] if method == "DELETE":
                return self._remove(self._lane(name), number)
        raise NotFound("There is no such request")

    def _tell(self, lane: SimulatedLane, what: str, body: Body) -> Body:
        match what:
            case "vehicles":
                return {"vehicle": lane.place(_vehicle(body)).number}
            case "buttons":
                return self._press(lane, body)
            case "faults":
                set_fault(lane, body)
                return {}
        raise NotFound("There is no such request")

    def truth(self, after: int) -> object:
        """Return what really happened."""
        return {"lines": self._truth.after(after)}

    def _lane(self, name: str) -> SimulatedLane:
        if name not in self._lanes:
            raise NotFound(f"There is no lane {name}")
        return self._lanes[name]

    def _drive(self, lane: SimulatedLane, number: str, body: Body) -> Body:
        driver = _driver(body.get("driver", "obey"))
        with lane.lock:
            _find(lane, number).driver = driver
        return {}

    def _remove(self, lane: SimulatedLane, number: str) -> Body:
        with lane.lock:
            lane.world.remove(_find(lane, number))
        return {}

    def _press(self, lane: SimulatedLane, body: Body) -> Body:
        buttons = lane.plc.barrier.buttons
        for name, value in body.items():
            if name not in buttons or not isinstance(value, bool):
                raise InvalidInput({name: ["No such button, or not true or false"]})
        with lane.lock:
            buttons.update({name: bool(value) for name, value in body.items()})
        return {}


def _find(lane: SimulatedLane, number: str) -> Vehicle:
    found = lane.world.find(int(number)) if number.isdecimal() else None
    if found is None:
        raise NotFound(f"There is no vehicle {number} on lane {lane.lane}")
    return found


def _picture(lane: SimulatedLane) -> Body:
    with lane.lock:
        barrier = lane.plc.barrier
        return {
            "lane": lane.lane,
            "arm": round(barrier.position, 3),
            "light": "green" if barrier.coils["green"] else "red",
            "coils": dict(barrier.coils),
            "inputs": barrier.inputs(),
            "reader": lane.reader.port,
            "gate": lane.plc.port,
            "camera": lane.camera.port,
            "reader_connected": lane.reader.is_connected,
            "vehicles": [_vehicle_picture(vehicle) for vehicle in lane.world.vehicles],
        }


def _vehicle_picture(vehicle: Vehicle) -> Body:
    return {
        "vehicle": vehicle.number,
        "front": round(vehicle.front, 2),
        "driver": vehicle.driver,
        "plate": vehicle.plate,
        "cards": [card.epc.hex() for card in vehicle.cards],
    }


def _vehicle(body: Body) -> Vehicle:
    known = {"cards", "plate", "region", "occupants", "driver", "speed", "parts", "front"}
    unknown = sorted(set(body) - known)
    if unknown:
        raise InvalidInput({name: ["Unknown field"] for name in unknown})
    cards = _list(body, "cards")
    try:
        return Vehicle(
            number=0,
            cards=tuple(_card(card) for card in cards),
            plate=str(body.get("plate", "")),
            region=str(body.get("region", "")),
            occupants=int(str(body.get("occupants", len(cards) or 1))),
            driver=_driver(body.get("driver", "obey")),
            speed=float(str(body.get("speed", 2.0))),
            front=float(str(body.get("front", -15.0))),
            parts=tuple(_part(part) for part in _list(body, "parts")) or ((0.0, 4.5),),
        )
    except ValueError as error:
        raise InvalidInput({"vehicle": [str(error)]}) from error


def _list(body: Body, name: str) -> list[object]:
    value = body.get(name, [])
    if not isinstance(value, list):
        raise InvalidInput({name: ["Not a list"]})
    return value


def _card(value: object) -> SimulatedCard:
    if not isinstance(value, dict):
        raise InvalidInput({"cards": ["Not an object with epc and tid"]})
    tid = value.get("tid")
    return SimulatedCard(
        epc=bytes.fromhex(str(value.get("epc", ""))),
        tid=bytes.fromhex(str(tid)) if tid else None,
        chip=_chip(value),
    )


def _chip(card: Mapping[str, object]) -> SimulatedChip | None:
    key = card.get("chip_key")
    if not key:
        return None
    manner = ChipManner(str(card.get("chip", ChipManner.HONEST)))
    return SimulatedChip(bytes.fromhex(str(key)), manner)


def _part(value: object) -> tuple[float, float]:
    if not isinstance(value, list) or len(value) != 2:  # noqa: PLR2004 - from and to
        raise InvalidInput({"parts": ["Not a pair of metres"]})
    start, end = (float(str(metre)) for metre in value)
    return start, end


def _driver(value: object) -> Driver:
    try:
        return Driver(str(value))
    except ValueError as error:
        raise InvalidInput({"driver": ["No such driver"]}) from error
