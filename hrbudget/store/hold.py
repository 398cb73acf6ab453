"""Who waits for whom: writers of one budget, tries of one name, the end of the log.

SQLite lets one writer in at a time, so there is nothing to hold. On PostgreSQL these
are advisory locks, given back when the transaction ends; a budget or a name is always
held before the log, so that no two writers wait for each other.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

#: Keys of advisory locks, so that other programs' locks are others.
_LOG = 0x6872_6C6F
_BUDGETS = 0x6872_6275
_ACCOUNTS = 0x6872_6163

_HOLD_LOG = text("SELECT pg_advisory_xact_lock(:key)")
_HOLD_NAME = text("SELECT pg_advisory_xact_lock(:kind, hashtext(:name))")


def log(connection: Connection) -> None:
    """From here to the end of the transaction nobody else appends to the log."""
    if connection.dialect.name == "postgresql":
        connection.execute(_HOLD_LOG, {"key": _LOG})


def budgets(connection: Connection, *names: str) -> None:
    """From here to the end nobody else changes budgets or proposals of these names."""
    if connection.dialect.name == "postgresql":
        for name in sorted(names):  # in one order, so that nobody waits in a circle
            connection.execute(_HOLD_NAME, {"kind": _BUDGETS, "name": name})


def account(connection: Connection, name: str) -> None:
    """From here to the end nobody else tries a password for this name."""
    if connection.dialect.name == "postgresql":
        connection.execute(_HOLD_NAME, {"kind": _ACCOUNTS, "name": name})
