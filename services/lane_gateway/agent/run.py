"""Runs the agent of one lane."""

from collections.abc import Callable
from pathlib import Path

from services.lane_gateway.agent.assembly import AgentParts, assemble
from services.lane_gateway.agent.loop import AgentLoop
from services.lane_gateway.agent.reader_link import ReaderLink
from services.lane_gateway.agent.wake import WakeSocket


def run_agent(parts: AgentParts, *, wake_path: Path, stopped: Callable[[], bool]) -> None:
    """Control the lane until ``stopped``; raise ``Unavailable`` where it cannot start safely.

    ``stopped`` is asked after each turn of the loop, at least every 50 ms. On the way out the gate
    is let go of: its module's watchdog lowers the arm by its own rules.
    """
    controller = assemble(parts)
    wake = WakeSocket(wake_path)
    reader = ReaderLink(parts.reader, monotonic=parts.monotonic, wake=wake.poke)
    try:
        AgentLoop(parts, controller, reader=reader, wake=wake).run(stopped)
        controller.finish_turn()
    finally:
        controller.gate.link.close()
        reader.close()
        parts.camera.close()
        wake.close()
