"""Calls that are made, counted and judged."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from requests import codes
from schemathesis import Case, Response
from schemathesis.core import NOT_SET, NotSet

from tests.e2e.api.callers import TIMEOUT, Caller
from tests.e2e.api.documents import Document
from tests.e2e.api.judging import JSON, faults_in, faults_of_access
from tests.e2e.api.tally import Tally

LONGEST_REQUEST = 2_000
"""Characters of a request that a report of faults shows."""


class Refused(AssertionError):  # noqa: N818 - reads as plain words
    """A call that had to succeed was refused with ``status``."""

    def __init__(self, name: str, status: int, code: str) -> None:
        super().__init__(f"{name}: {status} {code}")
        self.status = status


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """Holds every answer against the document of its service."""

    documents: Mapping[str, Document]
    tally: Tally

    def ask(
        self,
        caller: Caller,
        name: str,
        case: Case[Any],
        *,
        foreign: bool = False,
        media_type: str | None = None,
    ) -> Response:
        """Call, count and judge; faults are kept for the end."""
        document = self.documents[caller.service]
        headers = caller.headers() | ({"Content-Type": media_type} if media_type else {})
        response = case.call(
            base_url=caller.address,
            session=caller.session,
            headers=headers,
            timeout=TIMEOUT,
            allow_redirects=False,
        )
        self.tally.note(caller, name, response.status_code, foreign=foreign)
        invited = document.invites(document.operations[name], caller.role)
        faults = [
            *faults_in(case, response),
            *faults_of_access(response, invited=invited, foreign=foreign),
        ]
        for fault in faults:
            self._blame(caller, name, fault, response)
        return response

    def do(
        self,
        caller: Caller,
        name: str,
        body: Any = NOT_SET,
        *,
        query: Mapping[str, str] | None = None,
        version: str | None = None,
        **path: object,
    ) -> Any:
        """Call with what is right, as a program would; return what comes, or raise ``Refused``."""
        headers = {"Idempotency-Key": str(uuid4())}
        if version is not None:
            headers["If-Match"] = version
        case = (
            self.documents[caller.service]
            .operations[name]
            .Case(
                path_parameters={key: str(value) for key, value in path.items()},
                headers=headers,
                query=dict(query or {}),
                body=body,
                media_type=None if isinstance(body, NotSet) else JSON,
            )
        )
        response = self.ask(caller, name, case)
        if response.status_code >= codes.bad_request:
            raise Refused(name, response.status_code, response.json()["code"])
        written = response.content and response.headers["content-type"] == [JSON]
        return response.json() if written else None

    def _blame(self, caller: Caller, name: str, fault: str, response: Response) -> None:
        asked, first = response.request, fault.splitlines()[0]
        body = asked.body[:LONGEST_REQUEST] if asked.body else b""
        kept = {
            header: value
            for header, value in asked.headers.items()
            if header in {"Idempotency-Key", "If-Match", "Content-Type"}
        }
        self.tally.blame(
            f"{caller.service} {caller.role} {name} {response.status_code} {first}",
            f"{name} by {caller.role} {caller.name}: {response.status_code}: {fault}\n"
            f"  {asked.method} {asked.url} {kept} {body!r}\n"
            f"  {response.content[:LONGEST_REQUEST]!r}",
        )
