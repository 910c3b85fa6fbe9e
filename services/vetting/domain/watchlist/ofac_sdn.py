"""The list of Specially Designated Nationals as OFAC gives it: four CSV files without headers.

``sdn.csv`` has an entry a line, ``alt.csv`` its aliases, ``add.csv`` its addresses, and
``sdn_comments.csv`` the rest of remarks that did not fit into 1,000 characters. Missing values are
written ``-0-``. The first three files end with a control-Z (0x1a), which is how a file that was cut
at the end of a line is told from a whole one.
"""

from collections.abc import Iterator, Mapping

from services.vetting.domain.watchlist.delimited import Row, decoded, rows
from services.vetting.domain.watchlist.entry import Entry, EntryKind, ListedName, NameKind
from services.vetting.domain.watchlist.ofac_remarks import parse_remarks
from services.vetting.domain.watchlist.unreadable import ListUnreadable

SDN, ALT, ADD, COMMENTS = FILES = ("sdn.csv", "alt.csv", "add.csv", "sdn_comments.csv")
COLUMNS = {SDN: 12, ALT: 5, ADD: 6, COMMENTS: 2}
REMARKS_LIMIT = 1_000
"""OFAC cuts remarks here and carries on in ``sdn_comments.csv``."""

END = "\x1a"
_TYPES = {
    "individual": EntryKind.INDIVIDUAL,
    "vessel": EntryKind.VESSEL,
    "aircraft": EntryKind.AIRCRAFT,
    "": EntryKind.ENTITY,
}


def parse_ofac_sdn(files: Mapping[str, bytes]) -> tuple[Entry, ...]:
    """Read the four files, keyed by name, or raise ``ListUnreadable`` and read nothing."""
    for name in FILES:
        if name not in files:
            raise ListUnreadable("file_is_missing", file=name)
    entries = _entry_rows(_checked_rows(SDN, files[SDN]))
    aliases: dict[str, list[str]] = {}
    for _, values in _referring(ALT, files[ALT], entries):
        aliases.setdefault(values[0].strip(), []).append(_value(values[3]))
    for _ in _referring(ADD, files[ADD], entries):
        pass  # an address says where somebody was seen, not who they are; it is checked alone
    rest = _continuations(files[COMMENTS], entries)
    return tuple(
        _entry(values, aliases.get(number, []), rest.get(number, ""))
        for number, values in entries.items()
    )


def _checked_rows(name: str, content: bytes) -> Iterator[Row]:
    text = decoded(content, file=name)
    if name != COMMENTS:
        if not text.endswith(("\n" + END, "\n" + END + "\n", "\n" + END + "\r\n")):
            raise ListUnreadable("end_is_missing", file=name)
        text = text.rstrip("\r\n").removesuffix(END)
    elif not text.endswith("\n"):
        raise ListUnreadable("end_is_missing", file=name)
    if END in text:
        raise ListUnreadable("text_after_the_end", file=name)
    return rows(text, file=name, columns=COLUMNS[name])


def _entry_rows(lines: Iterator[Row]) -> dict[str, list[str]]:
    entries: dict[str, list[str]] = {}
    for line, values in lines:
        number = values[0].strip()
        if not number.isdigit() or not _value(values[1]):
            raise ListUnreadable("entry_without_number_or_name", file=SDN, line=line)
        if _value(values[2]) not in _TYPES:
            raise ListUnreadable("unknown_type_of_entry", file=SDN, line=line)
        if number in entries:
            raise ListUnreadable("number_used_twice", file=SDN, line=line)
        entries[number] = values
    if not entries:
        raise ListUnreadable("file_is_empty", file=SDN)
    return entries


def _referring(name: str, content: bytes, entries: Mapping[str, object]) -> Iterator[Row]:
    for line, values in _checked_rows(name, content):
        if values[0].strip() not in entries:
            raise ListUnreadable("refers_to_no_entry", file=name, line=line)
        yield line, values


def _continuations(content: bytes, entries: Mapping[str, list[str]]) -> dict[str, str]:
    cut = {
        number
        for number, values in entries.items()
        if len(values[11]) >= REMARKS_LIMIT and not values[11].endswith(".")
    }
    rest: dict[str, str] = {}
    if content or cut:
        for line, values in _checked_rows(COMMENTS, content):
            if values[0].strip() not in entries:
                raise ListUnreadable("refers_to_no_entry", file=COMMENTS, line=line)
            rest[values[0].strip()] = _value(values[1])
    if cut - rest.keys():
        raise ListUnreadable("rest_of_remarks_is_missing", file=COMMENTS)
    return rest


def _entry(values: list[str], aliases: list[str], more: str) -> Entry:
    remarks_text = _value(values[11]) + more
    kind = _TYPES[_value(values[2])]
    remarks = parse_remarks(remarks_text)
    names = [ListedName(text=_spoken(_value(values[1]), kind))]
    names += [ListedName(text=_spoken(n, kind), kind=NameKind.ALIAS) for n in aliases if n]
    names += [ListedName(text=_spoken(n, kind), kind=NameKind.WEAK) for n in remarks.weak_aliases]
    return Entry(
        id=values[0].strip(),
        kind=kind,
        names=tuple(dict.fromkeys(names)),
        birth_dates=tuple(dict.fromkeys(remarks.birth_dates)),
        birth_places=tuple(remarks.birth_places),
        countries=tuple(sorted(remarks.countries)),
        documents=tuple(dict.fromkeys(remarks.documents)),
        program="; ".join(_value(values[3]).split("] [")),
        remarks=remarks_text,
    )


def _value(text: str) -> str:
    stripped = text.strip()
    return "" if stripped == "-0-" else stripped


def _spoken(name: str, kind: EntryKind) -> str:
    """Return ``SURNAME, Given`` in the order in which it is said."""
    if kind is not EntryKind.INDIVIDUAL or "," not in name:
        return name
    surname, _, given = name.partition(",")
    return f"{given.strip()} {surname.strip()}"
