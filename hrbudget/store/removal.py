"""Taking back what was ingested by mistake; what others rest on stays."""

from __future__ import annotations

import json

from sqlalchemy import Connection, delete, exists, select

from hrbudget.domain.actor import Action
from hrbudget.errors import CallRefused
from hrbudget.store import hold, slices
from hrbudget.store.chain import digests
from hrbudget.store.chain.log import Entry
from hrbudget.store.change import Change
from hrbudget.store.locks import held, refuse_locked
from hrbudget.store.rows import Slice, picks, within
from hrbudget.store.tables import (
    BUDGET,
    FINDING,
    LINE,
    PROPOSAL,
    PROPOSAL_LINE,
    READING,
    SOURCE,
    TAG,
)


def remove(change: Change, where: Slice, reason: str) -> None:
    """Delete the lines of a slice, their tags and readings, and what is left empty.

    Raises:
        NotFound: there is no such slice.
        NotAllowed: the actor is no finance officer of the budget's entity.
        CallRefused: it is locked, or a proposal or findings rest on it.
    """
    connection = change.connection
    hold.budgets(connection, where.budget)
    entity = slices.owner(connection, where, change.actor)
    change.require(Action.INGEST, str(where), entity)
    inside = select(LINE.c.id).join(BUDGET).where(*within(where))
    _refuse(connection, where)
    lines, total = held(connection, where)
    sources = select(LINE.c.source_id).join(BUDGET).where(*within(where)).distinct()
    touched = sorted(connection.execute(sources).scalars())
    for table in (TAG, READING):
        connection.execute(delete(table).where(table.c.line.in_(inside)))
    connection.execute(delete(LINE).where(LINE.c.id.in_(inside)))
    unused = ~exists().where(LINE.c.source_id == SOURCE.c.id)
    connection.execute(delete(SOURCE).where(SOURCE.c.id.in_(touched), unused))
    empty = ~exists().where(LINE.c.budget_id == BUDGET.c.id)
    connection.execute(delete(BUDGET).where(BUDGET.c.name == where.budget, empty))
    old = json.dumps({"lines": lines, "total": str(total)})
    kept = _digests(connection, where, touched)
    entry = Entry("budget.removed", str(where), entity, old, "", reason, kept)
    change.log(entry)


def _digests(
    connection: Connection, where: Slice, sources: list[int]
) -> dict[str, str | None]:
    """What is left of the parts that the slice was in; None: nothing."""
    left: dict[str, str | None] = {
        digests.links_part(where, TAG): None,
        digests.links_part(where, READING): None,
    }
    for number in sources:
        found = digests.source(connection, number)
        left[f"source/{number}"] = found[1] if found else None
    budget = digests.budget(connection, where.budget)
    left[f"budget/{where.budget}"] = budget[1] if budget else None
    return left


def _refuse(connection: Connection, where: Slice) -> None:
    refuse_locked(connection, where)
    lines = (
        select(PROPOSAL.c.name)
        .join(PROPOSAL_LINE, PROPOSAL_LINE.c.proposal_id == PROPOSAL.c.id)
        .join(LINE, LINE.c.id == PROPOSAL_LINE.c.line)
        .join(BUDGET, BUDGET.c.id == LINE.c.budget_id)
        .where(*within(where))
    )
    # One that found no way has no lines.
    bare = select(PROPOSAL.c.name).join(BUDGET).where(*picks(PROPOSAL, where))
    names = sorted({*connection.execute(lines.union(bare)).scalars()})
    if names:
        message = f"The proposal {names[0]} was made on {where}, which therefore stays."
        raise CallRefused(message)
    kept = select(FINDING.c.id).join(BUDGET).where(*picks(FINDING, where))
    if connection.execute(kept.limit(1)).first():
        message = f"Findings of a check on {where} were kept, so it stays."
        raise CallRefused(message)
