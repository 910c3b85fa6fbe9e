"""What the file of lanes says of a lane's devices, and what is wrong with it."""

import json
from pathlib import Path
from typing import Any

import pytest

from services.lane_gateway.config import SettingMissing, read_lanes
from services.lane_gateway.devices.io_map import WITH_COUNTER, WITHOUT_COUNTER, IOMap
from services.lane_gateway.devices.lane_file import read_address, read_gate, read_reader
from services.lane_gateway.devices.llrp.settings import PROFILES, TlsSettings
from shared.errors import InvalidInput

WIRING = {
    "unit": 17,
    "arming": 100,
    "safety": 101,
    "closing": 102,
    "loop_fault": None,
    "open": 7,
    "green": 4,
    "secondary_sign": 5,
    "redirect_sign": 6,
    "inverted": ["green", "safety"],
    "heartbeat": 40,
    "watchdog": 41,
}


def test_an_address_alone_is_a_device_as_usual() -> None:
    reader, gate = read_reader("10.0.0.7:5084"), read_gate("10.0.0.8:502")

    assert (reader.address.host, reader.address.port, reader.address.tls) == (
        "10.0.0.7",
        5084,
        None,
    )
    assert reader.settings == PROFILES["standard"]
    assert (gate.address, gate.io_map) == (("10.0.0.8", 502), WITHOUT_COUNTER)
    assert read_gate("10.0.0.8:502", counter=True).io_map == WITH_COUNTER
    assert read_address("[fe80::1]:5090") == ("[fe80::1]", 5090)


def test_a_reader_may_differ_in_all_that_it_is_asked_for() -> None:
    reader = read_reader(
        {
            "address": "reader-3:5085",
            "profile": "impinj",
            "antennas": [1, 2],
            "power_dbm": 27.5,
            "session": 1,
            "tls": {"authority": "/etc/trustlane/readers.pem", "name": "reader-3"},
        }
    )

    assert reader.address.tls == TlsSettings(
        authority=Path("/etc/trustlane/readers.pem"), server_name="reader-3"
    )
    assert reader.settings == PROFILES["impinj"].changed(antennas=(1, 2), power_dbm=27.5, session=1)


def test_a_gate_may_be_wired_in_its_own_way() -> None:
    gate = read_gate({"address": "io-3:502", "map": {**WIRING, "counter": [12, 11]}})

    assert gate.io_map.unit == 17
    assert (gate.io_map.arming, gate.io_map.loop_fault, gate.io_map.arm_up) == (100, None, 3)
    assert gate.io_map.inverted == frozenset({"green", "safety"})
    assert gate.io_map.counter == (12, 11)
    assert gate.io_map.coil_block == range(4, 8)


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("nowhere", "address"),
        ("host:99999", "address"),
        (":5084", "address"),
        ({"profile": "standard"}, "address"),
        ({"address": "r:1", "profile": "acme"}, "profile"),
        ({"address": "r:1", "power_dbm": 40}, "power_dbm"),
        ({"address": "r:1", "power_dbm": "strong"}, "power_dbm"),
        ({"address": "r:1", "session": 4}, "session"),
        ({"address": "r:1", "antennas": []}, "antennas"),
        ({"address": "r:1", "antennas": [1, 0]}, "antennas.1"),
        ({"address": "r:1", "tls": {"name": "r"}}, "tls.authority"),
        ({"address": "r:1", "colour": "red"}, "colour"),
    ],
)
def test_what_is_wrong_with_a_reader_is_named_by_its_place(said: object, place: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_reader(said)

    assert list(refused.value.fields) == [place]


@pytest.mark.parametrize(
    ("wiring", "place"),
    [
        ({"safety": -1}, "map.safety"),
        ({"safety": True}, "map.safety"),
        ({"inverted": ["red"]}, "map.inverted.0"),
        ({"counter": [0]}, "map"),
        ({"arming": 1}, "map"),
        ({"redirect_sign": 9}, "map"),
        ({"heartbeat": 1}, "map"),
        ({"reset": 5000}, "map"),
        ({"siren": 3}, "map.siren"),
    ],
)
def test_a_wiring_in_which_something_means_two_things_is_refused(
    wiring: dict[str, object], place: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_gate({"address": "io:502", "map": wiring})

    assert list(refused.value.fields) == [place]


def a_row(**changes: Any) -> dict[str, Any]:
    usual = {"id": "l7", "mode": "attended", "reader": "r:1", "gate": "g:2", "camera": "c:3"}
    return {**usual, **changes}


def test_a_lane_with_a_wired_counter_has_a_counter(tmp_path: Path) -> None:
    path = tmp_path / "lanes.json"
    rows = [a_row(), a_row(id="l8", gate={"address": "g:2", "map": {"counter": [20, 21]}})]
    path.write_text(json.dumps(rows))

    plain, counted = read_lanes(path)

    assert (plain.counter, counted.counter) == (False, True)
    assert counted.gate.io_map == IOMap(counter=(20, 21))


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (a_row(reader={"address": "r:1", "power_dbm": 99}), ("lane l7, reader", "power_dbm")),
        (a_row(gate={"address": "g:2", "map": {"open": 9}}), ("lane l7, gate", "side by side")),
        (a_row(camera="there"), ("lane l7, camera", "host:port")),
        ({"id": "l7"}, ("no list of lanes",)),
        ("l7", ("no list of lanes",)),
    ],
)
def test_a_wrong_lane_stops_the_start_with_its_name(
    tmp_path: Path, row: object, words: tuple[str, ...]
) -> None:
    path = tmp_path / "lanes.json"
    path.write_text(json.dumps([row]))

    with pytest.raises(SettingMissing) as refused:
        read_lanes(path)

    assert all(word in str(refused.value) for word in ("LANE_GATEWAY_LANES", *words))
