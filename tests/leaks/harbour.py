"""All places of an installation where a leak could show, and how to plant one in each."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from prometheus_client import Counter
from pysqlite3 import dbapi2 as sqlite

from deploy.local.layout import CENTRAL, SERVICES
from deploy.local.rabbitmq import RabbitServer
from deploy.local.running import RECORD, Installation
from shared.messaging.broker import Wire
from shared.web.health import admin_server
from tests.leaks import places
from tests.leaks.chips import Encoder
from tests.leaks.places import Part
from tests.leaks.tap import Tap

PLANTED = "planted"
LEAKS = Counter("leaks_planted", "A label that tells too much", ("detail",))


@dataclass(frozen=True, kw_only=True)
class Place:
    """A place: all its bytes, and a way to put a leak into it."""

    collect: Callable[[], Iterator[Part]] = field(repr=False)
    plant: Callable[[str], None] = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Harbour:
    """The places of one installation on a RabbitMQ."""

    installation: Installation
    rabbitmq: RabbitServer
    tap: Tap
    encoder: Encoder

    def places(self) -> Mapping[str, Place]:
        """Return the places by their names."""
        layout = self.installation.layout
        found = {
            "logs": Place(collect=self._logs, plant=self._log),
            "messages": Place(collect=self.tap.parts, plant=self._send),
            "database files": Place(
                collect=self._database_files, plant=lambda leak: self._insert("vetting", leak)
            ),
            "broker files": Place(collect=self._broker_files, plant=self._send),
            "site files": Place(
                collect=lambda: places.files(layout.site_data), plant=self._write_site
            ),
            "site rows": Place(
                collect=lambda: places.sqlite_rows(layout.site_data), plant=self._write_site
            ),
            "snapshots": Place(
                collect=lambda: places.files(layout.snapshots),
                plant=lambda leak: _append(layout.snapshots / PLANTED, leak),
            ),
            "cards": Place(
                collect=self.encoder.banks, plant=lambda leak: self.encoder.write_user(_data(leak))
            ),
            "metrics": Place(collect=self._metrics, plant=self._measure),
            "records": Place(
                collect=self._records, plant=lambda leak: _append(layout.lanes_file, leak)
            ),
        }
        for service in CENTRAL:
            found[f"{service} dump"] = self._database(service)
        return found

    def _database(self, service: str) -> Place:
        address = self.installation.postgres.url(service)
        return Place(
            collect=lambda: places.tables(address), plant=lambda leak: self._insert(service, leak)
        )

    def _logs(self) -> Iterator[Part]:
        yield from places.files(self.installation.layout.logs)
        for name, path in (
            ("postgres", self.installation.postgres.log),
            ("rabbitmq", self.rabbitmq.log),
        ):
            yield name, path.read_bytes()

    def _database_files(self) -> Iterator[Part]:
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            connection.execute("CHECKPOINT")
        yield from places.files(self.installation.layout.postgres / "data")

    def _broker_files(self) -> Iterator[Part]:
        yield from places.files(self.rabbitmq.folder / "mnesia")

    def _metrics(self) -> Iterator[Part]:
        layout = self.installation.layout
        yield from places.pages(
            {
                f"{service} {process}": f"{layout.admin_url(service, process)}/metrics"
                for service in SERVICES
                for process in ("web", "worker")
            }
        )
        with admin_server(0, {}, host="localhost") as own:
            yield from places.pages({"tests": f"http://localhost:{own.port}/metrics"})

    def _records(self) -> Iterator[Part]:
        folder = self.installation.layout.folder
        for path in (folder / RECORD, self.installation.layout.lanes_file):
            yield path.name, path.read_bytes()

    def _log(self, leak: str) -> None:
        line = f'{{"event": "file_opened", "detail": "{leak}"}}\n'
        _append(self.installation.supervisor.log("vetting-worker"), line)

    def _send(self, leak: str) -> None:
        body = f'{{"detail": "{leak}"}}'.encode()
        self.tap.publish(Wire(routing_key=PLANTED, headers={"ce-id": PLANTED}, body=body))

    def _insert(self, service: str, leak: str) -> None:
        with psycopg.connect(self._address(service)) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS planted (detail bytea)")
            connection.execute("INSERT INTO planted VALUES (%s)", [_data(leak)])

    def _write_site(self, leak: str) -> None:
        path = self.installation.layout.site_data / "desk.db"
        with closing(sqlite.connect(path, timeout=10)) as connection, connection:
            connection.execute("CREATE TABLE IF NOT EXISTS planted (detail BLOB)")
            connection.execute("INSERT INTO planted VALUES (?)", [_data(leak)])

    def _measure(self, leak: str) -> None:
        LEAKS.labels(leak).inc()

    def _address(self, database: str) -> str:
        return places.plain_address(self.installation.postgres.url(database))


def _append(path: Path, leak: str) -> None:
    with path.open("ab") as file:
        file.write(_data(leak))


def _data(leak: str) -> bytes:
    return leak.encode()
