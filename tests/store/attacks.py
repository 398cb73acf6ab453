"""Somebody who has the database and knows how to pass its guards by."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Engine,
    Integer,
    Table,
    delete,
    insert,
    select,
    text,
    update,
)

from hrbudget.domain.event import NOTHING, Event
from hrbudget.store import triggers
from hrbudget.store.chain import log
from hrbudget.store.chain.verifying import Verified, verify
from hrbudget.store.tables import EVENT

Row = dict[str, Any]


@contextmanager
def attacking(engine: Engine) -> Iterator[Connection]:
    """A transaction in which nothing is refused; its guards are there at its end.

    Nothing of it is stored.
    """
    connection = engine.execution_options(write=True).connect()
    on_file = connection.dialect.name == "sqlite"
    driver: Any = connection.connection.dbapi_connection
    if on_file:
        driver.execute("PRAGMA foreign_keys = OFF").close()
        driver.execute("PRAGMA ignore_check_constraints = ON").close()
    with connection.begin() as open_one:
        if on_file:
            triggers.remove(connection)
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            _drop_checks(connection)
        yield connection
        open_one.rollback()
    connection.invalidate()  # whoever comes next gets none of these settings
    connection.close()


def _drop_checks(connection: Connection) -> None:
    found = text(
        "SELECT conrelid::regclass::text, conname FROM pg_constraint "
        "WHERE contype = 'c' AND connamespace = current_schema()::regnamespace"
    )
    for table, name in connection.execute(found).all():
        connection.exec_driver_sql(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')


def found(connection: Connection, printed: str = "") -> Verified:
    """What is found once the guards are back, as nobody leaves them away."""
    put_guards_back(connection)
    seen = verify(connection, printed)
    if connection.dialect.name == "sqlite":
        triggers.remove(connection)
    return seen


def put_guards_back(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        triggers.install(connection)


def rows(connection: Connection, table: Table) -> list[Row]:
    query = select(table).order_by(*table.primary_key)
    return [dict(row) for row in connection.execute(query).mappings()]


def edit(connection: Connection, table: Table, row: Row, change: Row) -> None:
    """Change a row."""
    where = [key == row[key.name] for key in table.primary_key]
    done = connection.execute(update(table).where(*where).values(change))
    assert done.rowcount == 1


def drop(connection: Connection, table: Table, row: Row) -> None:
    """Delete a row."""
    where = [key == row[key.name] for key in table.primary_key]
    assert connection.execute(delete(table).where(*where)).rowcount == 1


def other(cell: object, column: Column[Any]) -> object:
    """A cell that is another, and of the same type."""
    if isinstance(column.type, Boolean):
        return not cell
    if isinstance(column.type, Integer | BigInteger):
        return 1_000_003 + (cell if isinstance(cell, int) else 0)
    if isinstance(cell, bytes):
        return cell[:-1] + bytes([cell[-1] ^ 1])
    text = str(cell or "")
    return text[:-1] + ("Z" if text.endswith("Q") else "Q")


def events(connection: Connection) -> list[Event]:
    return list(log.events(connection))


def put(connection: Connection, chain: list[Event]) -> None:
    """Have these events and no others."""
    connection.execute(delete(EVENT))
    connection.execute(insert(EVENT), [asdict(each) for each in chain])


def rewritten(
    chain: list[Event], start: int, change: Callable[[Event], Event]
) -> list[Event]:
    """The chain with an event changed, and all hashes right from there on."""
    made = chain[:start]
    for event in (change(chain[start]), *chain[start + 1 :]):
        previous = made[-1].hash if made else NOTHING
        bare = replace(event, id=len(made) + 1, previous=previous)
        made.append(replace(bare, hash=bare.computed_hash()))
    return made
