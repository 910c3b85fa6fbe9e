"""The main job and its side roads by calls of the JSON interfaces, where there is one.

Every operation is called here once in a state in which it succeeds; what has no call, such as the
interview and the making of a card, is done on pages.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import requests
from schemathesis.core import NOT_SET

from deploy.local.layout import SITE
from shared.clock import utc_now
from tests.actors.browsing import Unexpected, until
from tests.actors.center import CardMade
from tests.actors.traveler import Traveler, a_document, a_traveler, a_vehicle
from tests.e2e.api.callers import SITE_CLIENT, TIMEOUT, Caller
from tests.e2e.api.conversation import Conversation, Refused
from tests.e2e.api.ground import Ground
from tests.main_job import MainJob

SIGNED = {"truth": True, "checks": True}
APPLICATION = "/applications/{application_id}"
CASE, HOLD = "/cases/{case_id}", "/holds/{hold_id}"
LANE, VISIT = "/lanes/{lane}", "/visits/{visit_id}"
SECOND_LANE = "l2"
TRIES = 5
OVER = ("denied", "withdrawn", "lapsed", "approved")
MORE_DAYS = timedelta(days=10)
"""More than a hold lasts by itself, less than it can be extended by."""


def another(username: str, number: int, surname: str) -> Traveler:
    """Return a traveler whose name, passport and plate are nobody else's."""
    names = a_traveler().answers["names"]
    return a_traveler(
        username,
        names={**names, "given": username.capitalize(), "paternal_surname": surname},
        documents={"documents": [a_document(number=f"G7700{number:04}")]},
        vehicles={"vehicles": [a_vehicle(plate=f"8API{number:03}")]},
    )


def as_json(answers: Mapping[str, Any]) -> Any:
    """Return answers as they travel."""
    return json.loads(json.dumps(answers, default=str))


BENITO = another("benito", 1, "Salas")
CHEN = another("chen", 2, "Rivera")


