"""People in different states of the main job, so that every page has something to show."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from deploy.local.layout import Layout
from deploy.local.people import TestPerson
from shared.web.typed import spread
from tests.actors.browsing import LANGUAGES, ZONE, until
from tests.actors.cast import Doors
from tests.actors.traveler import Traveler, a_document, a_traveler, a_vehicle
from tests.main_job import MainJob

SURNAMES = (
    *("Arce", "Barrios", "Cota", "Duarte", "Esquer", "Félix", "Gaxiola", "Heras", "Ibarra"),
    *("Jáuregui", "Lizárraga", "Machado", "Noriega", "Olachea", "Peralta"),
)


Paths = Mapping[str, Sequence[str]]
"""By who may open them, pages that no link leads to."""
CENTER = "carla"
"""The officer at the enrollment center."""


def furnish(layout: Layout) -> Paths:
    """Bring one person into each state; return the pages on the way that no link leads to."""
    found: dict[str, list[str]] = defaultdict(list)
    for number in range(len(STATES)):
        for username, paths in _furnish_one(layout, number).items():
            found[username] += paths
    return found


def people() -> list[TestPerson]:
    """Return the people in their states, as the crawl signs them in."""
    return [
        TestPerson(
            issuer="people",
            username=traveler(number).username,
            name=f"Pat {SURNAMES[number]}",
            role=f"applicant-{state}",
        )
        for number, state in enumerate(STATES)
    ]


def traveler(number: int) -> Traveler:
    """Return the person of a state: names, passport and plate differ, or they would be one."""
    plain = a_traveler().answers["names"]
    return a_traveler(
        f"pat-{STATES[number]}",
        names={**plain, "given": "Pat", "paternal_surname": SURNAMES[number]},
        documents={"documents": [a_document(number=f"G2041{number:04}")]},
        vehicles={"vehicles": [a_vehicle(plate=f"8PAT{number:03}")]},
    )


def _furnish_one(layout: Layout, number: int) -> Paths:
    state = STATES[number]
    # One and then the other of the languages, so that the main job goes through both.
    doors = Doors.of(layout, language=LANGUAGES[number % len(LANGUAGES)])
    job = MainJob(doors, traveler(number), lane="l2" if state == "held" else "l1")
    try:
        steps, then = BRINGING[state]
        for step in (job.apply, job.vet, job.meet, job.hand_out_card)[:steps]:
            step()
        return then(job)
    finally:
        job.close()


def _nothing(_job: MainJob) -> Paths:
    return {}


def _begin(job: MainJob) -> Paths:
    """Begin an application and answer nothing."""
    browser = job.cast.applicant.browser
    page = browser.open("/applications")
    return _own(job, browser.send(page, page.form("/applications"), {}).path)


def _fill_in(job: MainJob) -> Paths:
    """Answer everything, up to the page that shows all answers."""
    browser = job.cast.applicant.browser
    page = browser.open(_begin(job)[job.traveler.username][0])
    for answers in job.traveler.answers.values():
        page = browser.send(page, page.form(), spread(answers))
    return _own(job, page.path)


def _claim(job: MainJob) -> Paths:
    """Have an officer at work on the case."""
    job.cast.officer.claim(job.ids["case"])
    return {}


def _propose(job: MainJob) -> Paths:
    """Propose to deny, which takes a second officer."""
    officer, case_id = job.cast.officer, job.ids["case"]
    officer.claim(case_id)
    officer.judge(case_id, "false_match", job.words.verdict)
    officer.decide(case_id, "deny", ["document_not_valid"], note=job.words.decision)
    return {}


def _choose(job: MainJob) -> Paths:
    """Choose a time for the interview and stop before confirming it."""
    browser = job.cast.applicant.browser
    free = until(lambda: browser.call("GET", f"/slots?center={job.traveler.center}"), "a free time")
    day = datetime.fromisoformat(free[0]["starts_at"]).astimezone(ZONE).date()
    page = browser.open(f"/applications/{job.ids['application']}/interview?day={day}")
    slot = dict(page.form().offered)["slot_id"]
    return _own(job, browser.send(page, page.form(), {"slot_id": slot}).path)


def _own(job: MainJob, path: str) -> Paths:
    return {job.traveler.username: [path]}


def _book(job: MainJob) -> Paths:
    _, starts_at = job.cast.applicant.book()
    return {CENTER: [f"/center/{job.traveler.center}/day?day={starts_at.astimezone(ZONE).date()}"]}


def _arrive(job: MainJob) -> Paths:
    """Book and come to the interview."""
    appointment_id, starts_at = job.cast.applicant.book()
    job.cast.center.check_in(appointment_id, starts_at)
    return {CENTER: [f"/visits/{appointment_id}"]}


def _issue(job: MainJob) -> Paths:
    """Issue the card and keep it."""
    job.cast.center.issue_card(job.ids["membership"], job.tid)
    return _cards(job)


def _hand_over(job: MainJob) -> Paths:
    """Hand a card over that is not activated."""
    center = job.cast.center
    center.hand_over(center.issue_card(job.ids["membership"], job.tid))
    return _cards(job)


def _cards(job: MainJob) -> Paths:
    return {CENTER: [f"/members/{job.ids['membership']}/card"]}


def _cross(job: MainJob) -> Paths:
    job.drive_up()
    job.admit()
    return {}


def _hold(job: MainJob) -> Paths:
    """Stand at the gate, referred."""
    job.hold()
    return {}


def _free(job: MainJob) -> Paths:
    """Be held and freed, while the review is still with an officer, who may hold again."""
    job.hold()
    job.send_away()
    officer = job.cast.officer
    officer.lift(job.ids["hold"], job.words.lift)
    for case_id in officer.waiting("review"):
        officer.claim(case_id)
    return {}


BRINGING: Mapping[str, tuple[int, Callable[[MainJob], Paths]]] = {
    "drafting": (0, _begin),
    "checking": (0, _fill_in),
    "waiting": (1, _nothing),
    "claimed": (1, _claim),
    "proposed": (1, _propose),
    "may-book": (2, _nothing),
    "choosing": (2, _choose),
    "booked": (2, _book),
    "arrived": (2, _arrive),
    "interviewed": (3, _cards),
    "issued": (3, _issue),
    "handed": (3, _hand_over),
    "member": (4, _cross),
    "freed": (4, _free),
    "held": (4, _hold),
}
"""For each state, how many steps of the main job lead to it, and what comes then."""
STATES = tuple(BRINGING)
