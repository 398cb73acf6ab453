"""Tokens: what a script or a session shows instead of a password.

A token is 256 bits of chance, so its plain SHA-256 is all that is kept and cannot be
turned back.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, insert, select, update

from hrbudget.store.rows import new_id
from hrbudget.store.tables import ACCOUNT, TOKEN

#: What every token of ours begins with, so that a search for leaked secrets finds it.
PREFIX = "hrbudget_"


@dataclass(frozen=True)
class Token:
    """A token as people see it: never the token itself, nor its hash.

    Attributes:
        number: by which it is revoked.
        kind: ``script`` or ``session``.
        label: what it is for.
        made_at: UTC, ISO 8601, as all times here.
        ends_at: None: never.
        revoked_at: None: it was not.
    """

    number: int
    kind: str
    label: str
    made_at: str
    ends_at: str | None
    revoked_at: str | None

    def is_good(self, at: str) -> bool:
        """Whether it opens anything at this time."""
        return self.revoked_at is None and (self.ends_at is None or at < self.ends_at)


_SHOWN = (
    TOKEN.c.id,
    TOKEN.c.kind,
    TOKEN.c.label,
    TOKEN.c.made_at,
    TOKEN.c.ends_at,
    TOKEN.c.revoked_at,
)


def fresh() -> str:
    """A new token."""
    return PREFIX + secrets.token_urlsafe(32)


def keep(connection: Connection, account: int, token: str, said: Token) -> int:
    """Keep the hash of a new token with what is ``said`` of it; its number."""
    row = {
        "account_id": account,
        "sha256": _sha256(token),
        "kind": said.kind,
        "label": said.label,
        "made_at": said.made_at,
        "ends_at": said.ends_at,
    }
    return new_id(connection.execute(insert(TOKEN).values(row)))


def find(connection: Connection, token: str) -> tuple[Row[Any], Token] | None:
    """Whose a token is (a row of ``account``) and what it is; None: nobody's."""
    return _one(connection, TOKEN.c.sha256 == _sha256(token))


def numbered(connection: Connection, number: int) -> tuple[Row[Any], Token] | None:
    """The same of a token whose number is known."""
    return _one(connection, TOKEN.c.id == number)


def of_account(connection: Connection, account: int) -> list[Token]:
    """All tokens that a user ever had, the oldest first."""
    query = select(*_SHOWN).where(TOKEN.c.account_id == account).order_by(TOKEN.c.id)
    return [Token(*row) for row in connection.execute(query)]


def end(connection: Connection, which: ColumnElement[bool], at: str) -> None:
    """Revoke the tokens that a condition picks and that were not revoked before."""
    ended = update(TOKEN).where(which, TOKEN.c.revoked_at.is_(None))
    connection.execute(ended.values(revoked_at=at))


def end_sessions(connection: Connection, account: int, at: str) -> None:
    """Revoke a user's sessions, but no token of a script."""
    sessions = (TOKEN.c.account_id == account) & (TOKEN.c.kind == "session")
    end(connection, sessions, at)


def _one(
    connection: Connection, which: ColumnElement[bool]
) -> tuple[Row[Any], Token] | None:
    token = connection.execute(select(*_SHOWN, TOKEN.c.account_id).where(which)).first()
    if token is None:
        return None
    query = select(ACCOUNT).where(ACCOUNT.c.id == token.account_id)
    return connection.execute(query).one(), Token(*token[:-1])


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
