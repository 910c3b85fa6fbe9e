"""Every operation as one caller: drawn requests, about half of them to things that exist."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from schemathesis import Case

from deploy.local.layout import SITE
from tests.e2e.api.callers import APPLICANT, SITE_CLIENT, Caller
from tests.e2e.api.conversation import Conversation
from tests.e2e.api.documents import Document, Operation
from tests.e2e.api.drawing import Kind, Twist, can_be_negative, chosen, draw
from tests.e2e.api.edges import BODIES as EDGE_BODIES
from tests.e2e.api.edges import MEDIA_TYPES, with_edge, with_text
from tests.e2e.api.fitting import BODIES, fitting_query
from tests.e2e.api.ground import Ground, Place
from tests.e2e.api.judging import JSON

Amounts = Mapping[Kind, int]
INVITED: Amounts = {Kind.POSITIVE: 6, Kind.NEGATIVE: 4, Kind.EDGE: 6}
KEPT_OUT: Amounts = {Kind.POSITIVE: 1}
"""Requests for each operation by who may call it, and by who may not."""
SOAK = 10
"""Times more in the long form."""
SEVERAL = 4
"""One in so many edge cases is a whole body, another a media type."""


@dataclass(kw_only=True)
class Probe:
    """Calls the operations of one service as one role."""

    talk: Conversation
    ground: Ground
    seed: int
    times: int = 1
    prepare: Callable[[], None] = lambda: None
    """Called before each operation, so that there is something that it succeeds on."""
    _places: Sequence[Place] = ()
    _bodies: Sequence[Any] = ()
    _known: dict[str, Sequence[Any]] = field(default_factory=dict)

    def everything(self, service: str, role: str) -> None:
        """Call every operation."""
        document = self.talk.documents[service]
        seen = set[frozenset[str]]()
        for name, operation in document.operations.items():
            self.prepare()
            names = frozenset(each.name for each in operation.path_parameters)
            if names and names not in seen and document.invites(operation, role):
                self.ground.look(names)
                seen.add(names)
            self._places = self.ground.places(names) if names else []
            self._bodies = self._fitting(operation)
            for kind, count in self._amounts(document, operation, role).items():
                self._draw(service, role, name, kind, count=count * self.times)

    def _amounts(self, document: Document, operation: Operation, role: str) -> Amounts:
        amounts = INVITED if document.invites(operation, role) else KEPT_OUT
        possible = can_be_negative(operation)
        return {kind: n for kind, n in amounts.items() if n and (kind is Kind.POSITIVE or possible)}

    def _fitting(self, operation: Operation) -> Sequence[Any]:
        """Return bodies that fit the operation."""
        shape = _shape(operation)
        if shape and shape not in self._known:
            self._known[shape] = BODIES[shape](self.ground)
        return self._known.get(shape, ())

    def _draw(self, service: str, role: str, name: str, kind: Kind, *, count: int) -> None:
        operation = self.talk.documents[service].operations[name]

        def send(case: Case[Any], twist: Twist) -> None:
            place = self._place(role, twist)
            caller = self._caller(service, role, place, twist)
            self._send(caller, name, case, place, kind=kind, twist=twist)

        seed = f"{self.seed} {service} {role} {name} {kind}"
        draw(operation, kind, count=count, seed=seed, send=send)

    def _place(self, role: str, twist: Twist) -> Place | None:
        """Return what the request is about; the newest of somebody's things is still open."""
        if not (self._places and twist.exists):
            return None
        if twist.right and role == APPLICANT:
            return self._places[-1]
        own = [place for place in self._places if place.owner in {"", SITE}]
        return chosen(own if twist.own and own else self._places, twist.thing)

    def _caller(self, service: str, role: str, place: Place | None, twist: Twist) -> Caller:
        name = ""
        if role == APPLICANT and service == "enrollment":
            name = chosen(self.ground.applicants, twist.person)
            if place is not None and twist.own and place.owner in self.ground.applicants:
                name = place.owner
        return self.ground.callers.of(service, role, name)

    def _send(
        self,
        caller: Caller,
        name: str,
        case: Case[Any],
        place: Place | None,
        *,
        kind: Kind,
        twist: Twist,
    ) -> None:
        if place is not None:
            case.path_parameters = dict(place.values)
        _set_headers(case, twist, lambda: self._version(caller, place))
        if twist.fits and kind is not Kind.NEGATIVE:
            case.query = fitting_query(case.query)
        if self._bodies and (twist.fits if kind is Kind.POSITIVE else kind is Kind.EDGE):
            case.body, case.media_type = chosen(self._bodies, twist.body), JSON
        media_type = _break(case, twist) if kind is Kind.EDGE else None
        foreign = place is not None and _is_foreign(caller, place)
        if place is not None and case.path_parameters != place.values:
            foreign = False
        self.talk.ask(caller, name, case, foreign=foreign, media_type=media_type)

    def _version(self, caller: Caller, place: Place | None) -> str | None:
        values = place.values if place is not None else {}
        needs = {"vetting": "case_id", "lane_gateway": "lane"}.get(caller.service)
        if needs and needs not in values and "visit_id" not in values:
            return None
        reader = self.ground.person(place.owner) if place and place.owner else caller
        return self.ground.version(caller.service, values, reader)


def _shape(operation: Operation) -> str:
    """Return the name of the schema of an operation's body."""
    body = operation.definition.raw.get("requestBody")
    if body is None:
        return ""
    (content,) = body["content"].values()
    return str(content["schema"]["$ref"]).rpartition("/")[2]


def _set_headers(case: Case[Any], twist: Twist, version: Callable[[], str | None]) -> None:
    """Put in a fresh key and the current version, where the request names them at all."""
    if twist.fresh and "Idempotency-Key" in case.headers:
        case.headers["Idempotency-Key"] = str(uuid4())
    if twist.current and "If-Match" in case.headers and (current := version()):
        case.headers["If-Match"] = current


def _break(case: Case[Any], twist: Twist) -> str | None:
    """Put something odd in one place of the request; return the media type, if that is it."""
    if case.media_type is None:
        if case.query and (twist.place % 2 or not case.path_parameters):
            case.query = with_text(case.query, place=twist.place // 2, edge=twist.edge)
        elif case.path_parameters:
            case.path_parameters = with_text(
                case.path_parameters, place=twist.place // 2, edge=twist.edge
            )
        return None
    if twist.place % SEVERAL == 0:
        case.body = chosen(EDGE_BODIES, twist.edge)
    elif twist.place % SEVERAL == 1:
        return chosen(MEDIA_TYPES, twist.edge)
    else:
        case.body = with_edge(case.body, place=twist.place // SEVERAL, edge=twist.edge)
    return None


def _is_foreign(caller: Caller, place: Place) -> bool:
    """Tell whether a thing belongs to another person, or to another site."""
    return caller.role in {APPLICANT, SITE_CLIENT} and place.owner not in {"", caller.name}
