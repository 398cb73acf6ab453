"""The database itself refuses each row that breaks a rule."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Table, insert
from sqlalchemy.exc import IntegrityError

from hrbudget.store import database
from hrbudget.store.tables import (
    BUDGET,
    ENTITY,
    LINE,
    PROPOSAL,
    PROPOSAL_LINE,
    SOURCE,
    TAG,
)
from tests.postgres import workspaces

ROWS: dict[str, tuple[Table, dict[str, Any]]] = {
    "entity": (ENTITY, {"id": 1, "name": "Exempelby", "kind": "entity"}),
    "budget": (
        BUDGET,
        {"id": 1, "name": "b", "currency": "SEK", "entity_id": 1},
    ),
    "source": (
        SOURCE,
        {"id": 1, "budget_id": 1, "file": "f", "sha256": "0"},
    ),
    "line": (
        LINE,
        {
            "id": 1,
            "budget_id": 1,
            "source_id": 1,
            "line_id": "a",
            "fiscal_year": 2026,
            "phase": "approved",
            "direction": "expenditure",
            "amount": 100,
            "currency": "SEK",
            "file_row": 2,
            "extra": "{}",
        },
    ),
    "tag": (
        TAG,
        {
            "id": 1,
            "line": 1,
            "groups": "",
            "share": 500_000,
            "effect": "supports",
            "basis": "manual",
            "state": "proposed",
        },
    ),
    "proposal": (
        PROPOSAL,
        {
            "id": 1,
            "name": "p",
            "budget_id": 1,
            "fiscal_year": 2026,
            "phase": "approved",
            "scenario": "",
            "status": "optimal",
            "result": "{}",
        },
    ),
    "proposal_line": (
        PROPOSAL_LINE,
        {"proposal_id": 1, "line": 1, "start": 1, "amount": 2, "because": ""},
    ),
}
MOST = 10**15

#: What SQLite and PostgreSQL say of a cell that is empty and must not be.
NULL = r"NOT NULL constraint failed: {0}\.{1}|column \"{1}\" of relation \"{0}\""


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    """A database with one good row in each table."""
    engine = database.connect(workspaces.address(tmp_path), tmp_path)
    database.prepare(engine)
    with engine.connect() as opened:
        for table, row in ROWS.values():
            opened.execute(insert(table).values(row))
        yield opened
    engine.dispose()


def put(connection: Connection, into: str, **changed: Any) -> None:  # noqa: ANN401
    """A second row that differs only so far."""
    table, row = ROWS[into]
    fresh = {"id": 2} if "id" in row else {}
    connection.execute(insert(table).values({**row, **fresh, **changed}))


@pytest.mark.parametrize(
    ("table", "changed", "rule"),
    [
        ("line", {"phase": "final"}, "phase_known"),
        ("line", {"direction": "out"}, "direction_known"),
        ("line", {"amount": MOST}, "amount_in_range"),
        ("line", {"amount": -MOST}, "amount_in_range"),
        ("line", {"amount_min": 2, "amount_max": 1}, "bounds_ordered"),
        ("line", {"amount": None}, NULL.format("line", "amount")),
        ("line", {"line_id": None}, NULL.format("line", "line_id")),
        ("line", {"budget_id": 9}, "(?i)foreign key"),
        ("line", {"line_id": "b", "source_id": 9}, "(?i)foreign key"),
        ("line", {"amount": 5}, "(?i)unique"),
        ("tag", {"share": -1}, "share_range"),
        ("tag", {"share": 1_000_001}, "share_range"),
        ("tag", {"share_low": 500_001}, "low_ordered"),
        ("tag", {"share_low": -1}, "low_ordered"),
        ("tag", {"share_high": 499_999}, "high_ordered"),
        ("tag", {"share_high": 1_000_001}, "high_ordered"),
        ("tag", {"effect": "helps"}, "effect_known"),
        ("tag", {"basis": "guess"}, "basis_known"),
        ("tag", {"state": "done"}, "state_known"),
        ("tag", {"line": 9}, "(?i)foreign key"),
        ("tag", {"share": None}, NULL.format("tag", "share")),
        ("budget", {}, "(?i)unique"),
        ("source", {"budget_id": 9}, "(?i)foreign key"),
        ("proposal", {}, "(?i)unique"),
        ("proposal", {"name": "q", "status": "maybe"}, "status_known"),
        ("proposal", {"name": "q", "budget_id": 9}, "(?i)foreign key"),
        ("proposal_line", {}, "(?i)unique"),
        ("proposal_line", {"line": 9}, "(?i)foreign key"),
        ("proposal_line", {"proposal_id": 9}, "(?i)foreign key"),
        ("proposal_line", {"proposal_id": 2, "start": MOST}, "start_in_range"),
        ("proposal_line", {"proposal_id": 2, "amount": -MOST}, "amount_in_range"),
    ],
)
def test_a_row_that_breaks_a_rule_is_refused_by_that_rule(
    connection: Connection, table: str, changed: dict[str, Any], rule: str
) -> None:
    put(connection, "proposal", name="second")
    changed = {"id": 3, **changed} if table == "proposal" else changed
    with pytest.raises(IntegrityError, match=rule):
        put(connection, table, **changed)


@pytest.mark.parametrize(
    ("table", "changed"),
    [
        ("line", {"line_id": "b"}),
        ("line", {"fiscal_year": 2025}),
        ("line", {"phase": "executed"}),
        ("line", {"line_id": "b", "amount": MOST - 1}),
        ("line", {"line_id": "b", "amount": 1 - MOST}),
        ("line", {"line_id": "b", "amount_min": 1, "amount_max": 1}),
        ("tag", {}),
        ("tag", {"share": 1_000_000, "share_high": 1_000_000}),
        ("tag", {"share": 0, "share_low": 0}),
        ("proposal", {"name": "q", "status": "infeasible"}),
    ],
)
def test_a_row_that_breaks_no_rule_is_taken(
    connection: Connection, table: str, changed: dict[str, Any]
) -> None:
    put(connection, table, **changed)


def test_a_line_that_is_tagged_cannot_be_deleted(connection: Connection) -> None:
    with pytest.raises(IntegrityError, match=r"(?i)foreign key"):
        connection.execute(LINE.delete())
