"""Reads cards with pyllrp as its users do; started by a test with the foreign programs' Python.

It prints what it saw as one line of JSON.
"""

import json
import sys
import threading
from collections import Counter
from typing import Any

from pyllrp import pyllrp
from pyllrp.LLRPConnector import LLRPConnector
from pyllrp.TagInventory import TagInventory

PATIENCE = 10.0


def main(host: str, port: int, cards: int, reports: int) -> int:
    """Connect, read, let go, and print; 1 where the reader gave too little."""
    connector = LLRPConnector()
    connector.connect(host, port)
    asked = connector.transact(
        pyllrp.GET_READER_CAPABILITIES_Message(
            RequestedData=pyllrp.GetReaderCapabilitiesRequestedData.All
        )
    )
    device = asked.getFirstParameterByClass(pyllrp.GeneralDeviceCapabilities_Parameter)
    demand(connector, pyllrp.SET_READER_CONFIG_Message(ResetToFactoryDefault=True))
    connector.transact(pyllrp.DISABLE_ROSPEC_Message(ROSpecID=0))
    connector.transact(pyllrp.DELETE_ROSPEC_Message(ROSpecID=0))
    # Its own inventory: immediate start, rounds that end by themselves, a report at each end.
    demand(connector, TagInventory(host).GetROSpec(antennas=1))
    seen: Counter[str] = Counter()
    enough = threading.Event()

    def take(_connector: object, report: Any) -> None:
        for tag in report.getTagData():
            seen[pyllrp.HexFormatToStr(tag["EPC"])] += 1
        if len(seen) >= cards and seen.total() >= reports:
            enough.set()

    connector.addHandler(pyllrp.RO_ACCESS_REPORT_Message, take)
    number = TagInventory.roSpecID
    demand(connector, pyllrp.ENABLE_ROSPEC_Message(ROSpecID=number))
    connector.startListener()
    whole = enough.wait(PATIENCE)
    connector.stopListener()
    demand(connector, pyllrp.DISABLE_ROSPEC_Message(ROSpecID=number))
    demand(connector, pyllrp.DELETE_ROSPEC_Message(ROSpecID=number))
    goodbye = connector.disconnect()
    said = {
        "epcs": dict(seen),
        "antennas": device.MaxNumberOfAntennaSupported,
        "goodbye": goodbye is not None and goodbye.success(),
    }
    print(json.dumps(said))
    return 0 if whole else 1


def demand(connector: Any, message: Any) -> None:
    """Ask, and stop the program where the reader refuses."""
    answer = connector.transact(message)
    if not answer.success():
        sys.exit(f"refused: {answer}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])))
