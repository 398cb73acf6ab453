"""Taking back what was ingested by mistake; what others rest on stays."""

from __future__ import annotations

from sqlalchemy import Connection, delete, exists, func, select

from hrbudget.errors import CallRefused
from hrbudget.store.rows import Slice, within
from hrbudget.store.tables import (
    BUDGET,
    LINE,
    PROPOSAL,
    PROPOSAL_LINE,
    READING,
    SOURCE,
    TAG,
)


def remove(connection: Connection, where: Slice) -> None:
    """Delete the lines of a slice, their tags and readings, and what is left empty.

    Raises:
        CallRefused: tags are locked, or a proposal was made on the slice.
    """
    inside = select(LINE.c.id).join(BUDGET).where(*within(where))
    _refuse(connection, where)
    for table in (TAG, READING):
        connection.execute(delete(table).where(table.c.line.in_(inside)))
    connection.execute(delete(LINE).where(LINE.c.id.in_(inside)))
    unused = ~exists().where(LINE.c.source_id == SOURCE.c.id)
    connection.execute(delete(SOURCE).where(unused))
    empty = ~exists().where(LINE.c.budget_id == BUDGET.c.id)
    connection.execute(delete(BUDGET).where(BUDGET.c.name == where.budget, empty))


def _refuse(connection: Connection, where: Slice) -> None:
    locked = (
        select(func.count(TAG.c.id))
        .join_from(TAG, LINE)
        .join(BUDGET)
        .where(*within(where), TAG.c.state == "locked")
    )
    count = connection.execute(locked).scalar_one()
    if count:
        message = f"{where} has {count:,} locked tags; what is locked never changes."
        raise CallRefused(message)
    made = (
        select(PROPOSAL.c.name)
        .join(PROPOSAL_LINE, PROPOSAL_LINE.c.proposal_id == PROPOSAL.c.id)
        .join(LINE, LINE.c.id == PROPOSAL_LINE.c.line)
        .join(BUDGET, BUDGET.c.id == LINE.c.budget_id)
        .where(*within(where))
        .distinct()
        .order_by(PROPOSAL.c.name)
    )
    names = connection.execute(made).scalars().all()
    if names:
        message = f"The proposal {names[0]} was made on {where}, which therefore stays."
        raise CallRefused(message)
