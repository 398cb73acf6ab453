"""A slice as the database keeps it: what its digests in the log are computed from."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from sqlalchemy import Connection, Table, func, select

from hrbudget.errors import NotFound
from hrbudget.store.chain import digests
from hrbudget.store.reading import frame
from hrbudget.store.rows import Slice, within
from hrbudget.store.tables import BUDGET, DOCUMENT, LINE, READING, SOURCE, TAG
from hrbudget.store.users import entities

#: Columns of lines as they are kept, with their key.
LINES = {"id": pl.Int64(), **digests.LINE_COLUMNS}

#: Columns of tags and readings as they are kept.
LINKS = {"id": pl.Int64(), **digests.LINK_COLUMNS}


@dataclass(frozen=True)
class Source:
    """A file that was ingested.

    Attributes:
        number: by which the log calls it.
        file: its name.
        sha256: of its bytes.
        lines: how many lines of it there are, in any year and phase.
        mapping: how it was read, as text; empty: as it stands.
        mapping_name: what the mapping is called.
    """

    number: int
    file: str
    sha256: str
    lines: int
    mapping: str = ""
    mapping_name: str = ""


@dataclass(frozen=True)
class Kept:
    """A year and phase of a budget, in the order in which it was stored.

    Attributes:
        where: which one.
        owner: name of the entity or project whose the budget is.
        source: the file that its lines come from.
        lines: ``LINES``; what else the file had is ``extra``, as JSON.
        tags: ``LINKS``; ``set_by`` is who stored them.
        readings: likewise.
    """

    where: Slice
    owner: str
    source: Source
    lines: pl.DataFrame
    tags: pl.DataFrame
    readings: pl.DataFrame


def load(connection: Connection, where: Slice) -> Kept:
    """A slice as it is kept.

    Raises:
        NotFound: there is none of that budget, year and phase.
    """
    lines = (
        select(*(LINE.c[name] for name in LINES))
        .join_from(LINE, BUDGET)
        .where(*within(where))
        .order_by(LINE.c.id)
    )
    return Kept(
        where,
        entities.of_budget(connection, where.budget),
        _source(connection, where),
        frame(connection, lines, LINES),
        _links(connection, where, TAG),
        _links(connection, where, READING),
    )


def _source(connection: Connection, where: Slice) -> Source:
    """The file of a slice; a year and phase of a budget always comes from one."""
    query = (
        select(SOURCE.c.id, SOURCE.c.file, SOURCE.c.sha256)
        .add_columns(DOCUMENT.c.content, DOCUMENT.c.name)
        .join_from(LINE, BUDGET)
        .join(SOURCE, SOURCE.c.id == LINE.c.source_id)
        .outerjoin(DOCUMENT, DOCUMENT.c.id == SOURCE.c.mapping_id)
        .where(*within(where))
    )
    row = connection.execute(query.limit(1)).first()
    if row is None:
        kind = "budget with its year and phase"
        raise NotFound(kind, str(where), [])
    number, file, sha256, mapping, name = row
    count = select(func.count()).where(LINE.c.source_id == number)
    lines = connection.execute(count).scalar_one()
    return Source(number, file, sha256, lines, mapping or "", name or "")


def _links(connection: Connection, where: Slice, table: Table) -> pl.DataFrame:
    names = [name for name in LINKS if name not in ("id", "line_id")]
    query = (
        select(table.c.id, LINE.c.line_id, *(table.c[name] for name in names))
        .join_from(table, LINE)
        .join(BUDGET)
        .where(*within(where))
        .order_by(table.c.id)
    )
    return frame(connection, query, LINKS)
