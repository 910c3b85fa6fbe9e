"""Runs the agent of one lane."""

import gc
from collections.abc import Callable
from pathlib import Path

from services.lane_gateway.agent.assembly import AgentParts, assemble
from services.lane_gateway.agent.loop import AgentLoop
from services.lane_gateway.agent.reader_link import ReaderLink
from services.lane_gateway.agent.wake import WakeSocket

COLLECT_AFTER = 100_000
"""Objects more than before, after which Python looks for cycles even with a vehicle in the lane:
hours of one that is never empty."""


def run_agent(parts: AgentParts, *, wake_path: Path, stopped: Callable[[], bool]) -> None:
    """Control the lane until ``stopped``; raise ``Unavailable`` where it cannot start safely.

    ``stopped`` is asked after each turn of the loop, at least every 50 ms. On the way out the gate
    is let go of: its module's watchdog lowers the arm by its own rules.
    """
    controller = assemble(parts)
    # Modules and parts live to the end; a full collection that looks through them takes 50 ms of
    # CPU, in which no gate opens. What is made from now on is looked through in the loop's upkeep.
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER)
    wake = WakeSocket(wake_path)
    reader = ReaderLink(parts.reader, monotonic=parts.monotonic, wake=wake.poke)
    try:
        AgentLoop(parts, controller, reader=reader, wake=wake).run(stopped)
        controller.leave()
    finally:
        controller.gate.link.close()
        reader.close()
        parts.camera.close()
        wake.close()
