"""Fresh databases in milliseconds: each a copy of a template that is prepared once a session."""

from collections.abc import Callable
from itertools import count

import psycopg

from deploy.local.postgres import PostgresServer

Prepare = Callable[[str], None]
"""Brings an empty database at an address into shape (migrations) and closes what it opened."""


class Databases:
    """Makes databases on one server and drops them again."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        self._numbers = count(1)
        self._templates: dict[tuple[str, Prepare], str] = {}

    def fresh(self, name: str, prepare: Prepare | None = None) -> str:
        """Return the address of a new database; prepared ones are copied from a template."""
        template = "template0" if prepare is None else self._template(name, prepare)
        return self._create(name, template)

    def drop(self, url: str) -> None:
        """Drop a database, whoever is still connected."""
        self._execute(f'DROP DATABASE IF EXISTS "{_name_in(url)}" WITH (FORCE)')

    def _template(self, name: str, prepare: Prepare) -> str:
        key = (name, prepare)
        if key not in self._templates:
            url = self._create(f"template_{name}", "template0")
            prepare(url)
            self._templates[key] = _name_in(url)
        return self._templates[key]

    def _create(self, name: str, template: str) -> str:
        database = f"{name}_{next(self._numbers)}"
        self._execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')
        return self._server.url(database)

    def _execute(self, statement: str) -> None:
        address = self._server.url().replace("postgresql+psycopg", "postgresql")
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement.encode())


def _name_in(url: str) -> str:
    return url.partition("@/")[2].partition("?")[0]
