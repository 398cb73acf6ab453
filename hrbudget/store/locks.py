"""Locks: what a council decided on never changes again, by any route.

The database's own guards hold what is locked (``triggers.guards``); this module sets
locks and says what they hold.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, func, insert, select

from hrbudget.domain.actor import Action
from hrbudget.errors import CallRefused
from hrbudget.store import digests, entities, hold
from hrbudget.store.change import Change
from hrbudget.store.log import Entry
from hrbudget.store.proposals import StoredProposal
from hrbudget.store.rows import Slice, within
from hrbudget.store.tables import BUDGET, LINE, LOCK, PROPOSAL, TAG

#: Amounts are added up in two parts, so that no sum passes 64 bits.
_PART = 10**9


def lock_slice(change: Change, where: Slice, kind: str, reason: str) -> None:
    """Lock the lines of a slice (``budget``), or its lines and tags (``tags``).

    Raises:
        NotAllowed: the actor is no approver.
        CallRefused: it is locked already, or has tags that nobody has approved.
    """
    connection = change.connection
    hold.budgets(connection, where.budget)
    entity = entities.of_budget(connection, where.budget)
    change.require(Action.LOCK, str(where), entity)
    if kind == "tags":
        _refuse_unapproved(connection, where)
    _lock(change, [where], kind, None)
    said = _said(connection, [where], kind)
    change.log(_entry(connection, f"{kind}.locked", str(where), entity, said, reason))


def lock_proposal(change: Change, proposal: StoredProposal, reason: str) -> None:
    """Lock a proposal, with the lines and tags it was made on.

    Raises:
        NotAllowed: the actor is no approver.
        CallRefused: it is locked already.
    """
    connection, where = change.connection, proposal.where
    hold.budgets(connection, where.budget, proposal.name)
    entity = entities.of_budget(connection, where.budget)
    change.require(Action.LOCK, proposal.name, entity)
    years = proposal.fiscal_years or (where.fiscal_year,)
    slices = [replace(where, fiscal_year=year) for year in years]
    query = select(PROPOSAL.c.id).where(PROPOSAL.c.name == proposal.name)
    _lock(change, slices, "proposal", connection.execute(query).scalar_one())
    said = _said(connection, slices, "proposal")
    change.log(
        _entry(connection, "proposal.locked", proposal.name, entity, said, reason)
    )


def of_slice(connection: Connection, where: Slice) -> list[str]:
    """Kinds of the locks on a slice."""
    query = (
        select(LOCK.c.kind)
        .join(BUDGET)
        .where(
            BUDGET.c.name == where.budget,
            LOCK.c.fiscal_year == where.fiscal_year,
            LOCK.c.phase == where.phase,
        )
        .distinct()
        .order_by(LOCK.c.kind)
    )
    return list(connection.execute(query).scalars())


def held(connection: Connection, where: Slice) -> tuple[int, int]:
    """How many lines a slice has, and what they come to in minor units."""
    high, low = LINE.c.amount.op("/")(_PART), LINE.c.amount.op("%")(_PART)
    query = (
        select(func.count(), func.sum(high), func.sum(low))
        .join_from(LINE, BUDGET)
        .where(*within(where))
    )
    lines, highs, lows = connection.execute(query).one()
    return int(lines), int(highs or 0) * _PART + int(lows or 0)


def _lock(
    change: Change, slices: Sequence[Slice], kind: str, proposal: int | None
) -> None:
    for where in slices:
        connection = change.connection
        if kind != "proposal" and kind in of_slice(connection, where):
            message = f"{where} is locked already ({kind})."
            raise CallRefused(message)
        budgets = select(BUDGET.c.id).where(BUDGET.c.name == where.budget)
        lines, total = held(connection, where)
        row = {
            "kind": kind,
            "budget_id": connection.execute(budgets).scalar_one(),
            "fiscal_year": where.fiscal_year,
            "phase": where.phase,
            "proposal_id": proposal,
            "lines": lines,
            "total": str(total),
        }
        connection.execute(insert(LOCK), row)


def _refuse_unapproved(connection: Connection, where: Slice) -> None:
    query = (
        select(func.count())
        .join_from(TAG, LINE)
        .join(BUDGET)
        .where(*within(where), TAG.c.state.in_(("proposed", "read")))
    )
    open_tags = connection.execute(query).scalar_one()
    if open_tags:
        message = (
            f"{where} has {open_tags:,} tags that nobody has approved; approve them "
            "first (`hrbudget review state … approved`), then lock."
        )
        raise CallRefused(message)


def _said(connection: Connection, slices: Sequence[Slice], kind: str) -> str:
    each = [
        {"slice": str(where), "lines": lines, "total": str(total)}
        for where in slices
        for lines, total in [held(connection, where)]
    ]
    return json.dumps({"kind": kind, "held": each}, ensure_ascii=False)


def _entry(
    connection: Connection, kind: str, subject: str, entity: str, new: str, reason: str
) -> Entry:
    part, digest = digests.locks(connection)
    return Entry(kind, subject, entity, "", new, reason, {part: digest})
