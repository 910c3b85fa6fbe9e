"""What a simulated reader was told, and what it says about itself."""

from dataclasses import dataclass, field

from services.lane_gateway.devices.llrp.values import Message, Parameter, parameter
from services.lane_gateway.simulator.reader_profile import Profile
from services.lane_gateway.simulator.reader_refusal import SpecRefused
from services.lane_gateway.simulator.reader_reports import DEFAULT_SPEC

EVERYTHING = 0
EVERY_PORT = 0
GEN2 = 1
LOW, HIGH = range(2)
PERIODIC = 1
EVENT_TYPES = {
    "HoppingEvent": 0,
    "GPIEvent": 1,
    "ROSpecEvent": 2,
    "ReportBufferLevelWarningEvent": 3,
    "ReaderExceptionEvent": 4,
    "RFSurveyEvent": 5,
    "AISpecEvent": 6,
    "AntennaEvent": 8,
}
"""Events that a client must ask for; those of the connection and an overflow come by themselves."""


@dataclass
class Config:
    """The reader's configuration; a restart forgets it."""

    profile: Profile
    events: set[int] = field(default_factory=set)
    keepalive_seconds: float | None = None
    hold: bool = False
    report_spec: Parameter = field(default_factory=lambda: DEFAULT_SPEC)
    access_report: Parameter = field(default_factory=lambda: parameter("AccessReportSpec"))
    antennas: dict[int, bool] = field(default_factory=dict)
    inputs: dict[int, bool] = field(default_factory=dict)
    outputs: dict[int, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.antennas = dict.fromkeys(range(1, self.profile.antennas + 1), True)
        self.inputs = dict.fromkeys(range(1, self.profile.inputs + 1), False)
        self.outputs = dict.fromkeys(range(1, self.profile.outputs + 1), False)

    def wants(self, event: Parameter) -> bool:
        """Tell whether the client asked for events of this kind."""
        kind = EVENT_TYPES.get(event.name)
        return kind is None or kind in self.events

    def change(self, message: Message) -> None:
        """Take a ``SET_READER_CONFIG``; or ``SpecRefused`` and nothing changed."""
        outputs = {
            level.number("GPOPortNumber"): bool(level.number("GPOData"))
            for level in message.all("GPOWriteData")
        }
        if not outputs.keys() <= self.outputs.keys():
            raise SpecRefused("P_FieldError", "GPOPortNumber")
        holding = message.find("EventsAndReports")
        wish = holding is not None and bool(holding.number("HoldEventsAndReportsUponReconnect"))
        if wish and not self.profile.can_hold:
            raise SpecRefused("M_UnsupportedParameter", "EventsAndReports")
        if message.number("ResetToFactoryDefault"):
            self._reset()
        self.outputs |= outputs
        if holding is not None:
            self.hold = wish
        self._change_reporting(message)

    def _reset(self) -> None:
        self.events, self.keepalive_seconds, self.hold = set(), None, False
        self.report_spec = DEFAULT_SPEC

    def _change_reporting(self, message: Message) -> None:
        states = message.find("ReaderEventNotificationSpec")
        for state in states.parameters if states is not None else ():
            kind = state.number("EventType")
            if state.number("NotificationState"):
                self.events.add(kind)
            else:
                self.events.discard(kind)
        keepalive = message.find("KeepaliveSpec")
        if keepalive is not None:
            periodic = keepalive.number("KeepaliveTriggerType") == PERIODIC
            period = keepalive.number("PeriodicTriggerValue") / 1000
            self.keepalive_seconds = period if periodic and period > 0 else None
        self.report_spec = message.find("ROReportSpec") or self.report_spec
        self.access_report = message.find("AccessReportSpec") or self.access_report

    def described(self, message: Message) -> list[Parameter]:
        """Answer a ``GET_READER_CONFIG``."""
        antenna, port_in = message.number("AntennaID"), message.number("GPIPortNum")
        port_out = message.number("GPOPortNum")
        milliseconds = round((self.keepalive_seconds or 0) * 1000)
        parts: dict[int, list[Parameter]] = {
            1: [parameter("Identification", IDType=0, ReaderID=bytes(6))],
            2: [_antenna(n, on) for n, on in self.antennas.items() if antenna in {0, n}],
            3: [
                parameter("AntennaConfiguration", AntennaID=n)
                for n in self.antennas
                if antenna in {0, n}
            ],
            5: [self._events_described()],
            4: [self.report_spec],
            6: [self.access_report],
            7: [parameter("LLRPConfigurationStateValue", LLRPConfigurationStateValue=1)],
            8: [
                parameter(
                    "KeepaliveSpec",
                    KeepaliveTriggerType=int(milliseconds > 0),
                    PeriodicTriggerValue=milliseconds,
                )
            ],
            9: [_input(n, high) for n, high in self.inputs.items() if port_in in {0, n}],
            10: [_output(n, high) for n, high in self.outputs.items() if port_out in {0, n}],
            11: [parameter("EventsAndReports", HoldEventsAndReportsUponReconnect=int(self.hold))],
        }
        wanted = message.number("RequestedData")
        return [p for kind, part in parts.items() if wanted in {EVERYTHING, kind} for p in part]

    def _events_described(self) -> Parameter:
        states = (
            parameter(
                "EventNotificationState", EventType=n, NotificationState=int(n in self.events)
            )
            for n in range(9)
        )
        return parameter("ReaderEventNotificationSpec", *states)


def _antenna(number: int, connected: bool) -> Parameter:  # noqa: FBT001 - a state, not a switch
    return parameter("AntennaProperties", AntennaID=number, AntennaConnected=int(connected))


def _input(number: int, high: bool) -> Parameter:  # noqa: FBT001 - a level, not a switch
    return parameter(
        "GPIPortCurrentState", GPIPortNum=number, Config=1, State=HIGH if high else LOW
    )


def _output(number: int, high: bool) -> Parameter:  # noqa: FBT001 - a level, not a switch
    return parameter("GPOWriteData", GPOPortNumber=number, GPOData=int(high))


def capabilities(profile: Profile, wanted: int) -> list[Parameter]:
    """Answer a ``GET_READER_CAPABILITIES``."""
    parts = {
        1: _device(profile),
        2: parameter(
            "LLRPCapabilities",
            CanReportBufferFillWarning=1,
            SupportsEventAndReportHolding=int(profile.can_hold),
            MaxNumPriorityLevelsSupported=8,
            MaxNumROSpecs=profile.max_rospecs,
            MaxNumSpecsPerROSpec=8,
            MaxNumInventoryParameterSpecsPerAISpec=1,
            MaxNumAccessSpecs=profile.max_access_specs,
            MaxNumOpSpecsPerAccessSpec=8,
        ),
        3: _regulatory(profile),
        4: parameter(
            "C1G2LLRPCapabilities",
            CanSupportBlockErase=1,
            CanSupportBlockWrite=1,
            MaxNumSelectFiltersPerQuery=2,
        ),
    }
    return [part for kind, part in parts.items() if wanted in {EVERYTHING, kind}]


def _device(profile: Profile) -> Parameter:
    antennas = (
        parameter("PerAntennaAirProtocol", AntennaID=n, ProtocolID=bytes([GEN2]))
        for n in range(1, profile.antennas + 1)
    )
    return parameter(
        "GeneralDeviceCapabilities",
        parameter("ReceiveSensitivityTableEntry", Index=1, ReceiveSensitivityValue=0),
        parameter("GPIOCapabilities", NumGPIs=profile.inputs, NumGPOs=profile.outputs),
        *antennas,
        MaxNumberOfAntennaSupported=profile.antennas,
        HasUTCClockCapability=int(profile.has_utc_clock),
        DeviceManufacturerName=profile.vendor,
        ModelName=profile.model,
        ReaderFirmwareVersion=profile.firmware,
    )


def _regulatory(profile: Profile) -> Parameter:
    mode = parameter(
        "C1G2UHFRFModeTableEntry",
        DRValue=1,
        MValue=2,
        BDRValue=64_000,
        PIEValue=2000,
        MinTariValue=6250,
        MaxTariValue=25_000,
    )
    band = parameter(
        "UHFBandCapabilities",
        *(
            parameter("TransmitPowerLevelTableEntry", Index=index, TransmitPowerValue=power)
            for index, power in enumerate(profile.powers, start=1)
        ),
        parameter(
            "FrequencyInformation",
            parameter("FrequencyHopTable", HopTableID=1, Frequency=(902_750, 915_250, 927_250)),
            Hopping=1,
        ),
        parameter("C1G2UHFRFModeTable", mode),
    )
    return parameter("RegulatoryCapabilities", band, CountryCode=840, CommunicationsStandard=1)
