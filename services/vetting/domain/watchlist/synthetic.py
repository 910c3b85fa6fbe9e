"""Invented watchlists in the real formats, the same for the same seed.

Names are put together from parts at random and mean nobody; numbers of entries start at 900001,
where the real list has none.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from services.vetting.domain.watchlist.birth_date import MONTHS, BirthDate

FIRST_NUMBER = 900_001
REMARKS_LIMIT = 1_000
END = "\x1a"
_GIVEN = """
Adalina Basilio Celso Dalmacia Eleuterio Fidela Gaudencio Hilaria Isauro Jacinta Kaleb Leocadia
Melquiades Nemesia Onofre Pascuala Quintiliano Rufina Saturnino Tiburcia Ubaldo Venancia Wenceslao
Ximeno Yolotl Zenobia Ansel Briony Corwin Darcy Elspeth Fenton Gwyneth Hadrian Isolde Jarvis
""".split
_SURNAMES = """
Albarrancin Bustarviejo Cantarranas Dosbarrios Escalonilla Fuentidueña Guadalix Horcajuelo
Ituero Jaramecos Lozoyuela Miraflor Navacerro Olmedilla Pedrezuelo Quijorna Robregordo Somosierra
Torrelodro Usanos Valdemanco Villavieja Yebenes Zarzalejo Ashcombe Birkenshaw Coldharbour Dunwater
Eastmoor Fallowfield Greystoke Harrowgate Inglewood Kettlethorpe Larkspur Mossbank Netherby
""".split
TWO_SURNAMES, WITH_ALIAS, WITH_PASSPORT = 0.7, 0.3, 0.4
UNDATED, YEAR_ONLY, CIRCA = 0.05, 0.2, 0.3
"""Shares of the entries, much as on the real list."""

_PLACES = (
    ("Mexico", "Tijuana, Baja California, Mexico"),
    ("Colombia", "Cali, Colombia"),
    ("Guatemala", "Guatemala"),
    ("Spain", "Toledo, Spain"),
    ("Canada", "Ottawa, Canada"),
)


@dataclass(frozen=True, kw_only=True)
class Invented:
    """One invented person, with what a list would say of them."""

    number: int
    given: str
    surnames: str
    aliases: tuple[str, ...] = ()
    born: BirthDate | None = None
    country: str = ""
    place: str = ""
    passport: str = ""


def invented_people(count: int, *, seed: int) -> tuple[Invented, ...]:
    """Return ``count`` invented people."""
    chance = random.Random(seed)  # noqa: S311 - the same people for the same seed, no secret
    return tuple(_person(FIRST_NUMBER + number, chance) for number in range(count))


def ofac_files(people: Sequence[Invented]) -> dict[str, bytes]:
    """Return the four files of a list in OFAC's format."""
    sdn = [
        _row(p.number, _listed(p), "individual", "SDNTK", *["-0- "] * 7, _remarks(p))
        for p in people
    ]
    alt = [
        _row(p.number, p.number * 10 + at, "aka", alias, "-0- ")
        for p in people
        for at, alias in enumerate(p.aliases)
    ]
    add = [
        _row(p.number, p.number * 10, "-0- ", "-0- ", p.country or "-0- ", "-0- ") for p in people
    ]
    return {
        "sdn.csv": _file(sdn),
        "alt.csv": _file(alt),
        "add.csv": _file(add),
        "sdn_comments.csv": b"",
    }


def plain_csv(people: Sequence[Invented]) -> bytes:
    """Return a list in the plain format."""
    lines = ["entry,name,aliases,birth_date,countries,documents,program"]
    for person in people:
        values = (
            f"L-{person.number}",
            f"{person.given} {person.surnames}",
            "|".join(person.aliases),
            str(person.born or ""),
            person.country,
            person.passport,
            "local",
        )
        lines.append(",".join(f'"{value}"' for value in values))
    return ("\n".join(lines) + "\n").encode()


def with_person(people: Sequence[Invented], person: Invented) -> tuple[Invented, ...]:
    """Return the list with one person more, numbered after the last."""
    number = max((p.number for p in people), default=FIRST_NUMBER - 1) + 1
    return (*people, replace(person, number=number))


def _person(number: int, chance: random.Random) -> Invented:
    given = " ".join(chance.sample(_GIVEN(), chance.choice((1, 1, 2))))
    first, second = chance.sample(_SURNAMES(), 2)
    surnames = f"{first} {second}" if chance.random() < TWO_SURNAMES else first
    country, place = chance.choice(_PLACES)
    aliases = (
        (f"{surnames.upper()}, {given.split()[0][0]}.",) if chance.random() < WITH_ALIAS else ()
    )
    return Invented(
        number=number,
        given=given,
        surnames=surnames,
        aliases=aliases,
        born=_born(chance),
        country=country,
        place=place,
        passport=f"Z{chance.randrange(10**8):08}" if chance.random() < WITH_PASSPORT else "",
    )


def _born(chance: random.Random) -> BirthDate | None:
    if chance.random() < UNDATED:
        return None
    year = chance.randrange(1940, 2003)
    if chance.random() < YEAR_ONLY:
        return BirthDate(year, circa=chance.random() < CIRCA)
    return BirthDate(year, chance.randrange(1, 13), chance.randrange(1, 29))


def _listed(person: Invented) -> str:
    return f"{person.surnames.upper()}, {person.given}"


def _remarks(person: Invented) -> str:
    items = list(_remark_items(person))
    return f"{'; '.join(items)}." if items else "-0- "


def _remark_items(person: Invented) -> Iterator[str]:
    if person.born is not None:
        yield f"DOB {_dated(person.born)}"
    if person.place:
        yield f"POB {person.place}"
    if person.country:
        yield f"nationality {person.country}"
    if person.passport:
        yield f"Passport {person.passport} ({person.country})"


def _dated(born: BirthDate) -> str:
    if not born.month:
        return f"circa {born.year}" if born.circa else f"{born.year}"
    return f"{born.day:02} {MONTHS[born.month - 1].title()} {born.year}"


def _row(*values: object) -> str:
    return ",".join(_cell(value) for value in values)


def _cell(value: object) -> str:
    return str(value) if isinstance(value, int) or value == "-0- " else f'"{value}"'


def _file(lines: Sequence[str]) -> bytes:
    return ("".join(f"{line}\r\n" for line in lines) + END).encode()
