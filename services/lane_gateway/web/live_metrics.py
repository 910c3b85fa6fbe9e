"""Figures about the live pictures; a lane is named, a card or a person never."""

from prometheus_client import Counter, Gauge, Histogram

SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)

DATAGRAMS = Counter(
    "trustlane_live_datagrams_total", "Live pictures that came from agents", ("outcome",)
)
LANE_LIVE = Gauge("trustlane_lane_live", "Whether a lane's agent is seen at work", ("lane",))
SHOWN = Histogram(
    "trustlane_live_shown_seconds",
    "Time from the agent's picture to the event for the booth's screen",
    ("lane",),
    buckets=SECONDS,
)
ASKED = Histogram(
    "trustlane_display_record_asked_seconds",
    "Time that headquarters took to answer for a display record",
    ("outcome",),
    buckets=SECONDS,
)
