"""What goes wrong around a database is said in plain words, and nothing stored."""

from __future__ import annotations

import traceback
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, text

from hrbudget.errors import CallRefused
from hrbudget.store import database, failures
from hrbudget.store.store import Store
from tests.postgres.server import Server
from tests.store.conftest import Program

pytestmark = pytest.mark.sqlite("they go to both databases by themselves")

UNCHANGED = "Nothing of this change was stored."


def run(connection: Connection, statement: str) -> None:
    connection.execute(text(statement))


def notes(connection: Connection) -> list[str]:
    found = connection.execute(text("SELECT said FROM note ORDER BY id"))
    return [str(said) for said in found.scalars()]


def test_a_disk_that_is_full_is_said_and_nothing_stored(on_file: Program) -> None:
    database.prepare(on_file())
    engine = on_file()
    with engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")

    def write(connection: Connection) -> None:
        run(connection, "CREATE TABLE note (said TEXT)")
        run(connection, "INSERT INTO note VALUES (hex(zeroblob(1000000)))")

    with (
        pytest.raises(CallRefused, match="disk that holds the database is full") as no,
        database.writing(engine) as connection,
    ):
        write(connection)
    assert UNCHANGED in str(no.value)
    with database.reading(on_file()) as connection:
        found = "SELECT count(*) FROM sqlite_master WHERE name = 'note'"
        assert connection.execute(text(found)).scalar() == 0


def test_a_file_that_can_only_be_read_is_said(on_file: Program) -> None:
    engine = on_file()
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")
    with pytest.raises(CallRefused, match="can only be read"):
        database.prepare(engine)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.sqlite").write_bytes(b"This is no database. " * 100)
    with pytest.raises(CallRefused, match="file is not a database"):
        Store.open("sqlite:///x.sqlite", tmp_path)


def test_a_damaged_file_is_said(on_file: Program, tmp_path: Path) -> None:
    database.prepare(on_file())
    engine = on_file()
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    file = tmp_path / "x.sqlite"
    content = file.read_bytes()
    file.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
    with pytest.raises(CallRefused, match="database file is damaged"):
        Store.open("sqlite:///x.sqlite", tmp_path)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("nonsense", "'nonsense' is no database address"),
        ("mysql://me:hemligt@host/db", "'mysql://me:***@host/db' is no database addr"),
        ("oracle://me:hemligt@host:port/db", "What was given is no database address"),
        ("sqlite://", "'sqlite://' names no file"),
        ("sqlite:///no/such/x.db", "no/such/x.db. Nothing"),
        ("postgresql://me@/x?host=/no/such", "/no/such/.s.PGSQL.5432"),
        ("postgresql://me:hemligt@127.0.0.1:9/x", "server cannot be reached"),
        ("postgresql://me@h/x?sslpassword=hemligt", "No option of a database"),
        ("postgresql:///x?service=nowhere", 'service "nowhere" not found'),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_without_its_password(
    url: str, said: str, tmp_path: Path
) -> None:
    with pytest.raises(CallRefused) as refused:
        Store.open(url, tmp_path)
    assert said in str(refused.value)
    assert "hemligt" not in "".join(traceback.format_exception(refused.value))


def test_a_lost_connection_is_said_and_the_next_call_has_a_new_one(
    on_server: Program, postgres: Server, own_database: str
) -> None:
    engine = on_server()
    with database.writing(engine) as connection:
        run(connection, "CREATE TABLE note (id INTEGER, said TEXT)")

    def write(connection: Connection) -> None:
        run(connection, "INSERT INTO note VALUES (1, 'half')")
        postgres.disconnect(own_database)
        run(connection, "INSERT INTO note VALUES (2, 'half')")

    with (
        pytest.raises(CallRefused, match="connection to the database was lost") as no,
        database.writing(engine) as connection,
    ):
        write(connection)
    assert UNCHANGED in str(no.value)
    with database.writing(engine) as connection:
        assert notes(connection) == []
    postgres.disconnect(own_database)
    with database.reading(engine) as connection:
        assert notes(connection) == []


def test_a_connection_that_is_lost_at_the_very_end_leaves_it_open_what_was_stored(
    on_server: Program, postgres: Server, own_database: str
) -> None:
    """The server may have stored it and not been able to say so."""
    engine = on_server()
    event.listen(engine, "commit", lambda _: postgres.disconnect(own_database))
    with (
        pytest.raises(CallRefused, match="all of it may be there, or nothing") as no,
        database.writing(engine) as connection,
    ):
        run(connection, "CREATE TABLE note (id INTEGER, said TEXT)")
    assert UNCHANGED not in str(no.value)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("53100", "The disk that holds the database is full"),
        ("25006", "The database can only be read"),
        ("42501", "The database refuses you the permission"),
        ("55P03", "Another program kept the database locked for too long"),
        ("40001", "Another program was changing the same at the same time"),
        ("40P01", "Another program was changing the same at the same time"),
        ("57P01", "The connection to the database was lost"),
        ("58030", "The disk failed while the database was at work"),
        ("53300", "The database has as many connections as it takes"),
    ],
)
def test_what_the_server_reports_is_said_in_plain_words(
    on_server: Program, code: str, said: str
) -> None:
    with (
        pytest.raises(CallRefused) as refused,
        database.writing(on_server()) as connection,
    ):
        run(
            connection,
            f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{code}'; END $$",
        )
    assert str(refused.value).startswith(f"{said}: postgresql://")
    assert UNCHANGED in str(refused.value)


def test_an_error_that_nobody_foresaw_is_quoted_without_the_statement(
    on_server: Program,
) -> None:
    with on_server().connect() as connection, pytest.raises(Exception) as error:  # noqa: PT011  (any of the driver's)
        connection.execute(text("SELECT :secret / 0"), {"secret": 12345})
    assert failures.known(error.value) is None
    said = str(database.refused(error.value, "postgresql://h/x"))
    assert "division by zero" in said
    assert "12345" not in said


def test_a_password_is_asked_for_and_taken_from_its_file(
    postgres: Server,
    own_database: str,
    guarded: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    address = postgres.address(own_database).replace("tests@", f"{guarded}@")
    kept = tmp_path / "passwords"
    monkeypatch.setenv("PGPASSFILE", str(kept))
    for password in ("", "wrong-hemligt"):
        url = address.replace("@", f":{password}@") if password else address
        with pytest.raises(CallRefused, match="did not accept the user or") as refused:
            Store.open(url, tmp_path)
        assert "PGPASSFILE" in str(refused.value)
        assert "hemligt" not in "".join(traceback.format_exception(refused.value))
    kept.write_text(f"*:*:*:{guarded}:hemligt\n")
    kept.chmod(0o600)
    with pytest.raises(CallRefused, match="refuses you the permission") as refused:
        Store.open(address, tmp_path)
    assert "owner of the database" in str(refused.value)
    postgres.execute(f"ALTER DATABASE {own_database} OWNER TO {guarded}")
    Store.open(address, tmp_path).close()
    kept.unlink()
    url = address.replace("@", ":hemligt@")
    engine = database.connect(url, tmp_path)
    assert "hemligt" not in repr(engine)
    with (
        database.reading(engine),
        pytest.raises(CallRefused, match="as many connections as it takes"),
    ):
        Store.open(url, tmp_path)
    engine.dispose()
    with pytest.raises(CallRefused, match="no database of that name"):
        Store.open(url.replace(f"/{own_database}?", "/nowhere?"), tmp_path)
