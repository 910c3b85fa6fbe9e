"""A lane's agent at work, on the real sockets of a simulated lane."""

import json
import socket
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from services.lane_gateway.agent.assembly import AgentParts
from services.lane_gateway.agent.chip_check import ChipParts
from services.lane_gateway.agent.run import run_agent
from services.lane_gateway.agent.wake import DatagramLiveFeed
from services.lane_gateway.devices.io_map import WITH_COUNTER, WITHOUT_COUNTER
from services.lane_gateway.devices.llrp.reader import LlrpReader
from services.lane_gateway.devices.llrp.settings import ReaderAddress, TlsSettings
from services.lane_gateway.devices.modbus_gate import ModbusGate
from services.lane_gateway.devices.plate_reader import CameraLink
from services.lane_gateway.domain.commands import CommandKind
from services.lane_gateway.domain.events import (
    AlarmRaised,
    OutputsDriven,
)
from services.lane_gateway.domain.lane_policy import LaneMode
from services.lane_gateway.simulator.lane import LanePorts, SimulatedLane
from services.lane_gateway.simulator.run import Simulator
from services.lane_gateway.simulator.vehicle import SimulatedCard, Vehicle
from tests.unit.lane_gateway.builders import (
    LANE,
    OFFICER,
    PLATE,
    REGION,
    a_lane,
    a_record,
    epc_of,
    tid_of,
)
from tests.unit.lane_gateway.lane_stores import (
    CardsInMemory,
    DeskInMemory,
    RecordInMemory,
    a_head,
)


class RunningLane:
    """A simulated lane and its agent in a thread; ``chips`` gives what it challenges chips with."""

    chips: Callable[[LlrpReader], ChipParts] | None = None

    def __init__(
        self,
        folder: Path,
        *,
        mode: LaneMode = LaneMode.ATTENDED,
        ports: LanePorts | None = None,
        tls: TlsSettings | None = None,
    ) -> None:
        alone = mode is LaneMode.AUTOMATIC
        self.tls = tls
        self.simulator = Simulator([ports or LanePorts(lane=LANE, has_counter=alone)])
        self.world: SimulatedLane = self.simulator.lanes[LANE]
        self.record = RecordInMemory()
        self.cards = CardsInMemory(head=a_head(datetime.now(UTC), time.monotonic()))
        self.desk = DeskInMemory()
        self.desk.set(
            mode=mode,
            signed_on=None if alone else OFFICER,
            policy=a_lane(counter_grants_automatic=alone),
        )
        self.wiring = WITH_COUNTER if alone else WITHOUT_COUNTER
        self.wake_path = folder / "lane.sock"
        self.incoming = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.incoming.bind(str(folder / "web.sock"))
        self.incoming.settimeout(5)
        self.feed = DatagramLiveFeed(folder / "web.sock")
        self.stopping = threading.Event()
        self.failed: list[BaseException] = []
        self.thread: threading.Thread | None = None

    def start(self) -> None:
        self.stopping.clear()
        self.thread = threading.Thread(target=self._run, name="agent")
        self.thread.start()

    def stop(self) -> None:
        self.stopping.set()
        if self.thread is not None:
            self.thread.join(timeout=15)
            assert not self.thread.is_alive()
            assert not self.failed

    def _run(self) -> None:
        address = "127.0.0.1"
        at = ReaderAddress(host=address, port=self.world.reader.port, tls=self.tls)
        reader = LlrpReader(at)
        try:
            run_agent(
                AgentParts(
                    lane=LANE,
                    boot="one",
                    reader=reader,
                    camera=CameraLink(address, self.world.camera.port),
                    io=ModbusGate(address, self.world.plc.port, io_map=self.wiring),
                    record=self.record,
                    cards=self.cards,
                    desk=self.desk,
                    live=self.feed,
                    chips=self.chips(reader) if self.chips is not None else None,
                ),
                wake_path=self.wake_path,
                stopped=self.stopping.is_set,
            )
        except BaseException as error:  # noqa: BLE001 - reported by the test's own thread
            self.failed.append(error)

    def picture(self) -> dict[str, Any]:
        """Return the newest picture that the agent has sent."""
        self.incoming.setblocking(False)  # noqa: FBT003 - the standard library's own signature
        try:
            while True:
                self.incoming.recv(65_536)
        except BlockingIOError:
            self.incoming.settimeout(5)
        found = json.loads(self.incoming.recv(65_536))
        assert isinstance(found, dict)
        return found

    def until(
        self, condition: Callable[[dict[str, Any]], object], *, within: float = 20.0
    ) -> dict[str, Any]:
        until = time.monotonic() + within
        while True:
            picture = self.picture()
            if condition(picture):
                return picture
            assert time.monotonic() < until, f"it did not happen in time: {picture}"

    def say(self, kind: CommandKind, picture: dict[str, Any], **values: Any) -> float:
        """Write a command down and wake the agent; return when."""
        at = time.monotonic()
        front = UUID(picture["front"]["passage_id"])
        self.desk.say(kind, passage_id=front, at=datetime.now(UTC), **values)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.sendto(b"", str(self.wake_path))
        return at

    def car(self, *names: str, **values: Any) -> Vehicle:
        self.cards.put(*(a_record(name) for name in names))
        cards = tuple(SimulatedCard(epc=epc_of(name), tid=tid_of(name)) for name in names)
        defaults: dict[str, Any] = {"plate": PLATE, "region": REGION, "front": -9.0, "speed": 4.0}
        return self.world.place(Vehicle(number=0, **defaults | {"cards": cards} | values))

    def alarms(self) -> list[str]:
        return [alarm.code for alarm in self.record.of(AlarmRaised)]

    def opened(self) -> bool:
        return any(driven.outputs.open for driven in self.record.of(OutputsDriven))
