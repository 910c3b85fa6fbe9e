"""The values that a leak would show: made up, and found nowhere else in the tree.

Everything that is personal of the test person has a value of its own here, seven signs or more, so
that none turns up by chance in megabytes of random bytes.
"""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise


@dataclass(frozen=True, kw_only=True)
class Canary:
    """One value, and every way in which people and programs write it."""

    what: str
    written: tuple[str, ...]

    @property
    def value(self) -> str:
        """The value as it is typed."""
        return self.written[0]


GIVEN = "Zéphirandre"
MIDDLE = "Yollotzinka"
PATERNAL = "Ñaxhuélixa"
MATERNAL = "O'Wraithelby"
OTHER_NAME = "Quillimora"
BORN_ON = date(1971, 7, 23)
BIRTH_CITY = "Zaragüendal"
DOCUMENT = "XK83Q07155"
PLATE = "9QZK417"
VIN = "5ZKRV7X00WJ417308"
STREET = "8841 Vellichor Terrace"
UNIT = "Quorilgate 19"
PHONE = "+526647903318"
EMAIL = "wexford.plonkalot@ondrigal.example"
EMPLOYER = "Panadería Thrumbolet"
EXPLANATION = "Grivelthwaite pardoned me"
NOTE = "Snorvexian mannerisms"
PICTURE_COMMENT = "Brollachan-Kamera"

_ENGLISH = ("July", "Jul")
_SPANISH = ("julio", "jul")


def _dates(day: date) -> tuple[str, ...]:
    year, month, number = f"{day:%Y}", f"{day:%m}", f"{day:%d}"
    figures = [
        day.isoformat(),
        f"{year}{month}{number}",
        *(f"{year}{sign}{month}{sign}{number}" for sign in "/. _"),
        *(f"{month}{sign}{number}{sign}{year}" for sign in "/.-"),
        *(f"{number}{sign}{month}{sign}{year}" for sign in "/.-"),
        f"{day.month}/{day.day}/{year}",
        f"{day.day}/{day.month}/{year}",
        f"{year}, {day.month}, {day.day}",
    ]
    named = [
        text
        for name in (*_ENGLISH, *_SPANISH)
        for text in (
            f"{name} {day.day}, {year}",
            f"{day.day} {name} {year}",
            f"{day.day}-{name}-{year}",
            f"{day.day} de {name} de {year}",
        )
    ]
    return (*figures, *named)


def _divided(value: str, *places: int) -> tuple[str, ...]:
    """Return the value as it is, and with blanks and dashes where people put them."""
    ends = (0, *places, len(value))
    parts = [value[start:end] for start, end in pairwise(ends)]
    return (value, *(sign.join(parts) for sign in " -."))


def _phones(value: str) -> tuple[str, ...]:
    national = value.removeprefix("+52")
    return (value, *_divided(national, 3, 6), *_divided(national, 2, 6))


def _one(what: str, *written: str) -> Canary:
    return Canary(what=what, written=written)


CANARIES = (
    _one("given name", GIVEN),
    _one("middle name", MIDDLE),
    _one("paternal surname", PATERNAL),
    _one("maternal surname", MATERNAL),
    _one("other name", OTHER_NAME),
    _one("birth date", *_dates(BORN_ON)),
    _one("birth city", BIRTH_CITY),
    _one("document number", *_divided(DOCUMENT, 4)),
    _one("plate", *_divided(PLATE, 4)),
    _one("vehicle number", VIN),
    _one("street", STREET, STREET.split(maxsplit=1)[1]),
    _one("unit", UNIT),
    _one("phone", *_phones(PHONE)),
    _one("e-mail", EMAIL, EMAIL.partition("@")[0]),
    _one("employer", EMPLOYER),
    _one("explanation", EXPLANATION, EXPLANATION.split(maxsplit=1)[0]),
    _one("note", NOTE, NOTE.split(maxsplit=1)[0]),
    _one("picture's comment", PICTURE_COMMENT),
)

NOT_ANSWERED = frozenset({"note", "picture's comment", "birth date"})
ANSWERED = tuple(canary for canary in CANARIES if canary.what not in NOT_ANSWERED)
"""Those that the traveler types as they are, so that vetting reads them in the dossier."""
