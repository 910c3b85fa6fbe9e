"""The processes of an installation and their environment: demo, story and tests start these."""

import os
import sys

from deploy.local.layout import BROKER_DATABASE, CENTRAL, EMBEDDED, SERVICES, SITE, ZONE, Layout
from deploy.local.oidc import ISSUERS, provider
from deploy.local.postgres import PostgresServer
from deploy.local.supervisor import Program

PASSED_ON = ("PATH", "HOME", "TMPDIR", "TZ", "LANG", "SSL_CERT_FILE", "SSL_CERT_DIR")
"""What the processes see of our environment; a PGHOST or a MODE of ours shall not leak in."""


def service_command(service: str, *arguments: str) -> list[str]:
    """Return the command line of one of a service's verbs."""
    return [sys.executable, "-m", f"services.{service}", *arguments]


def service_environment(
    layout: Layout, postgres: PostgresServer, service: str, *, process: str = "web"
) -> dict[str, str]:
    """Return the whole environment of a service's process or command."""
    own = _common(layout, postgres, service) | _particular(layout, service)
    own["ADMIN_PORT"] = layout.admin_url(service, process).rpartition(":")[2]
    prefix = service.upper()
    return passed_on() | {f"{prefix}_{name}": value for name, value in own.items()}


def passed_on() -> dict[str, str]:
    """Return what every process sees of our own environment."""
    seen = {
        name: value
        for name, value in os.environ.items()
        if name in PASSED_ON or name.startswith(("LC_", "OPENBLAS_"))
    }
    return seen | {"PYTHONUNBUFFERED": "1", "OPENBLAS_NUM_THREADS": "1"}


def broker_url(layout: Layout, postgres: PostgresServer) -> str:
    """Return the broker's address: the one given, or the embedded one's database."""
    if layout.broker != EMBEDDED:
        return layout.broker
    return postgres.url(BROKER_DATABASE).replace("postgresql+psycopg", "postgresql")


def providers(layout: Layout) -> list[Program]:
    """Return the OpenID providers."""
    return [provider(issuer, layout.oidc_ports[issuer]) for issuer in ISSUERS]


def simulator(layout: Layout, postgres: PostgresServer) -> Program:
    """Return the stand-in for readers, gates, cameras and vehicles."""
    arguments = ["--lanes", str(layout.lanes_file), "--control", str(layout.simulator_port)]
    return Program(
        name="simulator",
        command=service_command("lane_gateway", "simulator", *arguments),
        environment=service_environment(layout, postgres, "lane_gateway"),
        ready=f"tcp://localhost:{layout.simulator_port}",
    )


def service_programs(layout: Layout, postgres: PostgresServer) -> list[Program]:
    """Return web and worker of every service, and an agent for every lane."""
    programs = [
        Program(
            name=f"{service}-{process}",
            command=service_command(service, process),
            environment=service_environment(layout, postgres, service, process=process),
            ready=f"{layout.admin_url(service, process)}/readyz",
        )
        for service in SERVICES
        for process in ("web", "worker")
    ]
    agents = [
        Program(
            name=f"agent-{lane.id}",
            command=service_command("lane_gateway", "agent", "--lane", lane.id),
            environment=service_environment(layout, postgres, "lane_gateway"),
        )
        for lane in layout.lanes
    ]
    return [*programs, *agents]


def _common(layout: Layout, postgres: PostgresServer, service: str) -> dict[str, str]:
    ports = layout.ports[service]
    common = {
        "MODE": "demo",
        "BROKER_URL": broker_url(layout, postgres),
        "KEYS": str(layout.keys(service)),
        "AUDIT_KEYS": str(layout.public_keys),
        "BASE_URL": layout.url(service),
        "PORT": str(ports.web),
        "WORKER_ADMIN_PORT": str(ports.worker_admin),
        "OIDC_PEOPLE_URL": layout.oidc_url("people"),
        "OIDC_STAFF_URL": layout.oidc_url("staff"),
        "OIDC_CLIENT_ID": f"trustlane-{service}",
        "OIDC_CLIENT_SECRET_FILE": str(layout.client_secret(service)),
    }
    if service in CENTRAL:
        common["DATABASE_URL"] = postgres.url(service)
    return common


def _particular(layout: Layout, service: str) -> dict[str, str]:
    if service == "vetting":
        return {}
    if service == "enrollment":
        return {
            "VETTING_DOSSIER_KEY": str(layout.public_key("vetting-dossier")),
            "SNAPSHOTS": str(layout.snapshots),
        }
    return {
        "SITE": SITE,
        "ZONE": ZONE,
        "DATA": str(layout.site_data),
        "LANES": str(layout.lanes_file),
        "ENROLLMENT_URL": layout.url("enrollment"),
        "FEED_KEYS": str(layout.public_key("enrollment-feed-signing")),
        "VETTING_DOSSIER_KEY": str(layout.public_key("vetting-dossier")),
    }
