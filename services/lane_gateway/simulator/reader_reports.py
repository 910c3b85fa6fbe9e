"""Tag reports of a simulated reader: what is in them, and when they go out."""

from dataclasses import dataclass, field

from services.lane_gateway.devices.llrp.values import Bits, Message, Parameter, parameter
from services.lane_gateway.simulator.reader_field import Tag
from services.lane_gateway.simulator.reader_profile import Profile
from services.lane_gateway.simulator.reader_rospecs import RoSpec

ON_REQUEST = 0
EPC_96_BITS = 96
ALL_CONTENT = parameter(
    "TagReportContentSelector",
    EnableROSpecID=1,
    EnableSpecIndex=1,
    EnableInventoryParameterSpecID=1,
    EnableAntennaID=1,
    EnableChannelIndex=1,
    EnablePeakRSSI=1,
    EnableFirstSeenTimestamp=1,
    EnableLastSeenTimestamp=1,
    EnableTagSeenCount=1,
    EnableAccessSpecID=1,
)
DEFAULT_SPEC = parameter("ROReportSpec", ALL_CONTENT, ROReportTrigger=2, N=0)
"""What a reader does that nobody told how to report: all it knows, at the end."""


@dataclass
class Entry:
    """One tag since the last report."""

    tag: Tag
    rospec_id: int
    step: int
    first_seen: int
    last_seen: int
    count: int = 1
    access: list[Parameter] = field(default_factory=list)


class Reports:
    """What was seen and not yet reported."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._entries: dict[tuple[bytes, int, int], Entry] = {}

    def see(self, rospec: RoSpec, tag: Tag, at: int, access: list[Parameter]) -> None:
        """Take note of a tag at the reader's time ``at``."""
        key = (tag.epc, tag.antenna, rospec.number)
        entry = self._entries.get(key)
        if entry is None:
            number, step = rospec.number, rospec.step
            self._entries[key] = Entry(tag, number, step, at, at, access=access)
            return
        entry.last_seen, entry.count = at, entry.count + 1
        entry.access = access or entry.access

    def due(self, spec: Parameter, *, at_end: bool = False) -> list[Message]:
        """Return the reports that the trigger lets out, after a sighting or at the end."""
        limit = spec.number("N")
        if spec.number("ROReportTrigger") == ON_REQUEST:
            return []
        if at_end:
            return self.flush(spec)
        reports = []
        while limit and len(self._entries) >= limit:
            keys = list(self._entries)[:limit]
            reports.append(self._report([self._entries.pop(key) for key in keys], spec))
        return reports

    def flush(self, spec: Parameter) -> list[Message]:
        """Report all that is waiting."""
        entries = list(self._entries.values())
        self._entries.clear()
        return [self._report(entries, spec)] if entries else []

    def _report(self, entries: list[Entry], spec: Parameter) -> Message:
        content = spec.get("TagReportContentSelector")
        tags = [tag_report(entry, content, self._profile) for entry in entries]
        return Message("RO_ACCESS_REPORT", {}, tags)


def tag_report(entry: Entry, content: Parameter, profile: Profile) -> Parameter:
    """Put the report of one tag together as the content selector says."""
    tag = entry.tag
    utc = "UTC" if profile.has_utc_clock else "Uptime"
    wishes = {
        "EnableROSpecID": parameter("ROSpecID", ROSpecID=entry.rospec_id),
        "EnableSpecIndex": parameter("SpecIndex", SpecIndex=entry.step + 1),
        "EnableInventoryParameterSpecID": parameter(
            "InventoryParameterSpecID", InventoryParameterSpecID=1
        ),
        "EnableAntennaID": parameter("AntennaID", AntennaID=tag.antenna),
        "EnablePeakRSSI": parameter("PeakRSSI", PeakRSSI=max(-128, min(127, round(tag.rssi)))),
        "EnableChannelIndex": parameter("ChannelIndex", ChannelIndex=1),
        "EnableFirstSeenTimestamp": parameter(
            f"FirstSeenTimestamp{utc}", Microseconds=entry.first_seen
        ),
        "EnableLastSeenTimestamp": parameter(
            f"LastSeenTimestamp{utc}", Microseconds=entry.last_seen
        ),
        "EnableTagSeenCount": parameter("TagSeenCount", TagCount=min(entry.count, 0xFFFF)),
    }
    inner = [made for wish, made in wishes.items() if content.number(wish)]
    if not profile.names_rospec:
        inner = [made for made in inner if made.name != "ROSpecID"]
    access = [p for p in entry.access if p.name != "AccessSpecID" or _wants_access(content)]
    return parameter("TagReportData", _epc(tag), *inner, *_memory(tag, content), *access)


def _wants_access(content: Parameter) -> bool:
    return bool(content.number("EnableAccessSpecID"))


def _memory(tag: Tag, content: Parameter) -> list[Parameter]:
    selector = content.find("C1G2EPCMemorySelector")
    if selector is None:
        return []
    wanted = []
    if selector.number("EnablePCBits"):
        wanted.append(parameter("C1G2_PC", PC_Bits=tag.pc))
    if selector.number("EnableCRC"):
        wanted.append(parameter("C1G2_CRC", CRC=tag.crc))
    return wanted


def _epc(tag: Tag) -> Parameter:
    if tag.bits == EPC_96_BITS:
        return parameter("EPC_96", EPC=tag.epc)
    return parameter("EPCData", EPC=Bits(tag.bits, tag.epc))
