"""How readers differ: versions, clocks, limits, and habits that clients must live with."""

from dataclasses import dataclass

IMPINJ = 25882
ZEBRA = 161
VERSION_1_0_1, VERSION_1_1 = 1, 2


@dataclass(frozen=True, kw_only=True)
class Profile:
    """One kind of reader.

    ``clock_offset`` is added to the host's time in seconds; a reader with ``has_utc_clock`` off
    counts from its own start. ``names_rospec`` and ``announces_start`` off: reports without the
    inventory's id, and no event when it starts. ``buffer_limit`` counts reports kept for later. One
    with ``challenges`` on takes the experimental operation that has a chip prove its key.
    """

    vendor: int = 0
    model: int = 1
    firmware: str = "1.0"
    max_version: int = VERSION_1_1
    antennas: int = 4
    inputs: int = 4
    outputs: int = 4
    has_utc_clock: bool = True
    clock_offset: float = 0.0
    names_rospec: bool = True
    announces_start: bool = True
    can_hold: bool = True
    has_extensions: bool = False
    challenges: bool = True
    max_rospecs: int = 8
    max_access_specs: int = 8
    buffer_limit: int = 66_000
    powers: tuple[int, ...] = tuple(range(1000, 3001, 25))
    """What an antenna can send with, in hundredths of dBm, weakest first."""
    round_seconds: float = 0.05
    """How long one look at all antennas takes."""


PROFILES = {
    "standard": Profile(),
    "oldest": Profile(max_version=VERSION_1_0_1, has_utc_clock=False, challenges=False),
    "impinj": Profile(
        vendor=IMPINJ,
        model=2001002,
        firmware="7.1",
        max_version=VERSION_1_0_1,
        max_rospecs=1,
        max_access_specs=1508,
        has_extensions=True,
        challenges=False,
    ),
    "zebra": Profile(
        vendor=ZEBRA, model=96, firmware="3.28", can_hold=False, inputs=2, challenges=False
    ),
    "forgetful": Profile(names_rospec=False, announces_start=False),
    "in-1970": Profile(clock_offset=-1.76e9),
}
