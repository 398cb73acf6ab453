"""The first event: what was there when the log began."""

from __future__ import annotations

import json
from collections.abc import Callable

from sqlalchemy import Connection, Engine

from hrbudget import __version__
from hrbudget.errors import CallRefused
from hrbudget.store import database, hold
from hrbudget.store.chain import digests, log
from hrbudget.store.chain.log import Entry
from hrbudget.store.change import Change
from hrbudget.store.users import entities

#: Makes a change of a connection.
ChangeOf = Callable[[Connection], Change]

_GONE = (
    "The database {url} holds budgets or users, and its log is empty: somebody has "
    "emptied it around this program. Nothing was changed. Restore a backup."
)


def begin(change: Change, entity: str) -> None:
    """Begin the log of a new database, or of an older version's with all it holds.

    Args:
        change: an open change.
        entity: the workspace's own, whose an older version's budgets are.
    """
    connection = change.connection
    entities.name_first(connection, entity)
    there: dict[str, str | None] = dict(digests.everything(connection))
    new = json.dumps({"version": __version__})
    change.log(Entry("log.begun", entity, new=new, digests=there))


def see(engine: Engine, change_of: ChangeOf, entity: str) -> None:
    """See that there is a log, or begin that of an empty database.

    Raises:
        CallRefused: there is none, and yet there is something.
    """
    with database.reading(engine) as connection:
        if log.head(connection) is not None:
            return
    with database.writing(engine) as connection:
        hold.log(connection)
        if log.head(connection) is not None:  # somebody else was faster
            return
        if any(digests.everything(connection)):
            raise CallRefused(_GONE.format(url=database.shown(engine.url)))
        begin(change_of(connection), entity)
