"""Locks: what a council decided on never changes again, by any route.

The database's own guards hold what is locked (``triggers.guards``); this module sets
locks and says what they hold.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, Connection, func, insert, select

from hrbudget.domain.actor import Action
from hrbudget.errors import CallRefused
from hrbudget.store import hold, proposals, slices
from hrbudget.store.chain import digests
from hrbudget.store.chain.log import Entry
from hrbudget.store.change import Change
from hrbudget.store.rows import Slice, picks, within
from hrbudget.store.tables import BUDGET, LINE, LOCK, PROPOSAL, TAG
from hrbudget.store.users import entities

#: Amounts are added up in two parts, so that no sum passes 64 bits.
_PART = 10**9


@dataclass(frozen=True)
class Held:
    """What a lock holds.

    Attributes:
        where: the slice.
        lines: how many lines it has.
        total: what they come to, in minor units.
        currency: of the amounts.
    """

    where: Slice
    lines: int
    total: int
    currency: str


def lock_slice(change: Change, where: Slice, kind: str, reason: str) -> list[Held]:
    """Lock the lines of a slice (``budget``), or its lines and tags (``tags``).

    Raises:
        NotFound: there is no such slice.
        NotAllowed: the actor is no approver.
        CallRefused: it is locked already, or has tags that nobody has approved.
    """
    connection = change.connection
    hold.budgets(connection, where.budget)
    entity = slices.owner(connection, where, change.actor)
    change.require(Action.LOCK, str(where), entity)
    if kind == "tags":
        _refuse_unapproved(connection, where)
    if kind in of_slice(connection, where):
        message = f"{where} is locked already ({kind})."
        raise CallRefused(message)
    locked = [_lock(connection, where, kind, None)]
    _log(change, f"{kind}.locked", (str(where), entity, reason), locked)
    return locked


def lock_proposal(change: Change, name: str, reason: str) -> list[Held]:
    """Lock a proposal, with the lines and tags it was made on.

    Raises:
        NotFound: there is none of that name.
        NotAllowed: the actor is no approver.
        CallRefused: it is locked already.
    """
    connection = change.connection
    budget = _baseline(connection, name)
    hold.budgets(connection, budget, name)
    if _baseline(connection, name) != budget:  # somebody was faster
        message = f"{name} was made on another budget just now: look at it again."
        raise CallRefused(message)
    stored = proposals.load(connection, name, change.actor)
    entity = entities.of_budget(connection, budget)
    change.require(Action.LOCK, name, entity)
    years = stored.fiscal_years or (stored.where.fiscal_year,)
    query = select(PROPOSAL.c.id).where(PROPOSAL.c.name == name)
    number = int(connection.execute(query).scalar_one())
    there = select(LOCK.c.id).where(LOCK.c.proposal_id == number)
    if connection.execute(there).first():
        message = f"The proposal {name} is locked already."
        raise CallRefused(message)
    each_year = [replace(stored.where, fiscal_year=year) for year in years]
    locked = [_lock(connection, each, "proposal", number) for each in each_year]
    _log(change, "proposal.locked", (name, entity, reason), locked)
    return locked


def _baseline(connection: Connection, name: str) -> str:
    """Name of the budget that a proposal was made on; empty: no such proposal."""
    query = select(BUDGET.c.name).join_from(PROPOSAL, BUDGET)
    found = connection.execute(query.where(PROPOSAL.c.name == name)).scalar()
    return str(found or "")


def refuse_locked(
    connection: Connection, where: Slice, *only: ColumnElement[bool]
) -> None:
    """Go on if no lock holds the lines of a slice, and no locked tag of theirs.

    Args:
        connection: an open transaction.
        where: the slice.
        only: which of its lines matter; all, unless said.

    Raises:
        CallRefused: what is locked never changes.
    """
    kinds = of_slice(connection, where)
    if kinds:
        message = (
            f"{where} is locked ({', '.join(kinds)}), and what is locked never changes,"
            " nor does its structure: ingest what is new as another phase."
        )
        raise CallRefused(message)
    locked = (
        select(func.count(TAG.c.id))
        .join_from(TAG, LINE)
        .join(BUDGET)
        .where(*within(where), *only, TAG.c.state == "locked")
    )
    count = connection.execute(locked).scalar_one()
    if count:
        message = f"{where} has {count:,} locked tags; what is locked never changes."
        raise CallRefused(message)


def of_slice(connection: Connection, where: Slice) -> list[str]:
    """Kinds of the locks on a slice."""
    query = (
        select(LOCK.c.kind)
        .join(BUDGET)
        .where(*picks(LOCK, where))
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
    connection: Connection, where: Slice, kind: str, proposal: int | None
) -> Held:
    query = select(BUDGET.c.id, BUDGET.c.currency).where(BUDGET.c.name == where.budget)
    budget = connection.execute(query).one()
    lines, total = held(connection, where)
    row = {
        "kind": kind,
        "budget_id": budget.id,
        "fiscal_year": where.fiscal_year,
        "phase": where.phase,
        "proposal_id": proposal,
        "lines": lines,
        "total": str(total),
    }
    connection.execute(insert(LOCK), row)
    return Held(where, lines, total, budget.currency)


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
            "first (`hrbudget review advance … --to approved`), then lock."
        )
        raise CallRefused(message)


def _log(
    change: Change, kind: str, of: tuple[str, str, str], locked: Sequence[Held]
) -> None:
    subject, entity, reason = of
    each = [
        {"slice": str(one.where), "lines": one.lines, "total": str(one.total)}
        for one in locked
    ]
    of_kind = {"kind": kind.removesuffix(".locked"), "held": each}
    said = json.dumps(of_kind, ensure_ascii=False)
    # They are everybody's: from here on nobody else's can come before ours.
    hold.log(change.connection)
    part, digest = digests.locks(change.connection)
    change.log(Entry(kind, subject, entity, "", said, reason, {part: digest}))
