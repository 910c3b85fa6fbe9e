"""Local lists as one CSV file with the header ``entry,name,aliases,birth_date,countries,...``.

Several values in one field are divided by ``|``. A document is a number, or ``kind:number``.
"""

from collections.abc import Iterator

from services.vetting.domain.watchlist.birth_date import BirthDate, parse_iso
from services.vetting.domain.watchlist.countries import country_code
from services.vetting.domain.watchlist.delimited import decoded, rows
from services.vetting.domain.watchlist.entry import Entry, ListedDocument, ListedName, NameKind
from services.vetting.domain.watchlist.unreadable import ListUnreadable

HEADER = ["entry", "name", "aliases", "birth_date", "countries", "documents", "program"]


def parse_plain_csv(content: bytes, *, file: str = "list.csv") -> tuple[Entry, ...]:
    """Read every entry, or raise ``ListUnreadable`` and read none."""
    text = decoded(content, file=file)
    if not text.endswith("\n"):
        raise ListUnreadable("end_is_missing", file=file)
    lines = rows(text, file=file, columns=len(HEADER))
    if [name.strip() for name in next(lines, (0, [""]))[1]] != HEADER:
        raise ListUnreadable("header_is_wrong", file=file, line=1)
    entries: dict[str, Entry] = {}
    for line, values in lines:
        entry = _entry([value.strip() for value in values], file=file, line=line)
        if entry.id in entries:
            raise ListUnreadable("number_used_twice", file=file, line=line)
        entries[entry.id] = entry
    if not entries:
        raise ListUnreadable("file_is_empty", file=file)
    return tuple(entries.values())


def _entry(values: list[str], *, file: str, line: int) -> Entry:
    number, name, aliases, dates, countries, documents, program = values
    if not number or not name:
        raise ListUnreadable("entry_without_number_or_name", file=file, line=line)
    try:
        return Entry(
            id=number,
            names=(
                ListedName(text=name),
                *(ListedName(text=alias, kind=NameKind.ALIAS) for alias in _parts(aliases)),
            ),
            birth_dates=tuple(_date(text) for text in _parts(dates)),
            countries=tuple(sorted({_country(text) for text in _parts(countries)})),
            documents=tuple(_document(text) for text in _parts(documents)),
            program=program,
        )
    except ValueError as error:
        raise ListUnreadable(str(error), file=file, line=line) from None


def _parts(text: str) -> Iterator[str]:
    return (part.strip() for part in text.split("|") if part.strip())


def _date(text: str) -> BirthDate:
    try:
        return parse_iso(text)
    except ValueError:
        raise ValueError("birth_date_is_wrong") from None


def _country(text: str) -> str:
    code = country_code(text)
    if code is None:
        raise ValueError("country_is_unknown")
    return code


def _document(text: str) -> ListedDocument:
    kind, divider, number = text.rpartition(":")
    return ListedDocument(kind=kind.strip() if divider else "", number=number.strip())
