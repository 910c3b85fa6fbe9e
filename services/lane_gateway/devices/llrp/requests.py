"""The messages that a session sends to set its reader up."""

from services.lane_gateway.devices.llrp.radio import antenna_configurations
from services.lane_gateway.devices.llrp.settings import (
    ALL_ANTENNAS,
    IMPINJ,
    KEEPALIVE_SECONDS,
    MISSED_KEEPALIVES,
    SessionSettings,
)
from services.lane_gateway.devices.llrp.values import Bits, Message, Parameter, parameter

EVERY = 0
"""As the id of a specification: all of them."""
ACCESS_SPEC = 1
TARGETED_ACCESS_SPEC = 2
TID_OPERATION = 1
TARGETED_OPERATION = 2
EPC_BANK = 1
TID_BANK = 2
EPC_BIT = 32
"""Where the number starts in the EPC bank, behind its checksum and control word."""
GEN2 = 1
EVENTS = {"ROSpec": 2, "GPI": 1, "BufferWarning": 3, "ReaderException": 4, "Antenna": 8}
IMPINJ_ENABLE_EXTENSIONS = 21
IMPINJ_LINK_MONITOR = 38


def keepalives() -> Parameter:
    """Ask for a sign of life each second."""
    milliseconds = int(KEEPALIVE_SECONDS * 1000)
    return parameter("KeepaliveSpec", KeepaliveTriggerType=1, PeriodicTriggerValue=milliseconds)


def events() -> Parameter:
    """Ask for all events that a lane acts upon."""
    states = (
        parameter("EventNotificationState", EventType=kind, NotificationState=1)
        for kind in EVENTS.values()
    )
    return parameter("ReaderEventNotificationSpec", *states)


def holding() -> Parameter:
    """Ask the reader to keep what it has to say until the next session is ready for it."""
    return parameter("EventsAndReports", HoldEventsAndReportsUponReconnect=1)


def link_monitor() -> Parameter:
    """Ask an Impinj reader to drop a client that no longer acknowledges its keepalives."""
    data = (1).to_bytes(2) + MISSED_KEEPALIVES.to_bytes(2)
    return parameter(
        "Custom", VendorIdentifier=IMPINJ, ParameterSubtype=IMPINJ_LINK_MONITOR, Data=data
    )


def rospec(rospec_id: int, settings: SessionSettings, said: Message) -> Parameter:
    """Inventory without end, started by us, one report for each sighting.

    ``said`` are the reader's capabilities; ``ReaderRefused`` as ``antenna_configurations``.
    """
    boundary = parameter(
        "ROBoundarySpec",
        parameter("ROSpecStartTrigger", ROSpecStartTriggerType=0),
        parameter("ROSpecStopTrigger", ROSpecStopTriggerType=0),
    )
    inventory = parameter(
        "AISpec",
        parameter("AISpecStopTrigger", AISpecStopTriggerType=0),
        parameter(
            "InventoryParameterSpec",
            *antenna_configurations(settings, said),
            InventoryParameterSpecID=1,
            ProtocolID=GEN2,
        ),
        AntennaIDs=settings.antennas,
    )
    return parameter("ROSpec", boundary, inventory, _report_spec(), ROSpecID=rospec_id)


def _report_spec() -> Parameter:
    content = parameter(
        "TagReportContentSelector",
        EnableROSpecID=1,
        EnableAntennaID=1,
        EnablePeakRSSI=1,
        EnableFirstSeenTimestamp=1,
        EnableLastSeenTimestamp=1,
        EnableAccessSpecID=1,
    )
    return parameter("ROReportSpec", content, ROReportTrigger=1, N=1)


def read_every_tid(rospec_id: int, words: int) -> Parameter:
    """Read the chip's own number from each tag that the inventory sees."""
    anything = parameter("C1G2TargetTag", MB=EPC_BANK, Match=1, Pointer=EPC_BIT)
    read = _read(TID_OPERATION, words)
    stop = parameter("AccessSpecStopTrigger", AccessSpecStopTrigger=0)
    return _access_spec(ACCESS_SPEC, rospec_id, anything, read, stop)


def read_one_tid(rospec_id: int, epc: bytes, words: int) -> Parameter:
    """Read the chip's own number from the tag with this number, once."""
    size = 8 * len(epc)
    mask, data = Bits(size, b"\xff" * len(epc)), Bits(size, epc)
    this = parameter(
        "C1G2TargetTag", MB=EPC_BANK, Match=1, Pointer=EPC_BIT, TagMask=mask, TagData=data
    )
    read = _read(TARGETED_OPERATION, words)
    stop = parameter("AccessSpecStopTrigger", AccessSpecStopTrigger=1, OperationCountValue=1)
    return _access_spec(TARGETED_ACCESS_SPEC, rospec_id, this, read, stop)


def _read(operation: int, words: int) -> Parameter:
    return parameter("C1G2Read", OpSpecID=operation, MB=TID_BANK, WordPointer=0, WordCount=words)


def _access_spec(
    access_spec: int, rospec_id: int, tag: Parameter, read: Parameter, *more: Parameter
) -> Parameter:
    command = parameter("AccessCommand", parameter("C1G2TagSpec", tag), read)
    return parameter(
        "AccessSpec",
        command,
        parameter("AccessReportSpec", AccessReportTrigger=0),
        *more,
        AccessSpecID=access_spec,
        AntennaID=ALL_ANTENNAS,
        ProtocolID=GEN2,
        ROSpecID=rospec_id,
    )
