import psycopg
import pytest

from deploy.local import children
from deploy.local.folders import InUse
from deploy.local.postgres import PostgresServer
from tests.conftest import DatabaseUrl


def connect(url: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(url.replace("postgresql+psycopg", "postgresql"), autocommit=True)


def setting(connection: psycopg.Connection[tuple[object, ...]], name: str) -> object:
    row = connection.execute("SELECT current_setting(%s)", (name,)).fetchone()
    assert row is not None
    return row[0]


def test_the_server_writes_durably(postgres: PostgresServer) -> None:
    with connect(postgres.url()) as connection:
        assert setting(connection, "fsync") == "on"
        assert setting(connection, "synchronous_commit") == "on"
        assert setting(connection, "full_page_writes") == "on"


def test_what_was_committed_is_there_after_a_kill(private_postgres: PostgresServer) -> None:
    with connect(private_postgres.url()) as connection:
        connection.execute("CREATE TABLE kept (id int)")
        connection.execute("INSERT INTO kept VALUES (1)")
    pid = private_postgres.pid
    assert pid is not None
    backends = children.children_of(pid)

    private_postgres.kill9()

    assert backends, "a running server has helpers of its own"
    assert not any(children.alive(each) for each in [pid, *backends])
    assert not private_postgres.answers()
    private_postgres.start()
    with connect(private_postgres.url()) as connection:
        assert connection.execute("SELECT id FROM kept").fetchall() == [(1,)]


def test_killing_a_dead_server_fails(private_postgres: PostgresServer) -> None:
    private_postgres.kill9()

    with pytest.raises(ProcessLookupError):
        private_postgres.kill9()


def test_a_second_server_in_the_same_folder_is_refused(private_postgres: PostgresServer) -> None:
    with pytest.raises(InUse):
        PostgresServer(private_postgres.folder).start()

    assert private_postgres.answers(), "the first one is not harmed"


def test_a_prepared_database_is_a_copy_and_not_shared(database_url: DatabaseUrl) -> None:
    prepared: list[str] = []

    def prepare(url: str) -> None:
        prepared.append(url)
        with connect(url) as connection:
            connection.execute("CREATE TABLE t (id int)")

    first, second = database_url("copied", prepare), database_url("copied", prepare)
    with connect(first) as connection:
        connection.execute("INSERT INTO t VALUES (1)")

    with connect(second) as connection:
        assert connection.execute("SELECT count(*) FROM t").fetchone() == (0,)
    assert len(prepared) == 1
