"""How the antennas shall send and listen, from what the reader said it can (LLRP 1.0.1 §13.2.6).

Powers and frequencies are places in tables of the reader's own; a number taken from another reader
is refused by it, or means something else. What nobody asked for is left as the reader has it.
"""

from collections.abc import Sequence

from services.lane_gateway.devices.llrp.settings import SessionSettings
from services.lane_gateway.devices.llrp.values import Message, Parameter, parameter
from services.lane_gateway.use_cases.ports import ReaderRefused

HUNDREDTHS = 100
FIRST = 1
BAND = ("RegulatoryCapabilities", "UHFBandCapabilities")


def antenna_configurations(settings: SessionSettings, said: Message) -> Sequence[Parameter]:
    """Return one configuration for each antenna, none where nothing is asked for.

    ``said`` are the reader's capabilities. Raise ``ReaderRefused`` where it cannot send as weakly
    as it is asked to, or does not say what it can: a lane that reads its neighbour's cards is worse
    than one that reads none.
    """
    parts: list[Parameter] = []
    if settings.power_dbm is not None:
        parts.append(_transmitter(settings.power_dbm, said))
    if settings.session is not None:
        parts.append(_inventory(settings.session, settings.tags or FIRST))
    if not parts:
        return ()
    return [
        parameter("AntennaConfiguration", *parts, AntennaID=antenna)
        for antenna in settings.antennas
    ]


def power_index(power_dbm: float, said: Message) -> int:
    """Return the place of the strongest power that is at most ``power_dbm`` in the reader's table.

    Raise ``ReaderRefused`` where there is none.
    """
    band = said.find(*BAND)
    entries = [] if band is None else list(band.all("TransmitPowerLevelTableEntry"))
    table = {entry.number("Index"): entry.number("TransmitPowerValue") for entry in entries}
    most = round(power_dbm * HUNDREDTHS)
    fitting = {index: power for index, power in table.items() if power <= most}
    if not fitting:
        weakest = f"from {min(table.values()) / HUNDREDTHS:g} dBm on" if table else "not said"
        raise ReaderRefused(f"The reader cannot send with {power_dbm:g} dBm: {weakest}")
    return max(fitting, key=lambda index: fitting[index])


def _transmitter(power_dbm: float, said: Message) -> Parameter:
    frequencies = said.find(*BAND, "FrequencyInformation")
    hops = [] if frequencies is None else list(frequencies.all("FrequencyHopTable"))
    return parameter(
        "RFTransmitter",
        # Of the two the reader heeds one: which, its regulatory region says.
        HopTableID=hops[0].number("HopTableID") if hops else FIRST,
        ChannelIndex=FIRST,
        TransmitPower=power_index(power_dbm, said),
    )


def _inventory(session: int, tags: int) -> Parameter:
    singulation = parameter(
        "C1G2SingulationControl", Session=session, TagPopulation=tags, TagTransitTime=0
    )
    return parameter("C1G2InventoryCommand", singulation, TagInventoryStateAware=0)
