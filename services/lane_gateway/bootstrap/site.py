"""What all processes of a site have in common: keys, files, tables, the one-process locks."""

import fcntl
import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from services.lane_gateway.config import Config
from services.lane_gateway.persistence.desk_tables import lanes
from services.lane_gateway.persistence.site_files import SiteFiles
from services.lane_gateway.use_cases.site_clock import SiteTime
from shared.clock import utc_now
from shared.crypto.key_kinds import CHIP_MASTER
from shared.crypto.keyring import FolderKeyRing
from shared.crypto.signing import PublicKeys, from_jwks
from shared.errors import Conflict
from shared.persistence.engines import sqlite_engine
from shared.persistence.migrate import is_current, migrate

MIGRATIONS = Path(__file__).parents[1] / "migrations"
KEYS = ("kek", "session", "audit-signing", "site", "client")
LIVE_SOCKET = "web-live.sock"
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class AlreadyRunning(Conflict):
    """A second process of a kind of which a site has exactly one."""

    code = "already_running"


class MasterKeyHere(Conflict):
    """The key of which chips' keys are made lies at a site: with it every card could be forged."""

    code = "master_key_here"


def key_ring(config: Config) -> FolderKeyRing:
    """Return the site's keys; raise ``KeyMissing`` naming one that is not there.

    A site that holds headquarters' master key for chips starts nothing: ``MasterKeyHere``.
    """
    ring = FolderKeyRing(config.keys, production=config.production)
    ring.check(KEYS)
    if ring.every(CHIP_MASTER):
        raise MasterKeyHere(f"Headquarters' key {CHIP_MASTER} lies in {config.keys}: remove it")
    return ring


def site_files(config: Config) -> SiteFiles:
    """Return the site's files."""
    return SiteFiles(folder=config.data)


def migrate_site(config: Config) -> int:
    """Make or change the tables of every file, and enter the lanes that are new."""
    config.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    files = site_files(config)
    stores = {"desk": [files.desk], "carrier": [files.carrier], "people": [files.people]}
    stores["lane"] = [files.lane(lane.id) for lane in config.lanes]
    with (config.data / "migrate.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the site's processes start together
        for store, paths in stores.items():
            for path in paths:
                _migrate_file(store, path)
        _enter_lanes(files.desk, config)
    return 0


def _migrate_file(store: str, path: Path) -> None:
    # A file that is as it shall be is not opened for writing: its writer may be at work.
    if path.exists():
        engine = sqlite_engine(path, read_only=True)
        try:
            if is_current(engine, MIGRATIONS / store):
                return
        finally:
            engine.dispose()
    engine = sqlite_engine(path)
    migrate(engine, MIGRATIONS / store)
    engine.dispose()


def only_one(config: Config, kind: str) -> Callable[[], None]:
    """Lock the site for one process of ``kind``; return what lets go. Raise ``AlreadyRunning``."""
    config.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = (config.data / f"{kind}.lock").open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise AlreadyRunning(f"This site has a {kind} already") from None
    return file.close


def site_time() -> SiteTime:
    """Return this moment by both clocks of the host."""
    boot = BOOT_ID.read_text().strip()
    return SiteTime(wall=utc_now(), monotonic=time.monotonic(), boot_id=boot)


def pinned_feed_keys(path: Path) -> Callable[[], PublicKeys]:
    """Return the keys that may sign heads and snapshots; the file is read again when it changes."""
    known: dict[float, PublicKeys] = {}

    def keys() -> PublicKeys:
        changed = path.stat().st_mtime
        if changed not in known:
            known.clear()
            known[changed] = from_jwks(_jwks(path))
        return known[changed]

    return keys


def first_key(path: Path) -> Mapping[str, Any]:
    """Return the first public key of a file of them."""
    return _jwks(path)[0]


def _jwks(path: Path) -> list[Mapping[str, Any]]:
    return list(json.loads(path.read_text(encoding="utf-8"))["keys"])


def _enter_lanes(path: Path, config: Config) -> None:
    reader = sqlite_engine(path, read_only=True)
    with reader.connect() as connection:
        known = set(connection.scalars(select(lanes.c.lane)))
    reader.dispose()
    fresh = [lane for lane in config.lanes if lane.id not in known]
    if not fresh:
        return
    engine = sqlite_engine(path)
    with engine.begin() as connection:
        for lane in fresh:
            connection.execute(
                insert(lanes).values(
                    lane=lane.id,
                    mode=lane.mode,
                    lane_type=lane.lane_type,
                    direction=lane.direction,
                    zone=config.zone,
                    counter_grants_automatic=int(lane.counter),
                    version=1,
                )
            )
    engine.dispose()
