"""What is locked stays as it is, whatever SQL somebody writes by hand."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    Boolean,
    Column,
    Engine,
    Integer,
    LargeBinary,
    Table,
    insert,
    select,
    text,
)
from sqlalchemy.exc import DBAPIError

from hrbudget.store.store import Store
from hrbudget.store.tables import (
    BUDGET,
    DOCUMENT,
    ENTITY,
    EVENT,
    EVIDENCE,
    IN_FORCE,
    LINE,
    LOCK,
    PROPOSAL,
    PROPOSAL_LINE,
    READING,
    SOURCE,
    TAG,
)
from hrbudget.store.triggers.guards import SIGN
from tests.postgres.workspaces import ON_POSTGRESQL
from tests.store import held
from tests.store.held import KINDS

# -- by SQL

_LINES = "line.budget_id = (SELECT id FROM budget WHERE name = 'town')"
_OF_LINES = f"line IN (SELECT line.id FROM line WHERE {_LINES})"  # noqa: S608  (a test's own)
_CUT = "(SELECT id FROM proposal WHERE name = 'cut')"

#: Which rows of which tables a lock of a kind holds; some are held by all of them.
ROWS: dict[str, dict[Table, str]] = {
    "budget": {
        LINE: _LINES,
        SOURCE: "id = 1",
        BUDGET: "name = 'town'",
        ENTITY: "name = 'Entity 0'",
        DOCUMENT: "kind = 'mapping'",
        LOCK: "1 = 1",
        EVENT: "id = 2",
    },
    "tags": {TAG: _OF_LINES, READING: _OF_LINES},
    "proposal": {
        PROPOSAL: "name = 'cut'",
        PROPOSAL_LINE: f"proposal_id = {_CUT}",
        EVIDENCE: f"proposal_id = {_CUT}",
        IN_FORCE: f"proposal_id = {_CUT}",
        DOCUMENT: "kind = 'pack'",
    },
}

#: Tables that no further row may come into beside the locked ones.
CLOSED = (LINE, TAG, READING, PROPOSAL_LINE, EVIDENCE, IN_FORCE)


def locked_rows(kind: str) -> list[tuple[Table, str]]:
    kinds = KINDS[: KINDS.index(kind) + 1]
    return [each for name in kinds for each in ROWS[name].items()]


def another(column: Column[Any]) -> str:
    """SQL for a value that a column has not."""
    name = f'"{column.name}"'
    if isinstance(column.type, LargeBinary):
        return "CAST('x' AS bytea)" if ON_POSTGRESQL else "x'00'"
    if isinstance(column.type, Boolean):
        return f"NOT coalesce({name}, false)"
    if isinstance(column.type, Integer):
        return f"coalesce({name}, 0) + 1000"
    # Only as long as its column has room for.
    return (
        "'x'"
        if getattr(column.type, "length", None)
        else f"coalesce({name}, '') || 'x'"
    )


#: Columns that may hold almost anything.
FREE = ("amount", "extra", "file", "name", "content", "result", "share", "because")


def quoted(table: Table) -> str:
    return f'"{table.name}"'


def changes(table: Table, condition: str) -> Iterator[str]:
    """Statements that change or take away rows, column by column."""
    for column in table.columns:
        to = another(column)
        yield f'UPDATE {quoted(table)} SET "{column.name}" = {to} WHERE {condition}'  # noqa: S608  (a test's own)
    yield f"DELETE FROM {quoted(table)} WHERE {condition}"  # noqa: S608  (the same)


def replacements(table: Table, condition: str) -> Iterator[str]:
    """Statements that put a row in the place of a locked one."""
    names = [f'"{column.name}"' for column in table.columns]
    other = [
        another(column) if column.name in FREE else name
        for name, column in zip(names, table.columns, strict=True)
    ]
    place = f"{quoted(table)} ({', '.join(names)})"
    key = ", ".join(f'"{column.name}"' for column in table.primary_key)
    updated = [f"{name} = excluded.{name}" for name in names]
    upsert = f"ON CONFLICT ({key}) DO UPDATE SET {', '.join(updated)}"
    for cells in (names, other):
        chosen = f"SELECT {', '.join(cells)} FROM {quoted(table)} WHERE {condition}"  # noqa: S608  (a test's own)
        yield f"INSERT INTO {place} {chosen} {upsert}"
        if not ON_POSTGRESQL:
            yield f"INSERT OR REPLACE INTO {place} {chosen}"
            yield f"REPLACE INTO {place} {chosen}"


def emptied(table: Table) -> Iterator[str]:
    if ON_POSTGRESQL:
        yield f"TRUNCATE {quoted(table)}"
        yield f"TRUNCATE {quoted(table)} CASCADE"


def test_no_statement_changes_what_is_locked(
    store: Store, engine: Engine, kind: str
) -> None:
    before = held.total(engine), held.parts(engine, kind)
    tried = 0
    for table, condition in locked_rows(kind):
        statements = [*changes(table, condition), *emptied(table)]
        if table is not EVENT:
            statements += replacements(table, condition)
        for statement in statements:
            said = held.refused(engine, statement)
            tried += 1
            # Where rows of others depend on these, the database may say that first.
            assert said.startswith(SIGN) or "TRUNCATE" in statement, (statement, said)
    assert tried > 90
    assert (held.total(engine), held.parts(engine, kind)) == before
    assert store.verify().faults == ()


def test_no_row_comes_to_what_is_locked(
    store: Store, engine: Engine, kind: str
) -> None:
    """Neither a new one nor one that belonged elsewhere."""
    before = held.total(engine), held.parts(engine, kind)
    for table, condition in locked_rows(kind):
        if table not in CLOSED:
            continue
        with engine.connect() as connection:
            query = select(table).where(text(condition)).limit(1)
            locked = dict(connection.execute(query).mappings().one())
            beside = select(table).where(text(f"NOT ({condition})")).limit(1)
            other = connection.execute(beside).mappings().first()
        place = {
            name: locked[name]
            for name in ("budget_id", "fiscal_year", "phase", "line", "proposal_id")
            if name in locked
        }
        fresh = {
            **locked,
            **{name: 900 for name in ("id", "document_id") if name in locked},
        }
        fresh |= {name: "fresh" for name in ("line_id", "name") if name in locked}
        if table is PROPOSAL_LINE:
            fresh["line"] = 3
        if table is IN_FORCE:
            fresh["document_id"] = 1
        with pytest.raises(DBAPIError) as error, engine.begin() as connection:
            connection.execute(insert(table).values(fresh))
        assert str(error.value.orig).startswith(SIGN), table.name
        if other is None:
            continue
        keys = [column == other[column.name] for column in table.primary_key]
        if table is PROPOSAL_LINE:
            del place["line"]
        with pytest.raises(DBAPIError) as error, engine.begin() as connection:
            connection.execute(table.update().where(*keys).values(place))
        assert str(error.value.orig).startswith(SIGN), table.name
    assert (held.total(engine), held.parts(engine, kind)) == before
    assert store.verify().faults == ()


@pytest.mark.sqlite("PostgreSQL has no such statement")
def test_no_other_row_takes_the_key_of_a_locked_one(
    store: Store, engine: Engine, kind: str
) -> None:
    for table, condition in locked_rows(kind):
        if list(table.primary_key) != [table.c.get("id")] or table is EVENT:
            continue
        name = quoted(table)
        held.refused(
            engine,
            f"UPDATE OR REPLACE {name} SET id = (SELECT min(id) FROM {name} "  # noqa: S608  (a test's own)
            f"WHERE {condition}) WHERE NOT ({condition}) OR id = (SELECT max(id) "
            f"FROM {name})",
        )
    assert store.verify().faults == ()


@pytest.mark.sqlite("it opens the file by itself")
def test_a_program_that_does_not_keep_our_settings_is_found_out(
    store: Store, tmp_path: Path
) -> None:
    """SQLite's REPLACE asks no trigger on deleting unless a connection wants it."""
    with sqlite3.connect(tmp_path / "x.sqlite") as foreign:
        columns = [each[1] for each in foreign.execute("PRAGMA table_info(line)")]
        moved = ", ".join(
            "(SELECT id FROM budget WHERE name = 'open')"
            if name == "budget_id"
            else "'stolen'"
            if name == "line_id"
            else name
            for name in columns
        )
        foreign.execute(
            f"REPLACE INTO line SELECT {moved} FROM line WHERE id = 1"  # noqa: S608  (a test's own)
        )
    foreign.close()
    faults = "\n".join(store.verify().faults)
    assert "town (2026 approved) was locked with 3 lines of 250 minor units" in faults
    assert "source/1 is not as the last event about it left it" in faults


@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite has neither of them")
@pytest.mark.parametrize("kind", ["budget"])
def test_a_sessions_own_table_or_role_opens_no_lock(
    store: Store, engine: Engine
) -> None:
    own = "CREATE TEMP TABLE lock (LIKE public.lock); UPDATE line SET amount = 1"
    with pytest.raises(DBAPIError, match=SIGN), engine.begin() as connection:
        connection.exec_driver_sql(own)
    copy = f"COPY line ({', '.join(LINE.c.keys()[1:])}) FROM STDIN"
    with engine.connect() as connection:
        query = select(*LINE.c.values()[1:]).where(text(_LINES)).limit(1)
        row = dict(connection.execute(query).mappings().one()) | {"line_id": "z"}
        driver: Any = connection.connection.driver_connection
        with (
            pytest.raises(driver.Error, match=SIGN),
            driver.cursor().copy(copy) as into,
        ):
            into.write_row(list(row.values()))
    # A superuser can pass by all triggers, and is found out.
    with engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.exec_driver_sql("UPDATE line SET amount = amount + 1 WHERE id = 1")
    assert any(
        "was locked with 3 lines of 250" in each for each in store.verify().faults
    )
