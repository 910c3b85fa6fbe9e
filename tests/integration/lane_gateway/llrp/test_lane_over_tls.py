"""A lane whose reader has to be vouched for: fault 16 at the gate."""

from pathlib import Path

import pytest

from services.lane_gateway.devices.llrp.settings import TlsSettings
from services.lane_gateway.simulator.lane import LanePorts
from services.lane_gateway.simulator.reader import ReaderSimulator
from services.lane_gateway.simulator.reader_field import Tag
from tests.integration.lane_gateway.lane_in_trouble import SEEN_WITHIN, passes, running, waits
from tests.integration.lane_gateway.llrp.conftest import Authority
from tests.unit.lane_gateway.builders import LANE, epc_of, tid_of


@pytest.mark.fault(16)
@pytest.mark.parametrize(
    ("name", "days"), [("reader.test", -1), ("other.test", 1)], ids=["ended", "another name"]
)
def test_a_car_waits_at_a_reader_whose_certificate_does_not_hold(
    tmp_path: Path, authority: Authority, name: str, days: int
) -> None:
    context = authority.server("reader.test", days=days)
    ports = LanePorts(lane=LANE, has_counter=True, tls=context)
    tls = TlsSettings(authority=authority.path, server_name=name)
    with running(tmp_path, ports, tls) as lane:
        lane.until(lambda _seen: "reader_refused" in lane.alarms(), within=SEEN_WITHIN)
        seen = waits(lane)
        assert not seen["reader_live"]


@pytest.mark.fault(16)
def test_a_car_waits_at_a_reader_that_speaks_plainly_and_passes_at_one_that_is_vouched_for(
    tmp_path: Path, authority: Authority
) -> None:
    tls = TlsSettings(authority=authority.path, server_name="reader.test")
    with running(tmp_path, LanePorts(lane=LANE, has_counter=True), tls) as lane:
        lane.until(lambda _seen: "reader_refused" in lane.alarms(), within=SEEN_WITHIN)
        waits(lane)
        port = lane.world.reader.port
        lane.world.reader.stop()
        context = authority.server("reader.test")
        with ReaderSimulator(port=port, tls=context) as vouched:
            lane.until(lambda seen: seen["reader_live"])
            assert vouched.machine.version == 2, "1.1 was agreed upon over TLS"
            vouched.field.place(Tag(epc=epc_of("ana"), tid=tid_of("ana")))
            lane.until(lambda seen: seen["gate"] == "up")
            vouched.field.clear()
            passes(lane)
