"""Between rows of the database and frames, and the look-ups that queries share."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
from sqlalchemy import ColumnElement, Connection, CursorResult, Table, select
from sqlalchemy.dialects import postgresql, sqlite

from hrbudget.domain import columns
from hrbudget.store.reading import frame
from hrbudget.store.tables import BUDGET, LINE

#: Separates ids inside one cell; no id holds it.
BREAK = "\n"

#: A name and its value in the JSON of extras, which are texts or nothing.
_ENTRY = r'"((?:[^"\\]|\\.)*)":(?:"(?:[^"\\]|\\.)*"|null)'


@dataclass(frozen=True)
class Slice:
    """One year and phase of a budget; ``entity`` only where all lines name the same."""

    budget: str
    fiscal_year: int
    phase: str
    lines: int = 0
    tagged_lines: int = 0
    entity: str = ""

    def __str__(self) -> str:
        return f"{self.budget} ({self.fiscal_year} {self.phase})"


def picks(table: Table, where: Slice) -> tuple[ColumnElement[bool], ...]:
    """Conditions that pick a slice's rows out of a table joined with ``budget``."""
    return (
        BUDGET.c.name == where.budget,
        table.c.fiscal_year == where.fiscal_year,
        table.c.phase == where.phase,
    )


def within(where: Slice) -> tuple[ColumnElement[bool], ...]:
    """Conditions that pick a slice's lines out of ``line`` joined with ``budget``."""
    return picks(LINE, where)


def insert_new(connection: Connection, table: Table, row: Mapping[str, object]) -> None:
    """Insert a row unless another one has its name; somebody's may come at once."""
    kind = postgresql if connection.dialect.name == "postgresql" else sqlite
    connection.execute(kind.insert(table).values(**row).on_conflict_do_nothing())


def new_id(result: CursorResult[*tuple[Any, ...]]) -> int:
    """Primary key of the row that was inserted."""
    key = result.inserted_primary_key
    return int(key[0]) if key else 0


def line_ids(connection: Connection, where: Slice) -> pl.DataFrame:
    """``line_id`` and the key of the row in the table, for a slice."""
    columns = (LINE.c.line_id, LINE.c.id.label("line"))
    query = select(*columns).join(BUDGET).where(*within(where))
    return frame(connection, query, {"line_id": pl.String, "line": pl.Int64})


def split(cells: pl.Expr, mark: str = BREAK) -> pl.Expr:
    """A cell of several ids as a list; an empty cell as an empty list."""
    return cells.str.split(mark).list.eval(pl.element().filter(pl.element() != ""))


def pack_extra(lines: pl.DataFrame) -> pl.DataFrame:
    """What the file had beside the canonical columns, as one JSON text."""
    kept = (*columns.LINE_NAMES, "file", "sheet", "file_row")
    extras = [name for name in lines.columns if name not in kept]
    if not extras:
        return lines.with_columns(extra=pl.lit("{}")).select(*kept, "extra")
    # Names in brackets are taken as they are; pl.struct would read "*" as a pattern.
    packed = lines[extras].to_struct("extra").struct.json_encode()
    return lines.with_columns(extra=packed).select(*kept, "extra")


def unpack_extra(lines: pl.DataFrame) -> pl.DataFrame:
    """The extras as columns of their own again, in the order of their names."""
    # Texts differ in their values, names in a few files: only those are looked at here.
    without_values = lines["extra"].unique().str.replace_all(_ENTRY, '"$1":null')
    texts = without_values.unique().to_list()
    names = sorted({name for text in texts for name in json.loads(text)})
    if not names:
        return lines.drop("extra")
    dtype = pl.Struct(dict.fromkeys(names, pl.String))
    return lines.with_columns(pl.col("extra").str.json_decode(dtype)).unnest("extra")
