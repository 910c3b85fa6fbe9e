"""Every operation as one caller: drawn requests, about half of them to things that exist."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from schemathesis import Case

from tests.e2e.api.callers import APPLICANT, SITE_CLIENT, Caller
from tests.e2e.api.conversation import JSON, Conversation
from tests.e2e.api.documents import Document, Operation
from tests.e2e.api.drawing import Kind, Twist, can_be_negative, chosen, draw
from tests.e2e.api.edges import BODIES as EDGE_BODIES
from tests.e2e.api.edges import MEDIA_TYPES, with_edge, with_text
from tests.e2e.api.good_bodies import BODIES
from tests.e2e.api.ground import Ground, Place

Amounts = Mapping[Kind, int]
INVITED: Amounts = {Kind.POSITIVE: 5, Kind.NEGATIVE: 3, Kind.EDGE: 4}
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
    _bodies: Sequence[object] = ()
    _known: dict[str, Sequence[object]] = field(default_factory=dict)

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

    def _fitting(self, operation: Operation) -> Sequence[object]:
        """Return bodies that fit the operation."""
        shape = _shape(operation)
        if shape and shape not in self._known:
            self._known[shape] = BODIES[shape](self.ground)
        return self._known.get(shape, ())

    def _draw(self, service: str, role: str, name: str, kind: Kind, *, count: int) -> None:
        operation = self.talk.documents[service].operations[name]

        def send(case: Case[Any], twist: Twist) -> None:
            self._send(self._caller(service, role, twist), name, case, kind, twist=twist)

        seed = f"{self.seed} {service} {role} {name} {kind}"
        draw(operation, kind, count=count, seed=seed, send=send)

    def _caller(self, service: str, role: str, twist: Twist) -> Caller:
        several = role == APPLICANT and service == "enrollment"
        name = chosen(self.ground.applicants, twist.person) if several else ""
        return self.ground.callers.of(service, role, name)

    def _send(
        self, caller: Caller, name: str, case: Case[Any], kind: Kind, *, twist: Twist
    ) -> None:
        place = chosen(self._places, twist.thing) if self._places and twist.exists else None
        if place is not None:
            case.path_parameters = dict(place.values)
        _set_headers(case, twist, lambda: self._version(caller, place))
        if self._bodies and (twist.fits if kind is Kind.POSITIVE else kind is Kind.EDGE):
            case.body, case.media_type = self._body(twist), JSON
        media_type = _break(case, twist) if kind is Kind.EDGE else None
        foreign = (
            place is not None
            and _is_foreign(caller, place)
            and place.values == (case.path_parameters)
        )
        self.talk.ask(caller, name, case, foreign=foreign, media_type=media_type)

    def _body(self, twist: Twist) -> Any:
        return chosen(self._bodies, twist.body)

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
        if case.query and twist.place % 2:
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
