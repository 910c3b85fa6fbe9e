"""Rows of a comma-separated file, with the checks that find a file cut short."""

import csv
import io
from collections.abc import Iterator

from services.vetting.domain.watchlist.unreadable import ListUnreadable

Row = tuple[int, list[str]]
"""The line on which the row ends, and its values."""


def decoded(content: bytes, *, file: str) -> str:
    """Return the text of a UTF-8 file, with or without byte order mark, or refuse it."""
    if not content:
        raise ListUnreadable("file_is_empty", file=file)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ListUnreadable("not_utf_8", file=file, line=line) from None
    if "\x00" in text:
        raise ListUnreadable("holds_null_characters", file=file)
    return text


def rows(text: str, *, file: str, columns: int) -> Iterator[Row]:
    """Yield each row; refuse a wrong number of columns and a quotation that never ends."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for values in reader:
            if not values:
                continue
            if len(values) != columns:
                raise ListUnreadable("wrong_number_of_columns", file=file, line=reader.line_num)
            yield reader.line_num, values
    except csv.Error:
        raise ListUnreadable("quotation_is_broken", file=file, line=reader.line_num) from None
