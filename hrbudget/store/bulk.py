"""Rows of a frame into a table, by the fastest way that each database has."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import polars as pl
from sqlalchemy import Connection, Table
from sqlalchemy.exc import DBAPIError

from hrbudget.errors import CallRefused

if TYPE_CHECKING:
    from psycopg import Copy

#: Rows that are handed to the driver at a time.
_ROWS = 20_000


def insert(connection: Connection, table: Table, frame: pl.DataFrame) -> None:
    """Insert the rows of a frame within the caller's transaction, in their order.

    A key that the database gives, such as ``id``, grows from row to row.

    Args:
        connection: of the transaction.
        table: where the rows go.
        frame: columns of the table: whole numbers, text and truth values; columns that
            it has not get their default.

    Raises:
        CallRefused: a text has a NUL character, which PostgreSQL cannot keep; what is
            kept in SQLite may move there some day.
        sqlalchemy.exc.IntegrityError: a row breaks a rule of the table.
    """
    if frame.is_empty():
        return
    _refuse_nul(frame)
    quote = connection.dialect.identifier_preparer.quote
    # The names are those of the table's own columns; all cells are data of a call.
    names = ", ".join(quote(table.c[name].name) for name in frame.columns)
    place = f"{quote(table.name)} ({names})"
    if connection.dialect.name == "postgresql":
        _copy(connection, place, frame)
        return
    signs = ", ".join("?" * frame.width)
    statement = f"INSERT INTO {place} VALUES ({signs})"  # noqa: S608  (names alone)
    for part in frame.iter_slices(_ROWS):
        connection.exec_driver_sql(statement, part.rows())


def _copy(connection: Connection, place: str, frame: pl.DataFrame) -> None:
    """PostgreSQL: as CSV, where no value has no quotes and empty text has."""
    raw = io.BytesIO()
    with copying(connection, f"COPY {place} FROM STDIN (FORMAT csv)") as copy:
        for part in frame.iter_slices(_ROWS):
            raw.seek(0)
            raw.truncate()
            part.write_csv(raw, include_header=False, quote_style="non_numeric")
            copy.write(raw.getvalue())


def _refuse_nul(frame: pl.DataFrame) -> None:
    texts = frame.select(pl.col(pl.String).str.contains("\0", literal=True).any())
    for column in texts:
        if column.any():
            message = (
                f"A text in the column {column.name} has a NUL character (U+0000), "
                "which PostgreSQL cannot keep. Nothing was stored: take the character "
                "out of the file, then run the command again."
            )
            raise CallRefused(message)


@contextmanager
def copying(connection: Connection, statement: str) -> Iterator[Copy]:
    """COPY of psycopg itself, within the transaction of a connection of SQLAlchemy.

    Its errors leave as those of SQLAlchemy, as they would after any other statement.

    Args:
        connection: to PostgreSQL.
        statement: COPY … FROM STDIN or COPY … TO STDOUT, without parameters.
    """
    if not connection.in_transaction():
        connection.begin()
    driver: Any = connection.connection.driver_connection
    dialect: Any = connection.dialect
    cursor = driver.cursor()
    try:
        with cursor.copy(statement.encode()) as copy:
            yield copy
    except dialect.dbapi.Error as error:
        lost = dialect.is_disconnect(error, driver, cursor)
        told = DBAPIError.instance(
            statement,
            None,
            error,
            dialect.dbapi.Error,
            hide_parameters=True,
            connection_invalidated=lost,
            dialect=dialect,
        )
        if lost:
            connection.invalidate(error)
        raise told from error
    finally:
        cursor.close()
