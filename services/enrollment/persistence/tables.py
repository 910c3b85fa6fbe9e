"""All of enrollment's tables by name."""

from services.enrollment.persistence.lane_tables import (
    alarms,
    client_assertions,
    credentials,
    crossings,
    display_records,
    erasures,
    feed,
    feed_log,
    feed_reports,
    feed_tail,
    passages,
    selections,
    sites,
)
from services.enrollment.persistence.people_tables import (
    applications,
    appointments,
    cards,
    interviews,
    member_vehicles,
    memberships,
    pictures,
    slots,
)
from services.enrollment.persistence.roster_tables import passkeys, rosters
from services.enrollment.persistence.schema import audit, mailboxes, metadata, retention_runs

__all__ = [
    "alarms",
    "applications",
    "appointments",
    "audit",
    "cards",
    "client_assertions",
    "credentials",
    "crossings",
    "display_records",
    "erasures",
    "feed",
    "feed_log",
    "feed_reports",
    "feed_tail",
    "interviews",
    "mailboxes",
    "member_vehicles",
    "memberships",
    "metadata",
    "passages",
    "passkeys",
    "pictures",
    "retention_runs",
    "rosters",
    "selections",
    "sites",
    "slots",
]
