"""Numbers for the operations room: how much waits, and for how long."""

from prometheus_client import Gauge

from services.vetting.use_cases.reading import Queries

CASES = Gauge("trustlane_vetting_cases", "Cases by state", ("status",))
HOLDS = Gauge("trustlane_vetting_holds", "Holds in force")
OVERDUE = Gauge("trustlane_vetting_cases_overdue", "Open cases past their date")
OLDEST = Gauge("trustlane_vetting_oldest_case_seconds", "Age of the oldest open case")
RESCREENS = Gauge("trustlane_vetting_rescreens_open", "Runs of re-screening not finished")
ALARMS = Gauge("trustlane_vetting_alarms", "Alarms that nobody has acknowledged")


def measure(queries: Queries) -> None:
    """Set every gauge to what the database says now."""
    counted = dict(queries.counts())
    HOLDS.set(counted.pop("holds"))
    for status, count in counted.items():
        CASES.labels(status).set(count)
    ages = queries.ages()
    OVERDUE.set(ages.overdue)
    OLDEST.set(ages.oldest)
    RESCREENS.set(sum(run.finished_at is None for run in queries.rescreens()))
    ALARMS.set(len(queries.alarms()))
