"""Whether the database itself is whole: its guards, its keys and its file."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, ForeignKey, Table, func, select
from sqlmodel import SQLModel

from hrbudget.store import triggers
from hrbudget.store.tables import FINDING

#: Damages of a file that are told one by one.
_MOST = 10


def faults(connection: Connection) -> Iterator[str]:
    """What is not as the program keeps it, a sentence each."""
    for name in triggers.missing(connection):
        yield f"The guard {name} of the database is not there or was changed."
    for name in triggers.strange(connection):
        yield f"The trigger {name} in the database is none of ours: take it away."
    for table in SQLModel.metadata.sorted_tables:
        for key in sorted(table.foreign_keys, key=lambda each: each.parent.name):
            yield from _orphans(connection, table, key)
    yield from _findings(connection)
    if connection.dialect.name == "sqlite":
        yield from _file(connection)


def _orphans(connection: Connection, table: Table, key: ForeignKey) -> Iterator[str]:
    """Rows that refer to one that is not there."""
    other = key.column.table.alias()
    query = (
        select(func.count())
        .select_from(table.outerjoin(other, other.c[key.column.name] == key.parent))
        .where(key.parent.is_not(None), other.c[key.column.name].is_(None))
    )
    count = connection.execute(query).scalar_one()
    if count:
        yield (
            f"{count:,} rows of the table {table.name} name a row of "
            f"{key.column.table.name} that is not there."
        )


def _findings(connection: Connection) -> Iterator[str]:
    """Findings of a check are kept in one go, so their keys have no gap."""
    key = FINDING.c.id
    query = (
        select(FINDING.c.run)
        .group_by(FINDING.c.run)
        .having(func.max(key) - func.min(key) + 1 != func.count())
        .order_by(FINDING.c.run)
    )
    for run in connection.execute(query).scalars():
        yield f"finding/{run} is not as the event about it left it: keys have a gap."


def _file(connection: Connection) -> Iterator[str]:
    """What SQLite finds in its file: pages, indexes, types and checks of all rows."""
    found = connection.exec_driver_sql(f"PRAGMA integrity_check({_MOST})").scalars()
    for said in found:
        if said != "ok":
            yield f"The database file is damaged ({said})."
