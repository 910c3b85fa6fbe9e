"""One lane's agent: its devices on their addresses, its stores in the site's files."""

import os
import secrets
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from threading import Event

from structlog import get_logger

from services.lane_gateway.agent.assembly import AgentParts
from services.lane_gateway.agent.chip_check import ChipParts
from services.lane_gateway.agent.key_finder import KeyFinder
from services.lane_gateway.agent.run import run_agent
from services.lane_gateway.agent.wake import DatagramLiveFeed
from services.lane_gateway.bootstrap.site import (
    BOOT_ID,
    LIVE_SOCKET,
    key_ring,
    migrate_site,
    only_one,
    site_files,
)
from services.lane_gateway.config import Config
from services.lane_gateway.devices.chip import LlrpChipAuthenticator
from services.lane_gateway.devices.llrp.reader import LlrpReader
from services.lane_gateway.devices.modbus_gate import ModbusGate
from services.lane_gateway.devices.plate_reader import CameraLink
from services.lane_gateway.devices.wake_sockets import socket_path
from services.lane_gateway.messages.publications import lane_translator
from services.lane_gateway.persistence.card_list import SiteCardList
from services.lane_gateway.persistence.chip_keys import SiteChipKeys
from services.lane_gateway.persistence.desk_reader import DeskReader
from services.lane_gateway.persistence.lane_record import LaneRecordFile
from services.lane_gateway.persistence.other_lanes import OtherLaneFiles
from services.lane_gateway.persistence.site_seal import SiteSeal
from services.lane_gateway.use_cases.ports import ListLost
from shared.clock import utc_now
from shared.context import acting
from shared.crypto.keyring import KeyRing
from shared.ids import new_id

log = get_logger(__name__)

PRIORITY = -15
"""Before the site's pages on the same processors, after whatever the operator runs in real time."""
LIST_PATIENCE = 20.0  # seconds: the PLC keeps the arm down and shows red meanwhile


def run(config: Config, lane: str) -> int:
    """Control the lane until a signal stops the process; a second agent for it is refused."""
    migrate_site(config)
    go_first()
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with ExitStack() as stack:
        stack.callback(only_one(config, f"agent-{lane}"))
        stack.enter_context(acting(actor=f"lane:{lane}"))
        parts = stack.enter_context(_parts(config, lane))
        _await_list(parts, stop)
        wake_path = socket_path(config.data, f"lane-{lane}.sock")
        run_agent(parts, wake_path=wake_path, stopped=stop.is_set)
    return 0


def go_first() -> None:
    """Take this process before others where we may; where not, say so once and go on."""
    try:
        os.setpriority(os.PRIO_PROCESS, 0, PRIORITY)
    except PermissionError:
        log.info("priority_not_granted", wanted=PRIORITY)


def _await_list(parts: AgentParts, stop: Event) -> None:
    """Give the worker a moment to fetch the list where a site starts for the first time.

    An agent without a list starts as well, refers everybody and raises the alarm.
    """
    end = time.monotonic() + LIST_PATIENCE
    while time.monotonic() < end and not stop.is_set():
        try:
            parts.cards.look_up(())
        except ListLost:
            stop.wait(0.2)
        else:
            return


@contextmanager
def _parts(config: Config, lane: str) -> Iterator[AgentParts]:
    address, files = config.lane(lane), site_files(config)
    ring = key_ring(config)
    seal = SiteSeal(ring)
    record = LaneRecordFile(
        files.lane(lane),
        lane=lane,
        seal=seal,
        translate=lane_translator(clock=utc_now),
        new_id=new_id,
    )
    cards = SiteCardList(files)
    desk = DeskReader(
        files.desk,
        lane=lane,
        seal=seal,
        selection_ppm=address.selection_ppm,
        needs_chip=address.needs_chip,
    )
    reader = LlrpReader(address.reader.address, address.reader.settings)
    others = OtherLaneFiles(
        {each.id: files.lane(each.id) for each in config.lanes if each.id != lane}
    )
    live = DatagramLiveFeed(socket_path(config.data, LIVE_SOCKET))
    with ExitStack() as stack:
        for each in (record, cards, desk, live, others):
            stack.callback(each.close)
        yield AgentParts(
            lane=lane,
            boot=BOOT_ID.read_text().strip(),
            reader=reader,
            camera=CameraLink(*address.camera),
            io=ModbusGate(*address.gate.address, io_map=address.gate.io_map),
            record=record,
            cards=cards,
            desk=desk,
            live=live,
            others=others,
            chips=_chips(config, ring, reader, stack) if address.needs_chip else None,
        )


def _chips(config: Config, ring: KeyRing, reader: LlrpReader, stack: ExitStack) -> ChipParts:
    stored = SiteChipKeys(site_files(config).people, ring=ring, site=config.site)
    stack.callback(stored.close)
    keys = KeyFinder(stored.find)
    stack.callback(keys.close)
    return ChipParts(
        authenticator=LlrpChipAuthenticator(reader), keys=keys, random=secrets.token_bytes
    )
