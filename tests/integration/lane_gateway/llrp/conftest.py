"""A simulated reader and our own client on real sockets, and certificates for them."""

import datetime as dt
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from services.lane_gateway.devices.llrp.reader import LlrpReader
from services.lane_gateway.devices.llrp.settings import ReaderAddress
from services.lane_gateway.domain.evidence import TagRead
from services.lane_gateway.simulator.reader import ReaderSimulator
from services.lane_gateway.use_cases.ports import ReaderEvent

OPEN_SECONDS = 5.0


@pytest.fixture
def simulator() -> Iterator[ReaderSimulator]:
    with ReaderSimulator() as running:
        yield running


@pytest.fixture
def reader(simulator: ReaderSimulator) -> Iterator[LlrpReader]:
    ours = LlrpReader(ReaderAddress(host=simulator.host, port=simulator.port))
    yield ours
    ours.close()


def opened(reader: LlrpReader) -> LlrpReader:
    reader.open(time.monotonic() + OPEN_SECONDS)
    return reader


def collect(
    reader: LlrpReader,
    seconds: float,
    until: Callable[[Sequence[TagRead | ReaderEvent]], bool] = lambda _found: False,
) -> list[TagRead | ReaderEvent]:
    """Poll for so long, or until what was found is enough."""
    found: list[TagRead | ReaderEvent] = []
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0 and not until(found):
        found += reader.poll(min(left, 0.1))
    return found


def reads(found: Sequence[TagRead | ReaderEvent]) -> list[TagRead]:
    return [came for came in found if isinstance(came, TagRead)]


def has_read(found: Sequence[TagRead | ReaderEvent]) -> bool:
    return bool(reads(found))


@dataclass(frozen=True)
class Authority:
    """A certificate authority of the test's own."""

    folder: Path
    key: ec.EllipticCurvePrivateKey
    name: x509.Name

    @property
    def path(self) -> Path:
        return self.folder / "authority.pem"

    def server(self, host: str, *, days: int = 1) -> ssl.SSLContext:
        """Make a server's context with a certificate for ``host``, ending in so many days."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        certificate = _certificate(subject, self.name, key, self.key, days=days, host=host)
        chain, secret = self.folder / "server.pem", self.folder / "server.key"
        chain.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        secret.write_bytes(_pem(key))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(chain, secret)
        return context


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Lane authority of the tests")])
    made = Authority(tmp_path, key, name)
    certificate = _certificate(name, name, key, key, days=1, host=None)
    made.path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return made


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
    *,
    days: int,
    host: str | None,
) -> x509.Certificate:
    now = dt.datetime.now(dt.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=3))
        .not_valid_after(now + dt.timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=host is None, path_length=None), critical=True)
    )
    if host is not None:
        names = [x509.DNSName(host), x509.IPAddress(ip_address("127.0.0.1"))]
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return builder.sign(signer, hashes.SHA256())


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
