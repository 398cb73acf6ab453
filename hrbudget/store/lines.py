"""Lines into the database: a batch at a time, one transaction, the driver's own bulk.

Rows go as plain tuples to the driver: a record object for each line would cost more
than the insert itself.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl
from sqlalchemy import Connection, func, insert, select

from hrbudget.errors import CallRefused
from hrbudget.store.rows import new_id, pack_extra
from hrbudget.store.tables import BUDGET, LINE, SOURCE

#: Rows that are handed to the driver at a time.
_ROWS = 20_000


def add(
    connection: Connection,
    budget: str,
    batches: Iterable[pl.DataFrame],
    sha256: str,
    mapping: str,
) -> None:
    """Insert the lines of one file within the caller's transaction.

    Raises:
        CallRefused: there is no line, the budget holds a year and phase of them already
            or is kept in another currency.
    """
    budget_id = source_id = 0
    currency, checked = "", set[tuple[int, str]]()
    for batch in batches:
        if batch.is_empty():
            continue
        if not source_id:
            currency = str(batch["currency"][0])
            budget_id = _budget(connection, budget, currency)
            source_id = _source(connection, batch, (budget_id, sha256, mapping))
        slices = batch.select("fiscal_year", "phase").unique().sort(pl.all())
        for year, phase in slices.iter_rows():
            if (year, phase) not in checked:
                checked.add((year, phase))
                _refuse_overlap(connection, budget, (budget_id, year, phase))
        rows = pack_extra(batch).with_columns(
            budget_id=pl.lit(budget_id), source_id=pl.lit(source_id)
        )
        _insert(connection, rows.drop("file"))
    if not source_id:
        message = f"There is no line to store in {budget}."
        raise CallRefused(message)


def _insert(connection: Connection, rows: pl.DataFrame) -> None:
    dialect = connection.dialect
    quote = dialect.identifier_preparer.quote
    sign = "?" if dialect.paramstyle == "qmark" else "%s"
    names = ", ".join(quote(name) for name in rows.columns)
    signs = ", ".join([sign] * rows.width)
    # The names are those of the table's own columns; all cells are bound.
    statement = f"INSERT INTO {LINE.name} ({names}) VALUES ({signs})"  # noqa: S608
    for part in rows.iter_slices(_ROWS):
        connection.exec_driver_sql(statement, part.rows())


def _source(
    connection: Connection, batch: pl.DataFrame, of: tuple[int, str, str]
) -> int:
    budget_id, sha256, mapping = of
    source = insert(SOURCE).values(
        budget_id=budget_id,
        file=str(batch["file"][0]),
        sha256=sha256,
        mapping=mapping,
    )
    return new_id(connection.execute(source))


def _budget(connection: Connection, name: str, currency: str) -> int:
    """Key of the budget, made where it is new."""
    query = select(BUDGET.c.id, BUDGET.c.currency).where(BUDGET.c.name == name)
    row = connection.execute(query).first()
    if row is None:
        made = insert(BUDGET).values(name=name, currency=currency)
        return new_id(connection.execute(made))
    if row.currency != currency:
        message = (
            f"{name} is kept in {row.currency}, the file is in {currency}; "
            "ingest it under another --budget name."
        )
        raise CallRefused(message)
    return int(row.id)


def _refuse_overlap(
    connection: Connection, name: str, where: tuple[int, int, str]
) -> None:
    """Asked before the first line of a year and phase goes in."""
    budget_id, year, phase = where
    query = select(func.count()).where(
        LINE.c.budget_id == budget_id,
        LINE.c.fiscal_year == year,
        LINE.c.phase == phase,
    )
    count = connection.execute(query).scalar_one()
    if count:
        message = (
            f"{name} already holds {count:,} lines of {year} {phase}. Nothing is "
            "overwritten: ingest the file under another --budget name."
        )
        raise CallRefused(message)
