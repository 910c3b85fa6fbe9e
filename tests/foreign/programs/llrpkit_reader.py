"""Stands in for a reader with llrpkit's emulator; started with the foreign programs' Python.

``python llrpkit_reader.py EPC...`` prints its port once it listens, and runs until its standard
input is closed.
"""

import asyncio
import sys

from llrpkit.emulator.core import EmulatedTag, LLRPEmulator


async def serve(epcs: list[str]) -> None:
    """Show these tags at antenna 1 to whoever connects."""
    tags = [EmulatedTag(epc=bytes.fromhex(epc), antennas=(1,)) for epc in epcs]
    async with LLRPEmulator(tags=tags, reads_per_sec=100.0) as emulator:
        print(emulator.port, flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1:]))
