"""Proposals in the database: the scenario they answer, the answer, the amounts.

Amounts of lines that the budget has lie in a table of their own; those of lines that
a scenario added lie with the answer, since no table has such lines.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

import polars as pl
from sqlalchemy import Connection, delete, insert, select

from hrbudget.errors import CallRefused, NotFound
from hrbudget.store.rows import BREAK, Slice, frame, line_ids, new_id, split
from hrbudget.store.tables import BUDGET, LINE, PROPOSAL, PROPOSAL_LINE


@dataclass(frozen=True)
class StoredProposal:
    """A proposal as it is kept.

    Attributes:
        name: the scenario's id.
        where: the baseline; of several years planned together, the first.
        scenario: text of the scenario's file.
        result: status and the rest of the answer, as JSON can hold it.
        lines: line_id, start, amount, because (list of ids); of several years, the
            line_id has its year in front: ``2027/<line_id>``.
        fiscal_years: all years, where several are planned together.
    """

    name: str
    where: Slice
    scenario: str
    result: dict[str, Any]
    lines: pl.DataFrame
    fiscal_years: tuple[int, ...] = ()


#: Of the answer's JSON, what this module adds to it.
_YEARS, _NEW_LINES = "fiscal_years", "new_lines"

_SCHEMA = {
    "line_id": pl.String,
    "start": pl.Int64,
    "amount": pl.Int64,
    "because": pl.String,
}


def save(connection: Connection, proposal: StoredProposal) -> bool:
    """Save a proposal; true where it took the place of an earlier one of its name.

    Raises:
        CallRefused: a budget has that name.
    """
    budgets = select(BUDGET.c.id).where(BUDGET.c.name == proposal.name)
    if connection.execute(budgets).first():
        message = f"A budget is called {proposal.name!r}; rename the scenario's file."
        raise CallRefused(message)
    replaced = _drop(connection, proposal.name)
    baseline = select(BUDGET.c.id).where(BUDGET.c.name == proposal.where.budget)
    known = _line_ids(connection, proposal)
    new = proposal.lines.join(known, on="line_id", how="anti", maintain_order="left")
    result = {
        **proposal.result,
        _YEARS: list(proposal.fiscal_years),
        _NEW_LINES: new.to_dicts(),
    }
    row = {
        "name": proposal.name,
        "budget_id": connection.execute(baseline).scalar_one(),
        "fiscal_year": proposal.where.fiscal_year,
        "phase": proposal.where.phase,
        "scenario": proposal.scenario,
        "status": proposal.result["status"],
        "result": json.dumps(result, sort_keys=True, ensure_ascii=False),
    }
    proposal_id = new_id(connection.execute(insert(PROPOSAL).values(row)))
    rows = (
        proposal.lines.join(known, on="line_id")
        .with_columns(
            proposal_id=pl.lit(proposal_id), because=pl.col("because").list.join(BREAK)
        )
        .select("proposal_id", "line", "start", "amount", "because")
    )
    if not rows.is_empty():
        connection.execute(insert(PROPOSAL_LINE), rows.to_dicts())
    return replaced


def _line_ids(connection: Connection, proposal: StoredProposal) -> pl.DataFrame:
    """``line_id`` as the proposal has it and the key of the row, for all its years."""
    if not proposal.fiscal_years:
        return line_ids(connection, proposal.where)
    years = [
        line_ids(connection, replace(proposal.where, fiscal_year=year)).with_columns(
            line_id=pl.format("{}/{}", pl.lit(str(year)), "line_id")
        )
        for year in proposal.fiscal_years
    ]
    return pl.concat(years)


def names(connection: Connection) -> list[str]:
    """Names of all proposals."""
    query = select(PROPOSAL.c.name).order_by(PROPOSAL.c.name)
    return [str(name) for name in connection.execute(query).scalars()]


def load(connection: Connection, name: str) -> StoredProposal:
    """A saved proposal.

    Raises:
        NotFound: there is none of that name.
    """
    query = select(PROPOSAL, BUDGET.c.name.label("budget")).join(BUDGET)
    row = connection.execute(query.where(PROPOSAL.c.name == name)).first()
    if row is None:
        raise NotFound("proposal", name, names(connection))
    amounts = PROPOSAL_LINE.c
    rows = connection.execute(
        select(
            LINE.c.fiscal_year,
            LINE.c.line_id,
            amounts.start,
            amounts.amount,
            amounts.because,
        )
        .join_from(PROPOSAL_LINE, LINE)
        .where(amounts.proposal_id == row.id)
        .order_by(LINE.c.fiscal_year, LINE.c.line_id)
    ).fetchall()
    result = json.loads(row.result)
    # A proposal that was saved by an older version has neither.
    years, new = result.pop(_YEARS, []), result.pop(_NEW_LINES, [])
    lines = frame(rows, {"fiscal_year": pl.Int32, **_SCHEMA}).with_columns(
        split(pl.col("because"))
    )
    if years:
        named = pl.format("{}/{}", "fiscal_year", "line_id")
        lines = lines.with_columns(line_id=named)
    stored = lines.select(*_SCHEMA)
    added = pl.DataFrame(new, schema=stored.schema)
    return StoredProposal(
        name,
        Slice(row.budget, row.fiscal_year, row.phase),
        row.scenario,
        result,
        pl.concat([stored, added]),
        tuple(years),
    )


def _drop(connection: Connection, name: str) -> bool:
    query = select(PROPOSAL.c.id).where(PROPOSAL.c.name == name)
    found = connection.execute(query).scalar()
    if found is None:
        return False
    lines = delete(PROPOSAL_LINE).where(PROPOSAL_LINE.c.proposal_id == found)
    connection.execute(lines)
    connection.execute(delete(PROPOSAL).where(PROPOSAL.c.id == found))
    return True
