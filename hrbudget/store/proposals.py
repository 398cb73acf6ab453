"""Proposals in the database: the scenario they answer, the answer, the amounts.

Amounts of lines that the budget has lie in a table of their own; those of lines that
a scenario added lie with the answer, since no table has such lines.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl
from sqlalchemy import Connection, delete, insert, select

from hrbudget.domain.actor import Action, Actor
from hrbudget.errors import CallRefused, NotFound
from hrbudget.store import (
    bulk,
    documents,
    hold,
    slices,
)
from hrbudget.store.chain import digests
from hrbudget.store.chain.log import Entry
from hrbudget.store.change import Change
from hrbudget.store.documents import Document
from hrbudget.store.reading import frame
from hrbudget.store.rows import BREAK, Slice, line_ids, new_id, split
from hrbudget.store.tables import (
    BUDGET,
    ENTITY,
    EVIDENCE,
    IN_FORCE,
    LINE,
    PROPOSAL,
    PROPOSAL_LINE,
)


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
        evidence: what proves it, by name, such as its certificate.
        under: the texts that it was made under: plan, packs, decisions …
    """

    name: str
    where: Slice
    scenario: str
    result: dict[str, Any]
    lines: pl.DataFrame
    fiscal_years: tuple[int, ...] = ()
    evidence: Mapping[str, bytes] = field(default_factory=dict)
    under: Sequence[Document] = ()


#: Of the answer's JSON, what this module adds to it.
_YEARS, _NEW_LINES = "fiscal_years", "new_lines"

_SCHEMA = {
    "line_id": pl.String,
    "start": pl.Int64,
    "amount": pl.Int64,
    "because": pl.String,
}


def save(change: Change, proposal: StoredProposal) -> bool:
    """Save a proposal; true where it took the place of an earlier one of its name.

    Raises:
        NotFound: there is no such baseline.
        NotAllowed: the actor is no planner of the budget's entity.
        CallRefused: a budget has that name, or the earlier one is locked.
    """
    connection = change.connection
    hold.budgets(connection, proposal.name, proposal.where.budget)
    entity = slices.owner(connection, proposal.where, change.actor)
    change.require(Action.PLAN, proposal.name, entity)
    _refuse_name(connection, proposal.name, entity)
    before = digests.proposal(connection, proposal.name)
    replaced = _drop(connection, proposal.name)
    proposal_id = _insert(connection, proposal)
    # Late, since from here on others wait to tell the log anything.
    under = documents.record(change, proposal.under, entity) if proposal.under else []
    _say_in_force(connection, proposal_id, under)
    found = digests.proposal(connection, proposal.name)
    old = json.dumps({"sha256": before[1]}) if before else ""
    said = {"sha256": found[1] if found else "", "status": proposal.result["status"]}
    change.log(
        Entry(
            "proposal.saved",
            proposal.name,
            entity,
            old,
            json.dumps(said),
            digests=dict([found]) if found else {},
        )
    )
    return replaced


def _refuse_name(connection: Connection, name: str, entity: str) -> None:
    """A name that is taken by a budget, or by another entity's proposal."""
    budgets = select(BUDGET.c.id).where(BUDGET.c.name == name)
    if connection.execute(budgets).first():
        message = f"A budget is called {name!r}; rename the scenario's file."
        raise CallRefused(message)
    others = (
        select(PROPOSAL.c.id)
        .join_from(PROPOSAL, BUDGET)
        .join(ENTITY)
        .where(PROPOSAL.c.name == name, ENTITY.c.name != entity)
    )
    if connection.execute(others).first():
        message = f"The name {name!r} is taken; rename the scenario's file."
        raise CallRefused(message)


def _insert(connection: Connection, proposal: StoredProposal) -> int:
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
    bulk.insert(connection, PROPOSAL_LINE, rows)
    for name, content in sorted(proposal.evidence.items()):
        packed = zlib.compress(content)
        sha256 = hashlib.sha256(content).hexdigest()
        kept = {"proposal_id": proposal_id, "name": name, "sha256": sha256}
        connection.execute(insert(EVIDENCE).values(**kept, content=packed))
    return proposal_id


def _say_in_force(
    connection: Connection, proposal_id: int, under: Sequence[int]
) -> None:
    for document in sorted(set(under)):
        row = {"proposal_id": proposal_id, "document_id": document}
        connection.execute(insert(IN_FORCE).values(row))


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


def names(connection: Connection, actor: Actor | None = None) -> list[str]:
    """Names of all proposals; those that somebody may see, where anybody is named."""
    query = select(PROPOSAL.c.name).order_by(PROPOSAL.c.name)
    if actor is not None and actor.sees is not None:
        query = (
            query.join_from(PROPOSAL, BUDGET)
            .join(ENTITY)
            .where(ENTITY.c.name.in_(actor.sees))
        )
    return [str(name) for name in connection.execute(query).scalars()]


def entity_of(connection: Connection, name: str) -> str:
    """Whose the proposal is; empty: there is none of that name."""
    query = (select(ENTITY.c.name).join_from(PROPOSAL, BUDGET).join(ENTITY)).where(
        PROPOSAL.c.name == name
    )
    return str(connection.execute(query).scalar() or "")


def load(
    connection: Connection, name: str, actor: Actor | None = None
) -> StoredProposal:
    """A saved proposal.

    Raises:
        NotFound: there is none of that name; the text names those that the actor, where
            one is named, may see.
    """
    query = select(PROPOSAL, BUDGET.c.name.label("budget")).join_from(PROPOSAL, BUDGET)
    row = connection.execute(query.where(PROPOSAL.c.name == name)).first()
    if row is None:
        raise NotFound("proposal", name, names(connection, actor))
    amounts = PROPOSAL_LINE.c
    amounts_query = (
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
    )
    result = json.loads(row.result)
    # A proposal that was saved by an older version has neither.
    years, new = result.pop(_YEARS, []), result.pop(_NEW_LINES, [])
    schema = {"fiscal_year": pl.Int32, **_SCHEMA}
    lines = frame(connection, amounts_query, schema).with_columns(
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
    for table in (PROPOSAL_LINE, EVIDENCE, IN_FORCE):
        connection.execute(delete(table).where(table.c.proposal_id == found))
    connection.execute(delete(PROPOSAL).where(PROPOSAL.c.id == found))
    return True


def evidence(connection: Connection, name: str) -> dict[str, bytes]:
    """What proves a proposal, by name; as it was when it was saved."""
    query = (
        select(EVIDENCE.c.name, EVIDENCE.c.content)
        .join_from(EVIDENCE, PROPOSAL)
        .where(PROPOSAL.c.name == name)
        .order_by(EVIDENCE.c.name)
    )
    return {row.name: zlib.decompress(row.content) for row in connection.execute(query)}