@dataclass(kw_only=True)
class Walk:
    """Brings people through their states by calls; ``job`` is where the main job stands."""

    talk: Conversation
    ground: Ground
    job: MainJob
    cards: dict[str, CardMade] = field(default_factory=dict)

    def change(self, caller: Caller, name: str, body: Any = NOT_SET, **at: Any) -> Any:
        """Change something at the version that it has, again where a message came between."""
        for _ in range(TRIES):
            version = self.ground.version(caller.service, at, caller)
            try:
                return self.talk.do(caller, name, body, version=version, **at)
            except Refused as refused:
                if refused.status != requests.codes.precondition_failed:
                    raise
        raise Unexpected(f"{name} stays out of date")

    def draft(self, traveler: Traveler) -> str:
        """Begin an application and answer everything; return its id."""
        caller, do = self.ground.person(traveler.username), self.talk.do
        begun = do(caller, "POST /applications", {})["id"]
        for step, answers in traveler.answers.items():
            at = {"application_id": begun}
            name = f"{APPLICATION}/form/{step}"
            self.change(caller, f"PUT {name}", as_json(answers), **at)
            do(caller, f"GET {name}", **at)
        return str(begun)

    def submit(self, traveler: Traveler) -> tuple[str, str]:
        """Apply; return the application and the case that vetting opens for it."""
        caller, before = self.ground.person(traveler.username), set(self.ground.cases())
        begun = self.draft(traveler)
        self.talk.do(caller, f"POST {APPLICATION}/submission", SIGNED, application_id=begun)
        case = until(lambda: next(iter(set(self.ground.cases()) - before), None), "the case")
        return begun, case

    def deny(self, traveler: Traveler) -> None:
        """Be denied by two officers, after the second has sent the first one's proposal back."""
        first, second, do = *self.officers, self.talk.do
        _, case = self.submit(traveler)
        do(first, f"POST {CASE}/claim", case_id=case)
        self.judge(case)
        for answer in ("return", "approval"):
            decision = {"outcome": "deny", "reasons": ["document_not_valid"], "note": "Expired"}
            self.decide(first, case, decision)
            self.change(second, f"POST {CASE}/{answer}", case_id=case)
        caller = self.ground.person(traveler.username)
        until(lambda: self.statuses(caller) == {"denied"}, "the denial")

    def take_back(self, traveler: Traveler) -> None:
        """Begin an application and withdraw it."""
        caller, do = self.ground.person(traveler.username), self.talk.do
        begun = do(caller, "POST /applications", {"program": "sentri"})["id"]
        do(caller, f"POST {APPLICATION}/withdrawal", {}, application_id=begun)

    def approve(self, traveler: Traveler) -> str:
        """Apply, be asked, answer, be approved; return the application."""
        officer, do, caller = self.officers[0], self.talk.do, self.ground.person(traveler.username)
        begun, case = self.submit(traveler)
        for step in ("claim", "release", "claim"):
            do(officer, f"POST {CASE}/{step}", case_id=case)
        asked = {"fields": ["contact"], "text_code": "ask.complete"}
        do(officer, f"POST {CASE}/question", asked, case_id=case)
        until(lambda: self.statuses(caller) == {"action_needed"}, "the question")
        do(caller, f"POST {APPLICATION}/answers", {}, application_id=begun)
        until(lambda: self.case(case)["status"] == "in_review", "the answer")
        self.judge(case)
        self.decide(officer, case, {"outcome": "approve", "reasons": ["nothing_found"]})
        until(lambda: self.statuses(caller) == {"conditionally_approved"}, "the approval")
        return begun

    def meet(self, traveler: Traveler, application: str) -> None:
        """Hold, book, cancel and book again; the interview, the picture and the card by pages."""
        caller, do, center = (
            self.ground.person(traveler.username),
            self.talk.do,
            self.job.cast.center,
        )
        slots = do(caller, "GET /slots", query={"center": SITE})
        slot = {"slot_id": slots[0]["slot_id"]}
        at: dict[str, Any] = {"application_id": application}
        appointment = f"{APPLICATION}/appointment"
        do(caller, f"POST {APPLICATION}/hold", slot, **at)
        do(caller, f"POST {appointment}", slot, **at)
        do(caller, f"DELETE {appointment}", **at)
        do(caller, f"POST {appointment}", slot, **at)
        booked = do(caller, f"GET {appointment}", **at)
        booking, starts_at = UUID(booked["id"]), datetime.fromisoformat(booked["starts_at"])
        center.check_in(booking, starts_at)
        member = center.interview(booking, text="All was clear", picture=self.job.picture)
        card = center.issue_card(member, f"{self.job.tid[:-4]}{traveler.plate[-3:]}0")
        center.hand_over(card)
        self.cards[traveler.username] = card

    def use_card(self, traveler: Traveler) -> None:
        """Activate the card, exchange the vehicle, lose the card."""
        caller, do = self.ground.person(traveler.username), self.talk.do
        card = self.cards[traveler.username]
        codes = {"passid": card.passid, "security_code": card.security_code}
        do(caller, "POST /membership/activation", codes)
        vehicles = {"vehicles": [a_vehicle(plate=f"9{traveler.plate[1:]}")]}
        self.change(caller, "PUT /membership/vehicles", vehicles)
        do(caller, "GET /membership")
        lost = {"what": "lost"}
        do(caller, "POST /membership/cards/{card_id}/report", lost, card_id=card.card_id)

    def keep_a_draft(self, traveler: Traveler) -> None:
        """See that there is a draft to work on, withdrawing what stands in its way."""
        caller = self.ground.person(traveler.username)
        for application in caller.look("/applications").json():
            if application["status"] == "draft":
                return
            if application["status"] not in OVER:
                at = application["id"]
                self.talk.do(caller, f"POST {APPLICATION}/withdrawal", {}, application_id=at)
        self.draft(traveler)
        self.ground.look(frozenset({"application_id"}))

    def read_feed(self) -> None:
        """Read what a site reads."""
        site, do = self.ground.callers.of("enrollment", SITE_CLIENT), self.talk.do
        do(site, "GET /feed/keys")
        entries = do(site, "GET /feed", query={"after": "0", "limit": "1000"})["entries"]
        issued = next(entry for entry in entries if entry["kind"] == "issued")
        record = "GET /sites/{site}/credentials/{credential_id}/record"
        do(site, record, site=SITE, credential_id=issued["credential_id"])
        statement = do(site, "GET /snapshot")["statement"]
        do(site, "GET /snapshot/{sha256}", sha256=statement["sha256"])

    def review(self) -> None:
        """Extend and lift the main job's hold, suspend its member, take the review up again."""
        first, second, do = *self.officers, self.talk.do
        hold = self.job.ids["hold"]
        supervisor = self.ground.callers.of("vetting", "supervisor")
        longer = {"reason": "More to read", "until": (utc_now() + MORE_DAYS).isoformat()}
        do(supervisor, f"POST {HOLD}/extension", longer, hold_id=hold)
        case = do(first, f"GET {HOLD}", hold_id=hold)["case_id"]
        do(first, f"POST {CASE}/claim", case_id=case)
        self.judge(case, "true_match")
        do(first, f"POST {HOLD}/lift", {"reason": "Decided at once"}, hold_id=hold)
        decision = {"outcome": "suspend", "reasons": ["criminal_record"], "note": "As listed"}
        self.decide(first, case, decision)
        self.change(second, f"POST {CASE}/approval", case_id=case)
        do(first, f"POST {CASE}/reopening", case_id=case)

    def hold(self, traveler: Traveler) -> None:
        """Put a member on a watchlist of its own, so that a hold and an open hit stay."""
        names, document = traveler.answers["names"], traveler.answers["documents"]["documents"][0]
        name = f"{names['given']} {names['paternal_surname']} {names['maternal_surname']}"
        before = {each["id"] for each in self.ground.staff("vetting", "officer", "/holds")}
        line = f"L-7,{name},,,{document['country']},{document['number']},TEST"
        self.job.cast.officer.upload(traveler.username, line)
        until(lambda: {h["id"] for h in self.job.cast.officer.holds()} - before, "the hold")

    def send_away(self) -> None:
        """Send the main job's vehicle to secondary, inspect and release it there."""
        booth, do, lane = self.booth, self.talk.do, self.job.lane
        passage = do(booth, f"GET {LANE}/live", lane=lane)["front"]["passage_id"]
        do(booth, f"POST {LANE}/commands", {"kind": "secondary", "passage_id": passage}, lane=lane)
        visits = do(booth, "GET /visits")
        visit = next(each for each in visits if each["passage_id"] == passage)["visit_id"]
        do(booth, f"PUT {VISIT}/arrival", visit_id=visit)
        seen = do(booth, f"GET {VISIT}", visit_id=visit)
        results = [{"credential_id": c, "result": "nothing"} for c in seen["credential_ids"]]
        self.change(booth, f"PUT {VISIT}/results", {"results": results}, visit_id=visit)
        do(booth, f"PUT {VISIT}/release", visit_id=visit)
        port = self.ground.callers.of("lane_gateway", "port")
        until(lambda: port.look(f"/passages/{passage}").ok, "the passage's record")
        do(port, "GET /passages")
        do(port, "GET /passages/{passage_id}", passage_id=passage)

    def run_lane(self) -> None:
        """Sign on and off, set the mode, and have an alarm to acknowledge."""
        booth, do = self.booth, self.talk.do
        port = self.ground.callers.of("lane_gateway", "port")
        do(booth, f"PUT {LANE}/officer", lane=SECOND_LANE)
        do(booth, f"DELETE {LANE}/officer", lane=SECOND_LANE)
        self.change(port, f"PUT {LANE}/mode", {"mode": "attended"}, lane=SECOND_LANE)
        self._press_emergency(pressed=True)
        until(lambda: port.look("/alarms").json() or None, "the alarm")
        self._press_emergency(pressed=False)
        alarm = do(port, "GET /alarms")[0]
        acknowledgement = "PUT /alarms/{alarm_id}/acknowledgement"
        do(port, acknowledgement, alarm_id=alarm["alarm_id"])

    def _press_emergency(self, *, pressed: bool) -> None:
        buttons = f"{self.job.cast.doors.simulator}/lanes/{SECOND_LANE}/buttons"
        requests.post(buttons, json={"emergency": pressed}, timeout=TIMEOUT).raise_for_status()

    def judge(self, case: str, verdict: str = "false_match") -> None:
        """Give the same verdict on every hit of a case."""
        for hit in self.ground.hits(case):
            judged = {"verdict": verdict, "note": "Compared by hand"}
            name = f"POST {CASE}/hits/{{hit_id}}/verdict"
            self.talk.do(self.officers[0], name, judged, case_id=case, hit_id=hit)

    def decide(self, officer: Caller, case: str, decision: Mapping[str, Any]) -> None:
        """Decide a case, or propose to."""
        self.change(officer, f"POST {CASE}/decision", decision, case_id=case)

    def case(self, case: str) -> Any:
        """Return a case as it is."""
        return self.ground.staff("vetting", "officer", f"/cases/{case}")

    def statuses(self, caller: Caller) -> set[str]:
        """Return the states of somebody's applications that are not withdrawn."""
        found = {each["status"] for each in caller.look("/applications").json()}
        return found - {"withdrawn"}

    @property
    def officers(self) -> tuple[Caller, Caller]:
        """Two officers, the second for second approvals."""
        of = self.ground.callers.of
        return of("vetting", "officer"), of("vetting", "officer", "otto")

    @property
    def booth(self) -> Caller:
        """The officer in the booth."""
        return self.ground.callers.of("lane_gateway", "booth")
