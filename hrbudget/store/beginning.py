"""The first event: what was there when the log began."""

from __future__ import annotations

import json

from sqlalchemy import Engine

from hrbudget import __version__
from hrbudget.domain.actor import Actor
from hrbudget.store import database, digests, entities, hold, log
from hrbudget.store.change import Change, Clock
from hrbudget.store.log import Entry


def begin(engine: Engine, actor: Actor, clock: Clock, entity: str) -> None:
    """Begin the log, where there is none: of a new database or an older version's.

    Args:
        engine: of the database.
        actor: who opens it.
        clock: tells when.
        entity: the workspace's own, whose an older version's budgets are.
    """
    with database.reading(engine) as connection:
        if log.head(connection) is not None:
            return
    with database.writing(engine) as connection:
        change = Change(connection, actor, clock)
        hold.log(connection)
        if log.head(connection) is not None:  # somebody else was faster
            return
        entities.name_first(connection, entity)
        there: dict[str, str | None] = dict(digests.everything(connection))
        new = json.dumps({"version": __version__})
        change.log(Entry("log.begun", entity, new=new, digests=there))
