"""Reads cards with sllurp as its users do; started by a test with the foreign programs' Python.

It prints what it saw as one line of JSON. sllurp is free software under the GPL: it runs in this
process alone and is no part of the product.
"""

import json
import sys
import threading
from collections import Counter
from typing import Any

from sllurp.llrp import C1G2Read, LLRPReaderClient, LLRPReaderConfig, LLRPReaderState

TID_BANK, TID_WORDS = 2, 6
PATIENCE = 10.0


class Seen:
    """What the reader reported, until every card was there with its chip's number."""

    def __init__(self, cards: int, reports: int) -> None:
        self.epcs: Counter[str] = Counter()
        self.tids: dict[str, str] = {}
        self.enough = threading.Event()
        self._cards, self._reports = cards, reports

    def take(self, reader: LLRPReaderClient, tags: list[dict[str, Any]]) -> None:
        """Count the tags of one report; after enough of them, let go of the reader.

        sllurp asks the reader to stop before it waits for the answer, so an answer that is quick
        is lost where another thread asks; from its own thread, in which this runs, it is not.
        """
        for tag in tags:
            epc = tag["EPC"].decode()
            self.epcs[epc] += 1
            result = tag.get("C1G2ReadOpSpecResult")
            if result is not None:
                self.tids[epc] = result["ReadData"].hex()
        whole = len(self.epcs) >= self._cards and len(self.tids) >= self._cards
        if whole and self.epcs.total() >= self._reports and not self.enough.is_set():
            self.enough.set()
            reader.disconnect()


def main(host: str, port: int, cards: int, reports: int) -> int:
    """Connect, read, let go, and print; 1 where the reader gave too little."""
    config = LLRPReaderConfig(
        {
            "antennas": [1],
            "report_every_n_tags": 1,
            "tag_content_selector": {
                "EnableROSpecID": True,
                "EnableSpecIndex": False,
                "EnableInventoryParameterSpecID": False,
                "EnableAntennaID": True,
                "EnableChannelIndex": False,
                "EnablePeakRSSI": True,
                "EnableFirstSeenTimestamp": True,
                "EnableLastSeenTimestamp": True,
                "EnableTagSeenCount": True,
                "EnableAccessSpecID": True,
            },
        }
    )
    seen = Seen(cards, reports)
    reader = LLRPReaderClient(host, port, config)
    reader.add_tag_report_callback(seen.take)
    read = C1G2Read(MB=TID_BANK, WordPtr=0, WordCount=TID_WORDS)
    reader.add_state_callback(
        LLRPReaderState.STATE_INVENTORYING, lambda *_: reader.start_access_spec(read)
    )
    reader.connect()
    whole = seen.enough.wait(PATIENCE)
    capabilities = reader.llrp.capabilities["GeneralDeviceCapabilities"]
    if not whole:
        reader.disconnect()
    reader.join(PATIENCE)
    said = {
        "epcs": dict(seen.epcs),
        "tids": seen.tids,
        "antennas": capabilities["MaxNumberOfAntennaSupported"],
        "alive": reader.is_alive(),
    }
    print(json.dumps(said))
    return 0 if whole else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])))
