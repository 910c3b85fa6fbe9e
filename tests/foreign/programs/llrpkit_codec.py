"""Reads frames with llrpkit and writes them again; started with the foreign programs' Python.

Takes lines of hexadecimal digits, and prints one line of JSON: for each frame the message's name
and what it was written as, or the error.
"""

import json
import sys

from llrpkit import LLRPError
from llrpkit.protocol import decode_message


def again(digits: str) -> list[str]:
    """Return the message's name and the frame as llrpkit writes it."""
    frame = bytes.fromhex(digits)
    try:
        message = decode_message(frame)
        written = message.to_bytes(message.message_id, frame[0] >> 2 & 7)
    except (LLRPError, ValueError) as error:
        return ["error", f"{type(error).__name__}: {error}"]
    return [type(message).__name__, written.hex()]


if __name__ == "__main__":
    print(json.dumps({"frames": [again(line.strip()) for line in sys.stdin]}))
