"""An agent's voice as a process of its own: ``speaking SOCKET``, with a green from the start.

A line on its input, ``clear`` or ``waiting``, changes what it says.
"""

import sys
from pathlib import Path

from shared.clock import utc_now
from tests.integration.lane_gateway.web.voice import VoiceOfAgent
from tests.unit.lane_gateway.web.live_builders import a_live_passage


def main(arguments: list[str]) -> None:
    agent = VoiceOfAgent(Path(arguments[0]), now=utc_now)
    agent.start()
    agent.say(front=a_live_passage(decided_at=utc_now()))
    for line in sys.stdin:
        if line.strip() == "clear":
            agent.say(front=a_live_passage(decided_at=utc_now()))
        else:
            agent.say(front=None, word="waiting")
    agent.stop()


if __name__ == "__main__":
    main(sys.argv[1:])
