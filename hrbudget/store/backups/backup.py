"""All tables as CSV files and back: the same files whichever database they are in.

A backup is read by people, perhaps in twenty years: UTF-8, commas, a row of headers,
text in quotes. A cell without quotes and without anything has no value; one with two
quotes is an empty text. Bytes are in base64.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import polars as pl
from sqlalchemy import (
    BigInteger,
    Boolean,
    Connection,
    Integer,
    LargeBinary,
    Select,
    Table,
    func,
    insert,
    inspect,
    select,
    text,
)
from sqlmodel import SQLModel

from hrbudget import __version__
from hrbudget.domain.event import NOTHING
from hrbudget.errors import CallRefused
from hrbudget.store import bulk, database
from hrbudget.store.backups.archive import Manifest, Sink, Writer
from hrbudget.store.chain import log
from hrbudget.store.reading import frame
from hrbudget.store.tables import LOCK

#: Where tables lie in a backup.
FOLDER = "tables"

#: Rows that are held in memory at a time.
ROWS = 100_000


def tables() -> list[Table]:
    """All tables, such that a row comes after those it refers to; the locks last."""
    every = SQLModel.metadata.sorted_tables
    return [*(table for table in every if table is not LOCK), LOCK]


def write(connection: Connection, archive: Writer) -> Manifest:
    """Write all tables, and then what the whole backup is.

    Args:
        connection: a transaction that sees one state.
        archive: the backup.
    """
    for table in tables():
        with archive.member(f"{FOLDER}/{table.name}.csv") as sink:
            _write(connection, table, sink)
    last = log.head(connection)
    end = (last.id, last.hash) if last else (0, NOTHING)
    return archive.close(__version__, database.HEAD, end)


def _write(connection: Connection, table: Table, sink: Sink) -> None:
    sink.write(_header(table))
    sink.rows = 0
    for rows in _pages(connection, table):
        written = rows.write_csv(include_header=False, quote_style="non_numeric")
        sink.write(written.encode())
        sink.rows += rows.height


def _header(table: Table) -> bytes:
    return (",".join(f'"{each.name}"' for each in table.c) + "\n").encode()


def _pages(connection: Connection, table: Table) -> Iterator[pl.DataFrame]:
    """The rows of a table by their keys, some at a time."""
    query = select(table).order_by(*table.primary_key)
    first = next(iter(table.primary_key))
    if len(table.primary_key) > 1:
        for key in connection.execute(select(first).distinct().order_by(first)).all():
            yield _frame(connection, table, query.where(first == key[0]))
        return
    last = connection.execute(select(func.min(first) - 1)).scalar()
    while last is not None:
        rows = _frame(connection, table, query.where(first > last).limit(ROWS))
        yield rows
        last = rows[first.name][-1] if rows.height == ROWS else None


def _frame(
    connection: Connection, table: Table, query: Select[*tuple[object, ...]]
) -> pl.DataFrame:
    schema = _schema(table)
    binary = _binary(table)
    if not binary:
        return frame(connection, query, schema)
    rows = [
        {
            name: _text(cell) if name in binary else cell
            for name, cell in row._mapping.items()  # noqa: SLF001  (its public name)
        }
        for row in connection.execute(query)
    ]
    return pl.DataFrame(rows, schema=schema)


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _schema(table: Table) -> dict[str, pl.DataType]:
    """Columns and what kind of cells they have in a file."""
    return {column.name: _kind(column.type) for column in table.c}


def _kind(of: object) -> pl.DataType:
    if isinstance(of, Boolean):
        return pl.Boolean()
    return pl.Int64() if isinstance(of, Integer | BigInteger) else pl.String()


def _binary(table: Table) -> list[str]:
    return [each.name for each in table.c if isinstance(each.type, LargeBinary)]


def refuse_full(connection: Connection, where: str) -> None:
    """Go on if a database has neither rows nor tables of another program.

    Raises:
        CallRefused: it has.
    """
    ours = {table.name: table for table in tables()}
    there = set(inspect(connection).get_table_names()) - {"alembic_version"}
    strange = sorted(there - ours.keys())
    full = [
        name
        for name in sorted(there & ours.keys())
        if connection.execute(select(text("1")).select_from(ours[name]).limit(1)).all()
    ]
    if strange or full:
        message = (
            f"The database {where} is not empty: it has the table "
            f"{[*full, *strange][0]}. Nothing was restored: a backup goes into an "
            "empty database only."
        )
        raise CallRefused(message)


def read(connection: Connection, folder: Path) -> int:
    """Put all tables into an empty database; how many rows.

    Args:
        connection: a transaction that writes.
        folder: where the tables of a backup lie.

    Raises:
        CallRefused: a file has not the columns of its table.
        sqlalchemy.exc.IntegrityError: a row breaks a rule of its table.
        polars.exceptions.PolarsError: a cell is not of its column's type.
    """
    found = 0
    for table in tables():
        path = folder / FOLDER / f"{table.name}.csv"
        header = _header(table)
        with path.open("rb") as file:
            if file.readline() != header:
                message = (
                    f"{path.name} has not the columns {', '.join(table.c.keys())}."
                )
                raise CallRefused(message)
        for rows in _batches(path, table):
            _insert(connection, table, rows)
            found += rows.height
        _go_on_from(connection, table)
    return found


def _batches(path: Path, table: Table) -> Iterator[pl.DataFrame]:
    lines = pl.scan_csv(path, schema=_schema(table), glob=False)
    yield from lines.collect_batches(chunk_size=ROWS, maintain_order=True)


def _insert(connection: Connection, table: Table, rows: pl.DataFrame) -> None:
    binary = _binary(table)
    if not binary:
        bulk.insert(connection, table, rows)
        return
    for row in rows.iter_rows(named=True):
        packed = {name: base64.b64decode(row[name]) for name in binary}
        connection.execute(insert(table), {**row, **packed})


def _go_on_from(connection: Connection, table: Table) -> None:
    """On PostgreSQL: the next key that a table gives is none that it has."""
    key = table.c.get("id")
    if connection.dialect.name != "postgresql" or key is None:
        return
    last = connection.execute(select(func.max(key))).scalar()
    if last is not None and table.autoincrement_column is not None:
        named = f'"{table.name}"'
        after = text("SELECT setval(pg_get_serial_sequence(:named, 'id'), :last)")
        connection.execute(after, {"named": named, "last": last})
