"""Take one message, say so, and wait to be killed: a receiver in a process of its own."""

import sys
import time

from shared.messaging.opening import open_broker


def main(url: str, queue: str) -> None:
    subscription = open_broker(url, production=False).subscription(queue)
    delivery = subscription.receive(10)
    if delivery is not None:
        sys.stdout.write(delivery.wire.body.decode() + "\n")
        sys.stdout.flush()
    time.sleep(60)


if __name__ == "__main__":
    main(*sys.argv[1:])
