"""Entities and shared projects: whose budgets are whose, and who sees which.

An entity sees its own budgets and those of projects it takes part in, and no others.
"""

from __future__ import annotations

import json

from sqlalchemy import Connection, insert, select, update

from hrbudget.domain.actor import Action
from hrbudget.errors import CallRefused, NotFound
from hrbudget.store import hold
from hrbudget.store.chain import digests
from hrbudget.store.chain.log import Entry
from hrbudget.store.change import Change
from hrbudget.store.rows import insert_new, new_id
from hrbudget.store.tables import BUDGET, ENTITY, MEMBER


def of_budget(connection: Connection, name: str) -> str:
    """Name of the entity or project that a budget belongs to; empty: no such budget."""
    query = select(ENTITY.c.name).join(BUDGET).where(BUDGET.c.name == name)
    return str(connection.execute(query).scalar() or "")


def names(connection: Connection) -> list[str]:
    """Names of all entities and projects."""
    query = select(ENTITY.c.name).order_by(ENTITY.c.name)
    return [str(name) for name in connection.execute(query).scalars()]


def known_id(connection: Connection, name: str) -> int:
    """Key of an entity or project.

    Raises:
        NotFound: there is none of that name.
    """
    query = select(ENTITY.c.id).where(ENTITY.c.name == name)
    found = connection.execute(query).scalar()
    if found is None:
        kind = "entity or project"
        raise NotFound(kind, name, names(connection))
    return int(found)


def id_of(connection: Connection, name: str) -> int:
    """Key of an entity, made where it is new (the workspace's own, at first)."""
    query = select(ENTITY.c.id).where(ENTITY.c.name == name)
    found = connection.execute(query).scalar()
    if found is not None:
        return int(found)
    insert_new(connection, ENTITY, {"name": name, "kind": "entity"})
    return int(connection.execute(query).scalar_one())


def name_first(connection: Connection, name: str) -> None:
    """Name the entity that an older version's budgets belong to."""
    nameless = update(ENTITY).where(ENTITY.c.name == "").values(name=name)
    connection.execute(nameless)


def seen_from(connection: Connection, entity: str) -> set[str]:
    """Names of the entity itself and of the projects it takes part in."""
    me = select(ENTITY.c.id).where(ENTITY.c.name == entity).scalar_subquery()
    query = (
        select(ENTITY.c.name)
        .join(MEMBER, MEMBER.c.project_id == ENTITY.c.id)
        .where(MEMBER.c.entity_id == me)
    )
    return {entity, *map(str, connection.execute(query).scalars())}


def add(change: Change, name: str, members: tuple[str, ...], *, project: bool) -> None:
    """Add an entity, or a project that several entities take part in.

    Raises:
        NotAllowed: the actor is no administrator.
        CallRefused: there is one of that name, or none is given.
        NotFound: a member is not there.
    """
    connection = change.connection
    change.require(Action.ADMINISTER, name, None)
    if not name.strip() or name in names(connection):
        message = f"An entity or project is called {name!r} already, or it is no name."
        raise CallRefused(message)
    kind = "project" if project else "entity"
    made = connection.execute(insert(ENTITY).values(name=name, kind=kind))
    number = new_id(made)
    for member in members:
        row = {"project_id": number, "entity_id": known_id(connection, member)}
        connection.execute(insert(MEMBER), row)
    said = json.dumps({"kind": kind, "members": members}, ensure_ascii=False)
    hold.log(connection)
    part, digest = digests.entities(connection)
    entry = Entry(f"{kind}.added", name, name, "", said, digests={part: digest})
    change.log(entry)
