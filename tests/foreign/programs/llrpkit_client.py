"""Reads cards with llrpkit as its users do; started by a test with the foreign programs' Python.

It prints what it saw as one line of JSON.
"""

import asyncio
import json
import sys
from collections import Counter
from contextlib import aclosing

from llrpkit import Reader

PATIENCE = 10.0


async def read(host: str, port: int, cards: int, reports: int) -> dict[str, object]:
    """Connect, read cards and their chips' numbers, and let go."""
    seen: Counter[str] = Counter()
    tids: dict[str, str] = {}
    async with Reader(host, port) as reader:
        async with aclosing(reader.inventory(antennas=(1,), duration=PATIENCE)) as tags:
            async for tag in tags:
                seen[tag.epc_hex] += 1
                if len(seen) >= cards and seen.total() >= reports:
                    break
        for epc in sorted(seen):
            result = await reader.read_memory(
                bank="tid", word_count=6, target_epc=epc, timeout=PATIENCE
            )
            tids[epc] = result.data.hex()
        antennas, extended = reader.max_antennas, reader.impinj_extensions_enabled
    return {"epcs": dict(seen), "tids": tids, "antennas": antennas, "extended": extended}


if __name__ == "__main__":
    found = asyncio.run(read(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])))
    print(json.dumps(found))
