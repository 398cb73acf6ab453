"""A query's rows as a Polars frame, without a Python object for each of their cells.

PostgreSQL sends the rows as CSV (COPY … TO STDOUT), SQLite a JSON text for each column
of some hundred thousand rows; Polars reads either. Both come over the connection that
the program has already: what is read belongs to its transaction, and it was made with
its password, its address and its search path.

Drivers that bring a SQLite library of their own (ADBC's, connectorx's, DuckDB's) are
faster by a little and must not be used: where a process has two such libraries, closing
a file in one of them takes away the locks of the other, and what another program writes
meanwhile is lost without a word (sqlite.org/howtocorrupt.html, section 2.2.1).
"""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import polars as pl
from sqlalchemy import Connection, Engine, Select, func, select, text
from sqlalchemy.exc import DBAPIError

from hrbudget.errors import CallRefused
from hrbudget.store import database
from hrbudget.store.bulk import copying

Schema = Mapping[str, pl.DataType | type[pl.DataType]]

#: Rows that SQLite puts into one text for each column; it holds 1,000,000,000 bytes.
_ROWS = 200_000

#: What a JSON array of whole numbers and nulls is written with.
_WHOLE = b"0123456789-,nul[]"

_FOREIGN = (
    "A cell of {} holds what cannot be there. Another program has changed "
    "the database file: restore it from a backup."
)

#: What SQLite and its driver say of a cell that is neither a number nor text.
_NO_TEXT = ("JSON cannot hold BLOB values", "Could not decode to UTF-8")


@contextmanager
def opened(there: Engine | Connection) -> Iterator[Connection]:
    """The connection itself, or one of the engine that sees a single state."""
    if isinstance(there, Connection):
        yield there
        return
    with database.reading(there) as connection:
        yield connection


def frame(
    there: Engine | Connection,
    query: Select[*tuple[Any, ...]],
    schema: Schema,
) -> pl.DataFrame:
    """The rows of a query, in its order.

    Args:
        there: the database, or a connection whose transaction the query belongs to.
        query: its values are whole numbers, text and truth values, given as
            parameters.
        schema: names of the query's columns, in their order, with the types that they
            shall have: whole numbers, text or truth values.

    Raises:
        ValueError: the query and the schema have different columns, or a type or a
            value is of another kind.
        CallRefused: a cell of a file holds what its column cannot.
        polars.exceptions.PolarsError: a cell is not of the column's type.
    """
    dtypes = _checked(query, schema)
    with opened(there) as connection:
        if connection.dialect.name == "postgresql":
            return _copied(connection, query, dtypes)
        return pl.concat(_aggregated(connection, query, dtypes))


def _checked(query: Select[*tuple[Any, ...]], schema: Schema) -> pl.Schema:
    dtypes = pl.Schema(schema)
    asked = [str(name) for name in query.selected_columns.keys()]  # noqa: SIM118  (a collection iterates over columns)
    if asked != dtypes.names():
        message = f"The query has the columns {asked}, the schema {dtypes.names()}."
        raise ValueError(message)
    for name, dtype in dtypes.items():
        if not (dtype.is_integer() or dtype in (pl.String, pl.Boolean)):
            message = f"{name} is {dtype}: only whole numbers, text and truth values."
            raise ValueError(message)
    return dtypes


def _aggregated(
    connection: Connection, query: Select[*tuple[Any, ...]], schema: pl.Schema
) -> Iterator[pl.DataFrame]:
    """SQLite: page after page, each as one JSON array for each column."""
    at, size = 0, _ROWS
    whole = query.subquery()
    while True:
        page = select(whole).limit(size).offset(at).subquery()
        arrays = select(*(func.json_group_array(column) for column in page.c))
        try:
            texts = connection.execute(arrays).one()
        except DBAPIError as error:
            if str(error.orig).startswith(_NO_TEXT):
                raise CallRefused(_FOREIGN.format("these rows")) from error
            if size == 1 or not _is_too_big(error):
                raise
            size = max(1, size // 8)
            continue
        part = _decoded(tuple(texts), schema)
        yield part
        at += part.height
        if part.height < size:
            return


def _is_too_big(error: DBAPIError) -> bool:
    code = getattr(error.orig, "sqlite_errorcode", None)
    return code == sqlite3.SQLITE_TOOBIG


def _decoded(texts: tuple[str, ...], schema: pl.Schema) -> pl.DataFrame:
    """JSON arrays as columns."""
    arrays = zip(schema.items(), texts, strict=True)
    return pl.DataFrame([_cells(name, dtype, array) for (name, dtype), array in arrays])


def _cells(name: str, dtype: pl.DataType, array: str) -> pl.Series:
    """A JSON array as a column; SQLite's truth values are 0 and 1.

    Raises:
        CallRefused: a number is not whole, or a truth value neither. No program of
            ours has stored that; SQLite keeps whatever another gives it.
    """
    # A fraction would be cut off.
    if dtype != pl.String and array.encode().translate(None, _WHOLE):
        raise CallRefused(_FOREIGN.format(f"the column {name}"))
    # Read as the widest type: a number too large for a type would be read as none.
    kind = dtype if dtype == pl.String else pl.Int64()
    listed = pl.Series(name, [array]).str.json_decode(pl.List(kind))
    cells = listed.explode(empty_as_null=False)
    if dtype == pl.Boolean and not cells.drop_nulls().is_in([0, 1]).all():
        raise CallRefused(_FOREIGN.format(f"the column {name}"))
    return cells.cast(dtype)


def _copied(
    connection: Connection, query: Select[*tuple[Any, ...]], schema: pl.Schema
) -> pl.DataFrame:
    """PostgreSQL: as CSV, where no value has no quotes and empty text has."""
    statement = f"COPY ({_stated(connection, query)}) TO STDOUT (FORMAT csv)"
    raw = io.BytesIO()
    with copying(connection, statement) as copy:
        # Blocks of bytes as the network brings them; nobody looks into them here.
        for block in copy:
            raw.write(block)
    if not raw.tell():
        return pl.DataFrame(schema=schema)
    raw.seek(0)
    logical = [name for name, dtype in schema.items() if dtype == pl.Boolean]
    read = {name: pl.String if name in logical else schema[name] for name in schema}
    rows = pl.read_csv(raw, has_header=False, schema=read)
    return rows.with_columns(pl.col(logical) == "t")


def _stated(connection: Connection, query: Select[*tuple[Any, ...]]) -> str:
    """The query as COPY can have it, which takes no parameters.

    Whole numbers stand in it. Text goes to the server as parameters, into settings
    that end with the transaction, and the query asks for those.
    """
    compiled = query.compile(
        dialect=connection.dialect, compile_kwargs={"render_postcompile": True}
    )
    said = {}
    keep = text("SELECT set_config(:name, :value, true)")
    for number, (name, value) in enumerate(compiled.params.items()):
        if isinstance(value, int):
            said[name] = str(value)
        elif isinstance(value, str):
            setting = f"hrbudget.value_{number}"
            connection.execute(keep, {"name": setting, "value": value})
            said[name] = f"current_setting('{setting}')"
        else:
            message = f"{name} is a {type(value).__name__}: only numbers and text."
            raise ValueError(message)  # noqa: TRY004  (a value of the query)
    return str(compiled) % said
