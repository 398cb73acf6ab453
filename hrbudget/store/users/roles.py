"""Giving and taking roles; some are held alone, and an administrator always stays."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, delete, insert

from hrbudget.domain.actor import ALONE, Grant, Role
from hrbudget.errors import CallRefused
from hrbudget.store.chain.log import Entry
from hrbudget.store.change import Change
from hrbudget.store.tables import ROLE
from hrbudget.store.users import entities, people, sessions


def grant(change: Change, user: Row[Any], grant: Grant, reason: str) -> None:
    """Give a role to a user (a row of ``account``) who may hold it.

    Raises:
        NotFound: there is no such entity.
        CallRefused: they hold it, or a role that goes with no other.
    """
    connection = change.connection
    _refuse(user.name, people.grants(connection, user.id), grant)
    row = {
        "account_id": user.id,
        "role": grant.role,
        "entity_id": _entity(connection, grant),
    }
    connection.execute(insert(ROLE).values(row))
    sessions.log_users(change, _entry("granted", user.name, grant, reason))


def revoke(change: Change, user: Row[Any], grant: Grant, reason: str) -> None:
    """Take a role from a user.

    Raises:
        CallRefused: they do not hold it, or are the last administrator.
    """
    connection = change.connection
    if grant not in people.grants(connection, user.id):
        message = f"{user.name} is not {_said(grant)}; nothing was changed."
        raise CallRefused(message)
    if grant.role == Role.ADMINISTRATOR:
        keep_an_administrator(connection, user.name, "lose the role")
    held = (
        ROLE.c.account_id == user.id,
        ROLE.c.role == grant.role,
        ROLE.c.entity_id.is_not_distinct_from(_entity(connection, grant)),
    )
    connection.execute(delete(ROLE).where(*held))
    sessions.log_users(change, _entry("revoked", user.name, grant, reason))


def keep_an_administrator(connection: Connection, name: str, what: str) -> None:
    """Go on if somebody can manage users without this one.

    Raises:
        CallRefused: this is the last one.
    """
    if people.administrators(connection) == [name]:
        message = (
            f"{name} is the last administrator who can sign in, so {name} cannot "
            f"{what}: make somebody else an administrator first."
        )
        raise CallRefused(message)


def _refuse(name: str, held: tuple[Grant, ...], grant: Grant) -> None:
    if grant in held:
        message = f"{name} is {_said(grant)} already; nothing was changed."
        raise CallRefused(message)
    if grant.role == Role.ADMINISTRATOR and grant.entity is not None:
        message = (
            "An administrator manages the users of all entities: grant the role for "
            "all, or not at all."
        )
        raise CallRefused(message)
    for other in held:
        if other.role != grant.role and {other.role, grant.role} & set(ALONE):
            message = (
                f"{name} is {_said(other)}, and whoever is auditor or administrator "
                "holds no other role, so that no duties meet that must be kept apart. "
                f"Revoke that one first, or make {name} another account."
            )
            raise CallRefused(message)


def _entity(connection: Connection, grant: Grant) -> int | None:
    """Key of the entity that a role is held for; None: for all."""
    if grant.entity is None:
        return None
    return entities.known_id(connection, grant.entity)


def _said(grant: Grant) -> str:
    """A role in words, such as ``finance officer for all``."""
    return f"{grant.role.replace('_', ' ')} for {grant.entity or 'all'}"


def _entry(done: str, name: str, grant: Grant, reason: str) -> Entry:
    said = json.dumps({"role": grant.role, "entity": grant.entity}, ensure_ascii=False)
    entry = Entry(f"role.{done}", name, grant.entity or "", reason=reason)
    return replace(entry, new=said) if done == "granted" else replace(entry, old=said)
