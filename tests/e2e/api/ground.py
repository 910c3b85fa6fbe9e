"""What there is to ask for: people with applications, cards, cases, lanes, and their versions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from deploy.local.layout import SITE
from tests.e2e.api.callers import APPLICANT, SITE_CLIENT, Caller, Callers

OTHER_SITE = "otm"
VIEWS = ("waiting", "mine", "proposed", "open", "closed")


@dataclass(frozen=True, kw_only=True)
class Place:
    """Path parameters that lead to something; ``owner`` is the person whom it belongs to."""

    values: Mapping[str, str]
    owner: str = ""


@dataclass(frozen=True, kw_only=True)
class Ground:
    """Knows what exists; everything is looked up when it is asked for."""

    callers: Callers
    applicants: list[str] = field(default_factory=list)
    known: dict[frozenset[str], list[Place]] = field(default_factory=dict)

    def look(self, names: frozenset[str]) -> Sequence[Place]:
        """See what exists behind path parameters of these names, and keep what ever did."""
        known = self.known.setdefault(names, [])
        known += [place for place in PLACES[names](self) if place not in known]
        return known

    def places(self, names: frozenset[str]) -> Sequence[Place]:
        """Return what is known to exist behind path parameters of these names."""
        return self.known[names] if names in self.known else self.look(names)

    def version(self, service: str, values: Mapping[str, str], caller: Caller) -> str | None:
        """Return the ETag of what the path parameters lead to, as somebody sees it who may."""
        if service == "enrollment":
            reader = caller
            path = f"/applications/{values['application_id']}" if values else "/membership"
        elif service == "vetting":
            reader, path = self.callers.of(service, "officer"), f"/cases/{values['case_id']}"
        elif "lane" in values:
            reader, path = self.callers.of(service, "booth"), f"/lanes/{values['lane']}"
        else:
            reader, path = self.callers.of(service, "booth"), f"/visits/{values['visit_id']}"
        return reader.look(path).headers.get("ETag")

    def person(self, name: str) -> Caller:
        """Return an applicant at enrollment."""
        return self.callers.of("enrollment", APPLICANT, name)

    def staff(self, service: str, role: str, path: str) -> Any:
        """Return what somebody of the staff reads there."""
        answer = self.callers.of(service, role).look(path)
        answer.raise_for_status()
        return answer.json()

    def cards(self, name: str) -> list[dict[str, Any]]:
        """Return an applicant's cards."""
        answer = self.person(name).look("/membership")
        return list(answer.json()["cards"]) if answer.ok else []

    def slots(self) -> list[str]:
        """Return the times at which somebody can be interviewed."""
        found = self.person(self.applicants[0]).look(f"/slots?center={SITE}").json()
        return [slot["slot_id"] for slot in found]

    def feed(self, path: str) -> Any:
        """Return what a site reads of the feed."""
        answer = self.callers.of("enrollment", SITE_CLIENT).look(path)
        answer.raise_for_status()
        return answer.json()

    def cases(self) -> list[str]:
        """Return the cases in every view of the queue."""
        found = [
            self.staff("vetting", "officer", f"/cases?view={view}&limit=100") for view in VIEWS
        ]
        return list(dict.fromkeys(row["id"] for page in found for row in page["items"]))

    def hits(self, case_id: str) -> list[str]:
        """Return the hits of a case."""
        file = self.staff("vetting", "auditor", f"/cases/{case_id}/file?purpose=audit")
        return [hit["id"] for hit in file["hits"]]


def _applications(ground: Ground) -> Sequence[Place]:
    return [
        Place(values={"application_id": application["id"]}, owner=name)
        for name in ground.applicants
        for application in reversed(ground.person(name).look("/applications").json())
    ]


def _cards(ground: Ground) -> Sequence[Place]:
    return [
        Place(values={"card_id": card["id"]}, owner=name)
        for name in ground.applicants
        for card in ground.cards(name)
    ]


def _records(ground: Ground) -> Sequence[Place]:
    known = {entry.get("credential_id") for entry in ground.feed("/feed")["entries"]}
    return [
        Place(values={"site": site, "credential_id": card}, owner=site)
        for card in sorted(filter(None, known))
        for site in (OTHER_SITE, SITE)
    ]


def _snapshots(ground: Ground) -> Sequence[Place]:
    return [Place(values={"sha256": ground.feed("/snapshot")["statement"]["sha256"]})]


def _cases(ground: Ground) -> Sequence[Place]:
    return [Place(values={"case_id": case}) for case in ground.cases()]


def _hits(ground: Ground) -> Sequence[Place]:
    return [
        Place(values={"case_id": case, "hit_id": hit})
        for case in ground.cases()
        for hit in ground.hits(case)
    ]


def _of(service: str, role: str, path: str, name: str, *, key: str = "") -> Callable[..., Any]:
    def look(ground: Ground) -> Sequence[Place]:
        found = ground.staff(service, role, path)
        rows = found["passages"] if isinstance(found, dict) else found
        return [Place(values={name: row[key or name]}) for row in rows]

    return look


PLACES: Mapping[frozenset[str], Callable[[Ground], Sequence[Place]]] = {
    frozenset({"application_id"}): _applications,
    frozenset({"card_id"}): _cards,
    frozenset({"site", "credential_id"}): _records,
    frozenset({"sha256"}): _snapshots,
    frozenset({"case_id"}): _cases,
    frozenset({"case_id", "hit_id"}): _hits,
    frozenset({"hold_id"}): _of("vetting", "officer", "/holds", "hold_id", key="id"),
    frozenset({"lane"}): _of("lane_gateway", "booth", "/lanes", "lane"),
    frozenset({"visit_id"}): _of("lane_gateway", "booth", "/visits?status=released", "visit_id"),
    frozenset({"alarm_id"}): _of("lane_gateway", "port", "/alarms", "alarm_id"),
    frozenset({"passage_id"}): _of("lane_gateway", "port", "/passages", "passage_id"),
}
"""For the path parameters of an operation, what to put there; one that is missing fails."""
