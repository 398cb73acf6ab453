"""Links from lines to rights: tags, and what second readers found."""

from __future__ import annotations

import polars as pl
from sqlalchemy import Connection, Table, delete, insert, select, update

from hrbudget.domain import columns
from hrbudget.errors import CallRefused
from hrbudget.store.rows import Slice, frame, line_ids, split, within
from hrbudget.store.tables import BUDGET, LINE

_NAMES = tuple(name for name in columns.TAG_NAMES if name != "line_id")


def load(connection: Connection, where: Slice, table: Table) -> pl.DataFrame:
    """The links of a slice, in the order they were stored."""
    query = (
        select(LINE.c.line_id, *(table.c[name] for name in _NAMES))
        .join_from(table, LINE)
        .join(BUDGET)
        .where(*within(where))
        .order_by(table.c.id)
    )
    rows = connection.execute(query).fetchall()
    schema = {**columns.schema(columns.TAGS), "groups": pl.String()}
    return frame(rows, schema).with_columns(split(pl.col("groups"), ";"))


def save(
    connection: Connection,
    where: Slice,
    table: Table,
    links: pl.DataFrame,
    seen: pl.DataFrame | None,
) -> None:
    """Replace the links of a slice by these.

    Args:
        connection: an open transaction.
        where: the slice.
        table: of tags or of readings.
        links: the columns of ``columns.TAGS``.
        seen: the links that the new ones were made from, where that matters.

    Raises:
        CallRefused: somebody has changed the links since they were ``seen``.
    """
    # A write that changes nothing: nobody else writes from here to the commit.
    same = {"name": BUDGET.c.name}
    connection.execute(update(BUDGET).where(BUDGET.c.name == where.budget).values(same))
    if seen is not None:
        _refuse_if_changed(load(connection, where, table), seen, where)
    inside = select(LINE.c.id).join(BUDGET).where(*within(where))
    connection.execute(delete(table).where(table.c.line.in_(inside)))
    rows = (
        links.join(line_ids(connection, where), on="line_id")
        .drop("line_id")
        .with_columns(pl.col("groups").list.join(";").fill_null(""))
    )
    if not rows.is_empty():
        connection.execute(insert(table), rows.to_dicts())


def _refuse_if_changed(now: pl.DataFrame, seen: pl.DataFrame, where: Slice) -> None:
    if now.equals(seen):
        return
    message = (
        f"Somebody else has changed tags of {where} while this command was at work. "
        "Nothing was stored, so that their work stays: run the command again."
    )
    raise CallRefused(message)
