"""A row that breaks a rule of the tables around the budgets is refused by that rule."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, Table
from sqlalchemy.exc import IntegrityError

from hrbudget.store import database, tables, triggers
from tests.postgres import workspaces
from tests.store.released import ROWS, fill

BROKEN: list[tuple[Table, dict[str, Any], str]] = [
    (tables.ENTITY, {"kind": "person"}, "kind_known"),
    (tables.DOCUMENT, {"kind": "letter"}, "kind_known"),
    (tables.LOCK, {"kind": "door", "proposal_id": None}, "kind_known"),
    (tables.LOCK, {"kind": "proposal", "proposal_id": None}, "proposal_named"),
    (tables.ACCOUNT, {"name": ""}, "named"),
    (tables.ACCOUNT, {"issuer": "https://x", "subject": None}, "issuer_with_subject"),
    (tables.ROLE, {"role": "king"}, "role_known"),
    (tables.TOKEN, {"kind": "coin"}, "kind_known"),
    (tables.ROLE, {"account_id": 99}, "(?i)foreign key"),
    (tables.TOKEN, {"account_id": 99}, "(?i)foreign key"),
    (tables.EVIDENCE, {"proposal_id": 99}, "(?i)foreign key"),
    (tables.FINDING, {"run": 99}, "(?i)foreign key"),
    (tables.MEMBER, {"entity_id": 99}, "(?i)foreign key"),
    (tables.IN_FORCE, {"document_id": 99}, "(?i)foreign key"),
]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A database with a row in every table."""
    made = database.connect(workspaces.empty_address(tmp_path), tmp_path)
    for revision in sorted(ROWS):
        database.move(made, revision)
        fill(made, revision)
    with database.writing(made) as connection:
        triggers.remove(connection)  # they are asked first, and have tests of their own
    yield made
    made.dispose()


@pytest.mark.parametrize(("table", "changed", "rule"), BROKEN)
def test_a_row_that_breaks_a_rule_is_refused_by_that_rule(
    engine: Engine, table: Table, changed: dict[str, Any], rule: str
) -> None:
    cells = next(cells for name, cells in ROWS["0003"] if name == table.name)
    fresh = {**cells, "id": 1_000} if "id" in cells else cells
    unlike = {"name": "new", "sha256": "f" * 64, "rule": "a.new.one", "role": "planner"}
    row = {**fresh, **{k: v for k, v in unlike.items() if k in fresh}, **changed}
    with pytest.raises(IntegrityError, match=rule), engine.begin() as connection:
        connection.execute(table.insert().values(row))
