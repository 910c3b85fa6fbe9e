"""The OpenAPI documents as the running services give them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.core.result import Err

from tests.e2e.api.callers import APPLICANT, SITE_CLIENT, TIMEOUT

Operation = schemathesis.APIOperation[Any, Any, Any, Any]
BASE = "/api/v1"
WRITTEN_BY_HAND = {"generation": {"with-security-parameters": False}}
"""Sessions and bearers are real ones, never invented."""


@dataclass(frozen=True, kw_only=True)
class Document:
    """One service's document."""

    service: str
    address: str
    operations: Mapping[str, Operation]
    """By method and path, such as ``GET /holds``, without the part that all have in common."""

    def public(self) -> list[Operation]:
        """Return the operations that everybody may call."""
        return [each for each in self.operations.values() if not each.definition.raw["security"]]

    def invites(self, operation: Operation, role: str) -> bool:
        """Tell whether the document lets a role call an operation."""
        written = operation.definition.raw
        doors = {name for door in written["security"] for name in door}
        if not doors:
            return True
        if role == SITE_CLIENT:
            return "site" in doors
        roles = written.get("x-roles")
        return "session" in doors and (role in roles if roles else role == APPLICANT)


def read_document(service: str, address: str) -> Document:
    """Fetch and understand the document of a running service."""
    answer = requests.get(f"{address}/api/openapi.json", timeout=TIMEOUT)
    answer.raise_for_status()
    return understand(service, address, answer.json())


def understand(service: str, address: str, written: dict[str, Any]) -> Document:
    """Return a document with its operations."""
    config = SchemathesisConfig.from_dict(WRITTEN_BY_HAND)
    schema = schemathesis.openapi.from_dict(written, config=config)
    operations: dict[str, Operation] = {}
    for found in schema.get_all_operations():
        if isinstance(found, Err):
            raise found.err()
        operation = found.ok()
        name = f"{operation.method.upper()} {operation.path.removeprefix(BASE)}"
        operations[name] = operation
    return Document(service=service, address=address, operations=operations)
