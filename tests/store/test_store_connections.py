"""Transactions are real ones, on both databases, from their first statement on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import IntegrityError

from hrbudget.errors import CallRefused
from hrbudget.store import database
from hrbudget.store.store import Store
from tests.postgres.server import Server
from tests.store.conftest import Program

pytestmark = pytest.mark.sqlite("they go to both databases by themselves")

UNCHANGED = "Nothing of this change was stored."


@pytest.fixture(params=["on_file", "on_server"])
def program(request: pytest.FixtureRequest) -> Program:
    """Programs that share one database, with a table of one row."""
    made: Program = request.getfixturevalue(request.param)
    with database.writing(made()) as connection:
        run(connection, "CREATE TABLE note (id INTEGER PRIMARY KEY, said TEXT)")
        run(connection, "INSERT INTO note VALUES (1, 'first')")
    return made


def run(connection: Connection, statement: str) -> None:
    connection.execute(text(statement))


def notes(connection: Connection) -> list[str]:
    found = connection.execute(text("SELECT said FROM note ORDER BY id"))
    return [str(said) for said in found.scalars()]


def stored(program: Program) -> list[str]:
    """What somebody else finds."""
    with database.reading(program()) as connection:
        return notes(connection)


def test_a_reader_sees_one_state_to_its_end(program: Program) -> None:
    with database.reading(program()) as reader:
        assert notes(reader) == ["first"]
        with database.writing(program()) as writer:
            run(writer, "INSERT INTO note VALUES (2, 'second')")
        assert stored(program) == ["first", "second"]
        assert notes(reader) == ["first"]


def test_a_writer_that_fails_leaves_nothing(program: Program) -> None:
    def write(connection: Connection) -> None:
        run(connection, "INSERT INTO note VALUES (2, 'second')")
        run(connection, "CREATE TABLE other (id INTEGER)")
        run(connection, "INSERT INTO note VALUES (1, 'again')")

    with pytest.raises(IntegrityError), database.writing(program()) as connection:
        write(connection)
    assert stored(program) == ["first"]
    with database.writing(program()) as connection:
        run(connection, "CREATE TABLE other (id INTEGER)")


def test_what_a_refusal_of_ours_interrupts_is_not_stored(program: Program) -> None:
    def write(connection: Connection) -> None:
        run(connection, "INSERT INTO note VALUES (2, 'second')")
        message = "Said by us."
        raise CallRefused(message)

    with (
        pytest.raises(CallRefused, match=r"^Said by us\.$"),
        database.writing(program()) as connection,
    ):
        write(connection)
    assert stored(program) == ["first"]


def test_programs_that_make_the_tables_at_once_do_not_collide(
    request: pytest.FixtureRequest,
) -> None:
    for kind in ("on_file", "on_server"):
        made: Program = request.getfixturevalue(kind)
        engines = [made() for _ in range(4)]
        for engine in engines:
            if engine.dialect.name == "sqlite":
                with engine.connect() as connection:
                    connection.exec_driver_sql("PRAGMA busy_timeout = 60000")
        failed: list[Exception] = []
        threads = [
            threading.Thread(target=attempt, args=(database.prepare, engine, failed))
            for engine in engines
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failed == []


def attempt(
    what: Callable[[Engine], None], engine: Engine, failed: list[Exception]
) -> None:
    try:
        what(engine)
    except Exception as error:  # noqa: BLE001  (all that goes wrong in a thread counts)
        failed.append(error)


def test_a_writer_on_a_file_holds_it_from_its_first_reading_on(
    on_file: Program,
) -> None:
    """Nobody can change what it read before it writes."""
    database.prepare(on_file())
    with database.writing(on_file()) as first:
        run(first, "SELECT count(*) FROM line")
        with (
            pytest.raises(CallRefused, match="locked for too long") as refused,
            database.writing(on_file()) as second,
        ):
            run(second, "SELECT 1")
        assert UNCHANGED in str(refused.value)


def test_a_writer_on_a_server_waits_for_another_no_longer_than_it_is_told(
    on_server: Program, postgres: Server, own_database: str, tmp_path: Path
) -> None:
    asked = text("SHOW lock_timeout")
    with database.writing(on_server()) as first:
        assert first.execute(asked).scalar() == "1min"
        run(first, "CREATE TABLE note (id INTEGER, said TEXT)")
        hasty = f"{postgres.address(own_database)}&options=-c lock_timeout=20"
        with (
            pytest.raises(CallRefused, match="locked for too long") as refused,
            database.writing(database.connect(hasty, tmp_path)) as second,
        ):
            run(second, "CREATE TABLE note (id INTEGER, said TEXT)")
    assert UNCHANGED in str(refused.value)


def test_a_file_is_written_through_watched_and_journaled(on_file: Program) -> None:
    asked = ("foreign_keys", "journal_mode", "synchronous", "recursive_triggers")
    with on_file().connect() as connection:
        found = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked
        ]
    assert found == [1, "wal", 2, 1]


def test_a_row_that_is_replaced_meets_the_triggers_on_deleting(
    on_file: Program,
) -> None:
    with database.writing(on_file()) as connection:
        run(connection, "CREATE TABLE note (id INTEGER PRIMARY KEY, said TEXT)")
        run(connection, "INSERT INTO note VALUES (1, 'first')")
        run(
            connection,
            "CREATE TRIGGER stays BEFORE DELETE ON note "
            "BEGIN SELECT RAISE(ABORT, 'it stays'); END",
        )
    with (
        pytest.raises(IntegrityError, match="it stays"),
        database.writing(on_file()) as connection,
    ):
        run(connection, "INSERT OR REPLACE INTO note VALUES (1, 'other')")
    assert stored(on_file) == ["first"]


def test_a_relative_file_lies_in_the_folder_and_an_absolute_one_where_it_says(
    tmp_path: Path,
) -> None:
    Store.open("sqlite:///mine.sqlite", tmp_path).close()
    assert (tmp_path / "mine.sqlite").is_file()
    (tmp_path / "elsewhere").mkdir()
    file = tmp_path / "elsewhere" / "mine.sqlite"
    Store.open(f"sqlite:///{file}", tmp_path).close()
    assert file.is_file()


def test_a_reader_cannot_write_on_the_server(on_server: Program) -> None:
    with (
        pytest.raises(CallRefused, match="can only be read"),
        database.reading(on_server()) as connection,
    ):
        run(connection, "CREATE TABLE note (said TEXT)")
