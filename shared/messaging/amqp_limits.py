"""How long RabbitMQ may take, and how much may be under way."""

HEARTBEAT_SECONDS = 15
"""A dead peer is noticed within two of them; shorter ones fail on a host that swaps."""
BLOCKED_SECONDS = 30
"""The broker blocks publishers when short of memory or disk; after that we say so by an error."""
SOCKET_SECONDS = 5
"""For TCP and for a goodbye: a line that needs longer for a packet is not a line."""
STACK_SECONDS = 10
"""For TCP, TLS and AMQP together: a dozen round trips on a slow line."""
HEAD_SECONDS = 45.0
"""A head comes at least every 30 s; later than this, the offset lies beyond the stream's end."""
STREAM_PREFETCH = 200
"""Entries under way: fills a line of 100 ms at 2,000 entries a second."""
KEEPALIVE = {"TCP_KEEPIDLE": 20, "TCP_KEEPINTVL": 5, "TCP_KEEPCNT": 3}
"""Seconds and tries: below the idle limit of common firewalls."""
