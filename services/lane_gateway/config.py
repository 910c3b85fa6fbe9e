"""Settings of a site's processes, read once from the environment."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.lane_gateway.devices.lane_file import (
    GateDevice,
    ReaderDevice,
    read_address,
    read_gate,
    read_reader,
)
from shared.errors import InvalidInput

PREFIX = "LANE_GATEWAY_"
MILLION = 1_000_000


class SettingMissing(InvalidInput):
    """A setting is missing or cannot be read; the error names it."""

    code = "setting_missing"

    def __init__(self, name: str, why: str = "is not set") -> None:
        super().__init__({name: [why]}, f"{name} {why}")


@dataclass(frozen=True, kw_only=True)
class LaneAddress:
    """A lane's devices, and how the lane is set when the site first starts."""

    id: str
    mode: str
    reader: ReaderDevice
    gate: GateDevice
    camera: tuple[str, int]
    lane_type: str = "sentri"
    direction: str = "inbound"
    counter: bool = False
    selection_ppm: int = 0
    """How many of a million clear vehicles are inspected by chance."""
    needs_chip: bool = False
    """Chips are challenged, and cards whose chip has not proved its key referred; experimental."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """Everything that differs between two sites."""

    site: str
    zone: str
    data: Path
    keys: Path
    lanes: tuple[LaneAddress, ...]
    broker_url: str
    enrollment_url: str
    feed_keys: Path
    vetting_dossier_key: Path
    production: bool
    base_url: str
    port: int
    admin_port: int
    worker_admin_port: int
    oidc_staff_url: str
    oidc_client_id: str
    oidc_client_secret_file: Path

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Config":
        """Read the settings; raise ``SettingMissing`` with the name of the first that is wrong."""

        def text(name: str) -> str:
            value = env.get(PREFIX + name, "")
            if not value:
                raise SettingMissing(PREFIX + name)
            return value

        def number(name: str) -> int:
            try:
                return int(text(name))
            except ValueError:
                raise SettingMissing(PREFIX + name, "is not a number") from None

        mode = text("MODE")
        if mode not in {"demo", "production"}:
            raise SettingMissing(PREFIX + "MODE", "is neither demo nor production")
        return cls(
            site=text("SITE"),
            zone=text("ZONE"),
            data=Path(text("DATA")),
            keys=Path(text("KEYS")),
            lanes=read_lanes(Path(text("LANES"))),
            broker_url=text("BROKER_URL"),
            enrollment_url=text("ENROLLMENT_URL"),
            feed_keys=Path(text("FEED_KEYS")),
            vetting_dossier_key=Path(text("VETTING_DOSSIER_KEY")),
            production=mode == "production",
            base_url=text("BASE_URL"),
            port=number("PORT"),
            admin_port=number("ADMIN_PORT"),
            worker_admin_port=number("WORKER_ADMIN_PORT"),
            oidc_staff_url=text("OIDC_STAFF_URL"),
            oidc_client_id=text("OIDC_CLIENT_ID"),
            oidc_client_secret_file=Path(text("OIDC_CLIENT_SECRET_FILE")),
        )

    def lane(self, lane: str) -> LaneAddress:
        """Return one lane's addresses, or raise ``SettingMissing``."""
        for address in self.lanes:
            if address.id == lane:
                return address
        raise SettingMissing(PREFIX + "LANES", f"has no lane {lane}")


def read_lanes(path: Path) -> tuple[LaneAddress, ...]:
    """Return the lanes of the site's file; raise ``SettingMissing`` with what is wrong in which."""
    name = PREFIX + "LANES"
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return tuple(_lane(row) for row in rows)
    except OSError as error:
        raise SettingMissing(name, f"names a file that cannot be read: {path}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SettingMissing(name, f"names a file that is no list of lanes: {path}") from error


def _lane(row: dict[str, Any]) -> LaneAddress:
    counter = bool(row.get("counter", False))
    read: dict[str, Callable[[object], Any]] = {
        "reader": read_reader,
        "gate": lambda said: read_gate(said, counter=counter),
        "camera": read_address,
    }
    devices = {}
    for name, of in read.items():
        try:
            devices[name] = of(row[name])
        except InvalidInput as error:
            faults = "; ".join(f"{place}: {' '.join(why)}" for place, why in error.fields.items())
            where = f"lane {row['id']}, {name}"
            raise SettingMissing(PREFIX + "LANES", f"is wrong in {where}: {faults}") from error
    return LaneAddress(
        id=row["id"],
        mode=row["mode"],
        lane_type=row.get("lane_type", "sentri"),
        direction=row.get("direction", "inbound"),
        counter=bool(devices["gate"].io_map.counter),
        selection_ppm=_selection_ppm(row),
        needs_chip=_needs_chip(row),
        **devices,
    )


def _needs_chip(row: dict[str, Any]) -> bool:
    needs = row.get("needs_chip", False)
    if not isinstance(needs, bool):
        where = f"lane {row['id']}, needs_chip"
        raise SettingMissing(PREFIX + "LANES", f"is wrong in {where}: true or false")
    return needs


def _selection_ppm(row: dict[str, Any]) -> int:
    ppm = row.get("selection_ppm", 0)
    if type(ppm) is not int or not 0 <= ppm <= MILLION:
        where = f"lane {row['id']}, selection_ppm"
        raise SettingMissing(PREFIX + "LANES", f"is wrong in {where}: a number from 0 to {MILLION}")
    return ppm
