"""Which years and phases of which budgets there are."""

from __future__ import annotations

from sqlalchemy import Connection, case, func, select

from hrbudget.domain.actor import Actor
from hrbudget.errors import NotFound
from hrbudget.store.rows import Slice, within
from hrbudget.store.tables import BUDGET, ENTITY, LINE, TAG


def all_seen(connection: Connection, actor: Actor) -> list[Slice]:
    """Every year and phase of every budget that somebody may see, in order."""
    key = (BUDGET.c.name, LINE.c.fiscal_year, LINE.c.phase)
    entity = func.coalesce(LINE.c.entity, "")
    tagged = select(TAG.c.line).distinct().subquery()
    query = (
        select(
            *key,
            func.count(LINE.c.id),
            func.count(tagged.c.line),
            case((func.min(entity) == func.max(entity), func.min(entity)), else_=""),
        )
        .join_from(LINE, BUDGET)
        .outerjoin(tagged, tagged.c.line == LINE.c.id)
        .group_by(*key)
        .order_by(*key)
    )
    if actor.sees is not None:
        seen = select(ENTITY.c.id).where(ENTITY.c.name.in_(actor.sees))
        query = query.where(BUDGET.c.entity_id.in_(seen))
    return [Slice(*row) for row in connection.execute(query)]


def owner(connection: Connection, where: Slice, actor: Actor) -> str:
    """Name of the entity or project whose a slice is.

    Raises:
        NotFound: there is no such slice; the text names those that the actor may see.
    """
    query = (
        select(ENTITY.c.name)
        .join_from(BUDGET, ENTITY)
        .join(LINE, LINE.c.budget_id == BUDGET.c.id)
        .where(*within(where))
    )
    found = connection.execute(query.limit(1)).scalar()
    if found is None:
        kind = "budget with its year and phase"
        known = [str(each) for each in all_seen(connection, actor)]
        raise NotFound(kind, str(where), known)
    return str(found)
