"""One installation on this machine: its folder, its ports, its addresses. Data, no processes."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from deploy.local.ports import free_port

SERVICES = ("enrollment", "vetting", "lane_gateway")
CENTRAL = ("enrollment", "vetting")
"""The services at headquarters, which have a database on the server; a site has files."""
SITE = "sym"
SITE_NAME = "San Ysidro"
ZONE = "America/Los_Angeles"
EMBEDDED = "embedded"
BROKER_DATABASE = "broker"


@dataclass(frozen=True, kw_only=True)
class Lane:
    """One lane and where its devices listen."""

    id: str
    site: str
    mode: str
    reader: str
    gate: str
    camera: str


@dataclass(frozen=True, kw_only=True)
class ServicePorts:
    """What one service listens on."""

    web: int = field(default_factory=free_port)
    web_admin: int = field(default_factory=free_port)
    worker_admin: int = field(default_factory=free_port)


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Where everything of one installation is; ``broker`` is ``embedded`` or an AMQP address."""

    folder: Path
    broker: str = EMBEDDED
    ports: Mapping[str, ServicePorts]
    oidc_ports: Mapping[str, int]
    lanes: Sequence[Lane]
    simulator_port: int

    @property
    def logs(self) -> Path:
        """One log per process."""
        return self.folder / "logs"

    @property
    def postgres(self) -> Path:
        """The database server's folder."""
        return self.folder / "postgres"

    @property
    def lanes_file(self) -> Path:
        """The lanes as the site's processes and the simulator read them."""
        return self.folder / "lanes.json"

    @property
    def site_data(self) -> Path:
        """The site's SQLite files."""
        return self.folder / "site"

    @property
    def snapshots(self) -> Path:
        """Enrollment's signed snapshots of the credential list."""
        return self.folder / "snapshots"

    def keys(self, service: str) -> Path:
        """Return the folder of a service's keys, which nobody else may read."""
        return self.folder / "keys" / service

    @property
    def public_keys(self) -> Path:
        """Return the folder of the public keys that others pin."""
        return self.folder / "keys" / "public"

    def public_key(self, name: str) -> Path:
        """Return the file of a public key that others pin."""
        return self.public_keys / f"{name}.json"

    def client_secret(self, service: str) -> Path:
        """Return the file with what a service tells the OpenID provider."""
        return self.folder / "keys" / f"{service}-oidc-secret"

    def url(self, service: str) -> str:
        """Return the address that people type: ``localhost``, as cookies and passkeys need."""
        return f"http://localhost:{self.ports[service].web}"

    def admin_url(self, service: str, process: str = "web") -> str:
        """Return the address of a process's health and metrics."""
        ports = self.ports[service]
        port = ports.web_admin if process == "web" else ports.worker_admin
        return f"http://localhost:{port}"

    def oidc_url(self, issuer: str) -> str:
        """Return the address of an OpenID provider."""
        return f"http://localhost:{self.oidc_ports[issuer]}"

    def lane_records(self) -> list[dict[str, str]]:
        """Return the lanes as ``demo.json`` and the lanes file name them."""
        return [asdict(lane) for lane in self.lanes]


def plan_layout(folder: Path, *, broker: str = EMBEDDED) -> Layout:
    """Choose free ports for a new installation in ``folder``."""
    return Layout(
        folder=folder,
        broker=broker,
        ports={service: ServicePorts() for service in SERVICES},
        oidc_ports={issuer: free_port() for issuer in ("people", "staff")},
        lanes=[_lane("l1"), _lane("l2")],
        simulator_port=free_port(),
    )


def _lane(lane: str) -> Lane:
    reader, gate, camera = (f"localhost:{free_port()}" for _ in range(3))
    return Lane(id=lane, site=SITE, mode="attended", reader=reader, gate=gate, camera=camera)
