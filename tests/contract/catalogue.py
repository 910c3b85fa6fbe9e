"""Who says what, and who hears it: read from the services' code, not from a list of ours."""

import ast
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import services.enrollment.bootstrap as enrollment
import services.vetting.bootstrap as vetting
from deploy.local.layout import SERVICES, plan_layout
from deploy.local.paths import ROOT
from deploy.local.postgres import PostgresServer
from deploy.local.processes import service_environment
from services.enrollment.config import Config as EnrollmentConfig
from services.enrollment.persistence.snapshots import SnapshotFolder
from services.lane_gateway.messages import handlers as lane
from services.vetting.config import Config as VettingConfig
from shared.crypto.keyring import FolderKeyRing
from shared.messaging.dispatcher import Dispatcher
from shared.persistence.engines import postgres_engine

CONTRACTS = ROOT / "shared" / "contracts"
TYPE = re.compile(r"(enrollment|vetting|lane_gateway)\.[a-z_]+\.v[0-9]+")
CHECKPOINT = "checkpoint_signed.v1"
"""What the kernel says for every service, in words that it puts together itself."""

TO_SITES_ALONE = frozenset(
    {
        "enrollment.display_record_sent.v1",
        "enrollment.display_record_dropped.v1",
        "enrollment.roster_signed.v1",
    }
)
TO_SITES_TOO = frozenset({"enrollment.person_erased.v1"})
SITE = "a site"


def said_by(service: str) -> set[str]:
    """Return the types that a service sends: those of its own that its code names."""
    named = {word for word in _words(ROOT / "services" / service) if TYPE.fullmatch(word)}
    own = {word for word in named if word.startswith(f"{service}.")}
    return own | {f"{service}.{CHECKPOINT}"}


def said() -> list[str]:
    """Return all types that are sent."""
    return sorted(kind for service in SERVICES for kind in said_by(service))


def hearers(folder: Path) -> Mapping[str, Dispatcher]:
    """Return what gives each service its messages, put together as its worker does it."""
    layout = plan_layout(folder)
    postgres = PostgresServer(layout.postgres)

    def environment(service: str) -> Mapping[str, str]:
        return service_environment(layout, postgres, service)

    ring, engine = FolderKeyRing(folder), postgres_engine(postgres.url("nowhere"))
    snapshots = SnapshotFolder(folder=folder)
    front = enrollment.Parts(engine=engine, ring=ring, vetting_key={}, snapshots=snapshots)
    desk = vetting.Parts(engine=engine, ring=ring)
    nothing: Any = None
    return {
        "enrollment": enrollment.dispatcher(
            front, EnrollmentConfig.from_env(environment("enrollment"))
        ),
        "vetting": vetting.dispatcher(desk, VettingConfig.from_env(environment("vetting"))),
        SITE: Dispatcher(
            service="lane_gateway",
            handlers=lane.handlers(receive=nothing, drop=nothing, erase=nothing, roster=nothing),
            ignored=lane.IGNORED,
        ),
    }


def who_must_hear(kind: str) -> list[str]:
    """Return who gets messages of a type, by the bindings of the topology."""
    speaker = kind.partition(".")[0]
    if kind in TO_SITES_ALONE:
        return [SITE]
    others = [service for service in ("enrollment", "vetting") if service != speaker]
    return [*others, SITE] if kind in TO_SITES_TOO else others


def sample(kind: str) -> dict[str, Any]:
    """Return the sample of a type's body."""
    loaded: dict[str, Any] = json.loads((CONTRACTS / f"{kind}.json").read_text())
    return loaded


def paragraph(kind: str) -> str:
    """Return what is written about a type."""
    return (CONTRACTS / f"{kind}.md").read_text()


def opened(kind: str) -> dict[str, Any]:
    """Return what a sealed field holds once opened, as the paragraph shows it."""
    for pattern in (r"```json\n(.*?)```", r"`(\{.*?\})`"):
        found = re.search(pattern, paragraph(kind), re.DOTALL)
        if found is not None:
            shown: dict[str, Any] = json.loads(found[1])
            return shown
    return opened("enrollment.application_submitted.v1")


def _words(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
