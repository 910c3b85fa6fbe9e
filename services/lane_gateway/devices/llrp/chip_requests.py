"""What is sent to have a reader challenge a chip; of LLRP 2.0, experimental."""

from services.lane_gateway.devices.llrp.requests import EPC_BANK, EPC_BIT, GEN2
from services.lane_gateway.devices.llrp.settings import ALL_ANTENNAS
from services.lane_gateway.devices.llrp.values import Bits, Parameter, parameter

ACCESS_SPEC = 3
OPERATION = 3
AES_128_SUITE = 0
"""The number of the crypto suite of ISO/IEC 29167-10."""


def authenticate_one(rospec_id: int, epc: bytes, message: bytes) -> Parameter:
    """Send ``message`` to the tag with this number, once, and have its answer sent at once."""
    size = 8 * len(epc)
    this = parameter(
        "C1G2TargetTag",
        MB=EPC_BANK,
        Match=1,
        Pointer=EPC_BIT,
        TagMask=Bits(size, b"\xff" * len(epc)),
        TagData=Bits(size, epc),
    )
    challenge = parameter(
        "C1G2Authenticate",
        OpSpecID=OPERATION,
        SendReply=1,
        CSI=AES_128_SUITE,
        Message=Bits(8 * len(message), message),
    )
    return parameter(
        "AccessSpec",
        parameter("AccessCommand", parameter("C1G2TagSpec", this), challenge),
        parameter("AccessReportSpec", AccessReportTrigger=0),
        parameter("AccessSpecStopTrigger", AccessSpecStopTrigger=1, OperationCountValue=1),
        AccessSpecID=ACCESS_SPEC,
        AntennaID=ALL_ANTENNAS,
        ProtocolID=GEN2,
        ROSpecID=rospec_id,
    )
