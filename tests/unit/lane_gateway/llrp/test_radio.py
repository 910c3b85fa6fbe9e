"""What the antennas are asked for, by the reader's own tables."""

import pytest

from services.lane_gateway.devices.llrp.codec import parameter
from services.lane_gateway.devices.llrp.radio import power_index
from services.lane_gateway.devices.llrp.settings import PROFILES, SessionSettings
from services.lane_gateway.devices.llrp.values import Message, Parameter
from services.lane_gateway.simulator.reader_config import capabilities
from services.lane_gateway.simulator.reader_profile import Profile
from services.lane_gateway.simulator.reader_refusal import SpecRefused
from services.lane_gateway.use_cases.ports import ReaderRefused
from tests.unit.lane_gateway.llrp.bench import CARD, Bench, reads

EVERYTHING = 0


def asked(settings: SessionSettings, profile: Profile | None = None) -> list[Parameter]:
    """Open a session and return what the reader then has for its antennas."""
    bench = Bench(profile, settings=settings).open()
    (rospec,) = bench.machine.rospecs.described()
    inventory = rospec.get("AISpec", "InventoryParameterSpec")
    return list(inventory.all("AntennaConfiguration"))


def said(*powers: int) -> Message:
    parts = capabilities(Profile(powers=powers), EVERYTHING)
    return Message("GET_READER_CAPABILITIES_RESPONSE", parameters=parts)


def test_a_reader_of_which_nothing_is_wanted_stays_as_it_is() -> None:
    assert asked(PROFILES["standard"]) == []


def test_power_session_and_expected_cards_go_to_each_antenna_named() -> None:
    settings = PROFILES["impinj"].changed(power_dbm=27.0, antennas=(1, 3), tags=5)

    first, second = asked(settings)

    assert [one.number("AntennaID") for one in (first, second)] == [1, 3]
    # 10 dBm is the first place of the table, and each next one a quarter more.
    assert first.get("RFTransmitter").number("TransmitPower") == 1 + 17 * 4
    assert first.get("RFTransmitter").number("HopTableID") == 1
    control = second.get("C1G2InventoryCommand", "C1G2SingulationControl")
    assert (control.number("Session"), control.number("TagPopulation")) == (0, 5)


def test_cards_are_read_with_all_of_it() -> None:
    bench = Bench(settings=PROFILES["zebra"].changed(power_dbm=20.0)).open()
    bench.field.place(CARD)

    assert {read.epc for read in reads(bench.run(0.5))} == {CARD.epc}


@pytest.mark.parametrize(
    ("wanted", "place"), [(10.0, 1), (10.24, 1), (10.25, 2), (29.99, 80), (36.0, 81)]
)
def test_the_strongest_power_that_is_not_too_strong_is_taken(wanted: float, place: int) -> None:
    table = Profile().powers
    chosen = power_index(wanted, said(*table))

    assert chosen == place
    assert table[chosen - 1] / 100 <= wanted


def test_a_table_in_any_order_is_read_by_its_powers() -> None:
    assert power_index(20.0, said(3000, 1000, 2000, 1500)) == 3


@pytest.mark.parametrize("powers", [(2000, 3000), ()])
def test_a_reader_that_cannot_send_so_weakly_is_refused(powers: tuple[int, ...]) -> None:
    with pytest.raises(ReaderRefused, match="cannot send with 15 dBm"):
        power_index(15.0, said(*powers))

    bench = Bench(Profile(powers=powers), settings=SessionSettings(power_dbm=15.0))
    with pytest.raises(ReaderRefused):
        bench.open()


def test_a_place_that_the_table_does_not_have_is_refused_by_the_simulated_reader() -> None:
    bench = Bench().open()
    transmitter = parameter("RFTransmitter", HopTableID=1, ChannelIndex=1, TransmitPower=82)
    antenna = parameter("AntennaConfiguration", transmitter, AntennaID=1)
    inventory = parameter(
        "AISpec",
        parameter("InventoryParameterSpec", antenna, InventoryParameterSpecID=1, ProtocolID=1),
    )

    with pytest.raises(SpecRefused, match="TransmitPower"):
        bench.machine.rospecs.add(parameter("ROSpec", inventory, ROSpecID=77))
