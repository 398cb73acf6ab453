"""Users as they are kept, the roles they hold, and whose budgets these let them see."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, select

from hrbudget.domain.actor import Actor, Grant, Role
from hrbudget.errors import CallRefused, NotFound
from hrbudget.store.tables import ACCOUNT, ENTITY, ROLE
from hrbudget.store.users import entities, tokens
from hrbudget.store.users.tokens import Token

#: A user's name stands in messages, in the log and as the author of tags.
_NAME = re.compile(r"\w[\w.@-]{0,63}")

#: Whoever has not signed in where users are kept: may do nothing and sees nothing.
NOBODY = Actor("", frozenset(), frozenset())


@dataclass(frozen=True)
class User:
    """A user as people see them; no password, token or hash of one.

    Attributes:
        name: by which they sign in, and which stands in the log.
        grants: the roles they hold, in order.
        has_password: whether they can sign in by one.
        issuer: of OpenID Connect, with the ``subject`` there; None: not linked.
        subject: see ``issuer``.
        closed: whether the account was closed for good.
        tokens: all they ever had, sessions too.
    """

    name: str
    grants: tuple[Grant, ...]
    has_password: bool
    issuer: str | None
    subject: str | None
    closed: bool
    tokens: tuple[Token, ...]


def are_kept(connection: Connection) -> bool:
    """Whether there is any user, so that everybody has to sign in."""
    return connection.execute(select(ACCOUNT.c.id).limit(1)).first() is not None


def normal(name: str) -> str:
    """One spelling of a name; empty where nobody can be called that."""
    text = unicodedata.normalize("NFKC", name)
    return text if _NAME.fullmatch(text) else ""


def find(connection: Connection, name: str) -> Row[Any] | None:
    """The row of ``account`` of a user; None: there is none of that name."""
    query = select(ACCOUNT).where(ACCOUNT.c.name == normal(name))
    return connection.execute(query).first()


def known(connection: Connection, name: str) -> Row[Any]:
    """The row of ``account`` of a user who is not closed.

    Raises:
        NotFound: there is none of that name.
        CallRefused: the account is closed.
    """
    row = find(connection, name)
    if row is None:
        names = connection.execute(select(ACCOUNT.c.name)).scalars()
        raise NotFound("user", name, names)
    if row.closed:
        message = f"The account of {row.name} is closed, and stays so."
        raise CallRefused(message)
    return row


def new_name(connection: Connection, name: str) -> str:
    """A name that nobody has, nor one that differs in capital letters only.

    Raises:
        CallRefused: it is taken, or no name.
    """
    fresh = normal(name)
    if not fresh:
        message = (
            f"{name!r} is no name of a user: 1 to 64 letters, digits, points, hyphens, "
            "underscores or @, beginning with a letter or digit."
        )
        raise CallRefused(message)
    for other in connection.execute(select(ACCOUNT.c.name)).scalars():
        if other.casefold() == fresh.casefold():
            message = (
                f"A user is called {other} already. Names are never given twice, since "
                "the log speaks of them."
            )
            raise CallRefused(message)
    return fresh


def grants(connection: Connection, account: int) -> tuple[Grant, ...]:
    """The roles that a user holds, by role and entity."""
    query = (
        select(ROLE.c.role, ENTITY.c.name)
        .outerjoin(ENTITY, ENTITY.c.id == ROLE.c.entity_id)
        .where(ROLE.c.account_id == account)
    )
    held = [Grant(Role(role), name) for role, name in connection.execute(query)]
    return tuple(sorted(held, key=lambda each: (each.role, each.entity or "")))


def actor(connection: Connection, row: Row[Any], *, is_script: bool) -> Actor:
    """A user who acts: what they may, and whose budgets they see."""
    held = grants(connection, row.id)
    sees: frozenset[str] | None = None
    if all(each.entity is not None for each in held):
        sees = frozenset(
            name
            for each in held
            for name in entities.seen_from(connection, each.entity or "")
        )
    return Actor(row.name, frozenset(held), sees, is_script=is_script)


def administrators(connection: Connection) -> list[str]:
    """Names of those who manage users and can sign in to do it."""
    query = (
        select(ACCOUNT.c.name)
        .join(ROLE, ROLE.c.account_id == ACCOUNT.c.id)
        .where(
            ROLE.c.role == Role.ADMINISTRATOR,
            ~ACCOUNT.c.closed,
            func.coalesce(ACCOUNT.c.password, ACCOUNT.c.issuer).is_not(None),
        )
    )
    return sorted(map(str, connection.execute(query).scalars()))


def listing(connection: Connection, only: str | None = None) -> list[User]:
    """All users by name, or the one of a name."""
    query = select(ACCOUNT)
    if only is not None:
        query = query.where(ACCOUNT.c.name == only)
    found = [
        User(
            row.name,
            grants(connection, row.id),
            row.password is not None,
            row.issuer,
            row.subject,
            bool(row.closed),
            tuple(tokens.of_account(connection, row.id)),
        )
        for row in connection.execute(query)
    ]
    return sorted(found, key=lambda each: each.name)
