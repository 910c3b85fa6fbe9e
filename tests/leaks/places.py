"""Where personal data could come to lie readable: each place gives all its bytes."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

import psycopg
import requests
from psycopg import sql
from pysqlite3 import dbapi2 as sqlite

Part = tuple[str, bytes]
"""What it is, and its bytes."""

TIMEOUT = 10.0
SQLITE_HEAD = b"SQLite format 3\0"
FORMATS = {"text": sql.SQL("text"), "binary": sql.SQL("binary")}
TABLES = """
    SELECT table_schema, table_name FROM information_schema.tables
    WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')
    ORDER BY 1, 2
"""


def files(folder: Path, pattern: str = "*") -> Iterator[Part]:
    """Yield every file below a folder; one that goes away meanwhile is left out."""
    for path in sorted(folder.rglob(pattern)):
        try:
            if path.is_file():
                yield str(path.relative_to(folder)), path.read_bytes()
        except FileNotFoundError:
            continue


def tables(address: str) -> Iterator[Part]:
    """Yield every table of a database, as text with its bytes in hexadecimal, and raw."""
    with psycopg.connect(plain_address(address)) as connection:
        for schema, table in connection.execute(TABLES).fetchall():
            for name, form in FORMATS.items():
                copy = sql.SQL("COPY {} TO STDOUT (FORMAT {})").format(
                    sql.Identifier(schema, table), form
                )
                with connection.cursor().copy(copy) as rows:
                    yield f"{schema}.{table} {name}", b"".join(bytes(block) for block in rows)


def plain_address(address: str) -> str:
    """Return SQLAlchemy's address of a database as the driver reads it."""
    return address.replace("postgresql+psycopg", "postgresql")


def sqlite_rows(folder: Path) -> Iterator[Part]:
    """Yield every row of every SQLite file: in the file a value may lie on two pages."""
    for path in sorted(folder.rglob("*.db")):
        if path.read_bytes()[: len(SQLITE_HEAD)] != SQLITE_HEAD:
            continue
        with closing(sqlite.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            for (table,) in found.fetchall():
                rows = connection.execute(f'SELECT * FROM "{table}"').fetchall()  # noqa: S608 - a name that the file gave
                yield f"{path.name} {table}", b"\n".join(map(_row, rows))


def pages(addresses: Mapping[str, str]) -> Iterator[Part]:
    """Yield what addresses answer."""
    for name, address in addresses.items():
        answer = requests.get(address, timeout=TIMEOUT)
        answer.raise_for_status()
        yield name, answer.content


def size(parts: Iterable[Part]) -> int:
    """Return how many bytes there are."""
    return sum(len(data) for _, data in parts)


def _row(values: tuple[object, ...]) -> bytes:
    return b"\t".join(
        value if isinstance(value, bytes) else str(value).encode() for value in values
    )
