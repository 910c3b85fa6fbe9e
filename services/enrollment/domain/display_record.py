"""What a booth officer sees of a card holder: sealed to one site, never in the feed."""

import base64
from dataclasses import dataclass, field

from services.enrollment.domain.credential import plate_region
from services.enrollment.domain.membership import Membership
from services.enrollment.domain.picture import Picture


@dataclass(frozen=True, kw_only=True)
class DisplayRecord:
    """Name, birth year, picture, printed number and plates of one member, and the chip's key."""

    name: str = field(repr=False)
    birth_year: int = field(repr=False)
    photo: bytes | None = field(repr=False)
    passid: str = field(repr=False)
    plates: tuple[tuple[str, str], ...] = field(repr=False)
    chip_key: bytes | None = field(default=None, repr=False)

    def plain(self) -> dict[str, object]:
        """Return the record as it is sealed; the key is ``None`` for a chip without one."""
        photo = None if self.photo is None else base64.b64encode(self.photo).decode()
        return {
            "name": self.name,
            "birth_year": self.birth_year,
            "photo": photo,
            "passid": self.passid,
            "plates": [{"region": region, "plate": plate} for region, plate in self.plates],
            "chip_key": None if self.chip_key is None else self.chip_key.hex(),
        }


def display_record(
    membership: Membership, picture: Picture | None, chip_key: bytes | None
) -> DisplayRecord:
    """Say of a member what the booth shows, and give the lane the key of the chip."""
    form = membership.form
    return DisplayRecord(
        name="" if form.names is None else form.names.legal.full,
        birth_year=membership.born.year,
        photo=None if picture is None else picture.jpeg,
        passid=membership.passid,
        plates=tuple((plate_region(v.region), v.plate) for v in form.vehicles),
        chip_key=chip_key,
    )
