"""Queries come as frames of the types asked for, on both databases."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from sqlalchemy import (
    Engine,
    delete,
    func,
    insert,
    select,
)
from sqlalchemy.exc import DBAPIError

from hrbudget.errors import CallRefused
from hrbudget.store import bulk, database, reading
from tests.postgres.server import Server
from tests.store.frames import (
    LURES,
    ODD,
    SCHEMA,
    in_order,
    made,
    put,
)


def test_no_row_is_a_frame_with_its_types(engine: Engine) -> None:
    put(engine, made([]))
    back = reading.frame(engine, in_order(), SCHEMA)
    assert (back.height, back.schema) == (0, SCHEMA)


def test_a_column_without_any_value_has_its_type(engine: Engine) -> None:
    put(engine, made([(None,) * 5] * 3))
    back = reading.frame(engine, in_order(), SCHEMA)
    assert (back.schema, back.null_count().row(0)) == (SCHEMA, (3,) * 5)


def test_more_rows_than_a_page_come_in_their_order(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_ROWS", 7)
    for count in (6, 7, 8, 13, 14, 15):
        frame = made([(number, 1, True, "x", "") for number in range(count)])
        with database.writing(engine) as connection:
            connection.execute(delete(ODD))
            bulk.insert(connection, ODD, frame)
        backwards = (
            select(ODD.c.number).where(ODD.c.number > 0).order_by(ODD.c.number.desc())
        )
        back = reading.frame(engine, backwards.limit(count), {"number": pl.Int64})
        assert back["number"].to_list() == list(range(count - 1, 0, -1))


def test_texts_that_are_asked_for_are_no_sql(engine: Engine) -> None:
    put(
        engine, made([(number, 1, True, text, "") for number, text in enumerate(LURES)])
    )
    for number, text in enumerate(LURES):
        query = select(ODD.c.number).where(
            ODD.c['say "what"'] == text, ODD.c.small == 1, ODD.c.truth.is_(True)
        )
        back = reading.frame(engine, query, {"number": pl.Int64})
        assert back["number"].to_list() == [number]


def test_several_numbers_and_texts_may_be_asked_for(engine: Engine) -> None:
    put(engine, made([(n, 1, n > 1, text, text) for n, text in enumerate("abcd")]))
    query = in_order().where(
        ODD.c.number.in_([0, -1, 2, 3]),
        ODD.c.select.in_(["a", "c", "'"]) | (ODD.c.truth == True),  # noqa: E712  (a truth value as a parameter)
    )
    back = reading.frame(engine, query, SCHEMA)
    assert back["number"].to_list() == [0, 2, 3]


def test_two_readings_in_one_transaction_see_the_same(engine: Engine) -> None:
    put(engine, made([(1, 1, True, "x", "")]))
    with database.reading(engine) as connection:
        before = reading.frame(connection, in_order(), SCHEMA)
        put(engine, made([(2, 1, True, "y", "")]))
        assert reading.frame(connection, in_order(), SCHEMA).equals(before)
    assert reading.frame(engine, in_order(), SCHEMA).height == 2


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ({"id": pl.Int64}, "The query has the columns"),
        ({"number": pl.Float64}, "number is Float64"),
    ],
)
def test_a_schema_that_is_not_the_querys_is_refused(
    engine: Engine, schema: dict[str, type[pl.DataType]], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        reading.frame(engine, select(ODD.c.number), schema)


def test_a_number_that_is_too_large_for_its_type_is_refused(engine: Engine) -> None:
    put(engine, made([(2**40, 1, True, "x", "")]))
    with pytest.raises(pl.exceptions.PolarsError):
        reading.frame(engine, select(ODD.c.number), {"number": pl.Int32})


@pytest.mark.sqlite
def test_texts_of_columns_that_sqlite_cannot_hold_come_in_smaller_pieces(
    file_engine: Engine,
) -> None:
    frame = made([(number, 1, True, "x" * 100, "å" * 9) for number in range(300)])
    put(file_engine, frame)

    with file_engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 4_000)
        assert reading.frame(connection, in_order(), SCHEMA).equals(frame)
        driver.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 110)
        assert reading.frame(connection, in_order(), SCHEMA).equals(frame)
        driver.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 100)
        with pytest.raises(DBAPIError, match="too big"):
            reading.frame(connection, in_order(), SCHEMA)


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("number", "1.5"),
        ("number", "1e300"),
        ("number", "'x'"),
        ("small", "-9e999"),
        ("truth", "2"),
        ("truth", "x'00'"),
        ('"select"', "x'61'"),
        ('"select"', "CAST(x'61ff' AS TEXT)"),
    ],
)
def test_what_another_program_put_into_a_file_is_not_read_as_something_else(
    file_engine: Engine, name: str, cell: str
) -> None:
    put(file_engine, made([(1, 1, True, "", "")] * 2))
    changed = f"UPDATE odd SET {name} = {cell} WHERE id = 2"  # noqa: S608  (ours)
    with closing(sqlite3.connect(str(file_engine.url.database))) as other, other:
        other.execute(changed)
    with pytest.raises(CallRefused, match="holds what cannot be there"):
        reading.frame(file_engine, in_order(), SCHEMA)


@pytest.mark.sqlite
def test_what_reads_a_file_leaves_the_locks_of_others_alone(
    file_engine: Engine,
) -> None:
    """A second SQLite library in the process would take them away at its close."""
    put(file_engine, made([(1, 1, True, "x", "")]))
    path = str(file_engine.url.database)
    other = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], timeout=0); "
        "c.execute('BEGIN IMMEDIATE')"
    )
    with database.writing(file_engine) as connection:
        connection.execute(insert(ODD).values(number=2))
        reading.frame(file_engine, in_order(), SCHEMA)
        ran = subprocess.run(
            [sys.executable, "-c", other, path], capture_output=True, check=False
        )
        assert b"database is locked" in ran.stderr


def test_settings_that_carry_texts_end_with_the_transaction(
    server_engine: Engine,
) -> None:
    query = select(ODD.c.number).where(ODD.c.select == "a secret")
    asked = select(func.current_setting("hrbudget.value_0", True))
    with server_engine.connect() as connection:
        reading.frame(connection, query, {"number": pl.Int64})
        assert connection.execute(asked).scalar() == "a secret"
        connection.rollback()
        assert connection.execute(asked).scalar() in (None, "")


def test_the_frame_is_found_along_the_search_path(
    server_engine: Engine, postgres: Server, tmp_path: Path
) -> None:
    with server_engine.begin() as connection:
        connection.exec_driver_sql("CREATE SCHEMA office")
    address = postgres.address("odd") + "&options=-csearch_path%3Doffice"
    engine = database.connect(address, tmp_path)
    with database.writing(engine) as connection:
        ODD.create(connection)
    put(engine, made([(9, 1, True, "there", "")]))
    assert reading.frame(engine, in_order(), SCHEMA)["number"].to_list() == [9]
    assert reading.frame(server_engine, in_order(), SCHEMA).is_empty()
    engine.dispose()
