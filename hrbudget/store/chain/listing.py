"""Events as they are listed: who, when and what, without what was there and is."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from hrbudget.domain.event import Event
from hrbudget.errors import CallRefused
from hrbudget.store.chain import log
from hrbudget.store.tables import EVENT

#: Events that are fetched from the database at a time.
_AT_A_TIME = 10_000


@dataclass(frozen=True)
class Asked:
    """Which events are asked for.

    Attributes:
        kind: of this kind, such as ``tag.changed``; empty: of any.
        subject: part of what it is about, capitals or not; empty: about anything.
        actor: by whom; empty: by anybody.
        since: from this day on, UTC; None: from the first.
        until: to this day and all of it, UTC; None: to the last.
        last: only so many, the newest; None: all.
    """

    kind: str = ""
    subject: str = ""
    actor: str = ""
    since: date | None = None
    until: date | None = None
    last: int | None = None


@dataclass(frozen=True)
class Listed:
    """An event in a list; ``domain.event`` says what the fields mean."""

    id: int
    at: str
    actor: str
    entity: str
    kind: str
    subject: str
    reason: str


_FIELDS = tuple(EVENT.c[name] for name in Listed.__dataclass_fields__)


def listed(
    connection: Connection, asked: Asked, entities: Collection[str] | None = None
) -> list[Listed]:
    """Events in turn, the newest last; those of some entities only, where any is named.

    Args:
        connection: a transaction.
        asked: which events.
        entities: whose; None: anybody's.
    """
    query = select(*_FIELDS).order_by(EVENT.c.id)
    if entities is not None:
        query = query.where(EVENT.c.entity.in_(entities))
    for column, wanted in ((EVENT.c.kind, asked.kind), (EVENT.c.actor, asked.actor)):
        if wanted:
            query = query.where(column == wanted)
    rows = connection.execute(query, execution_options={"yield_per": _AT_A_TIME})
    found = (Listed(*row) for row in rows)
    return list(deque(_among(found, asked), maxlen=asked.last))


def one(connection: Connection, number: int) -> Event:
    """One event.

    Raises:
        CallRefused: there is none of that number.
    """
    found, last = log.event(connection, number), log.head(connection)
    if found is None:
        there = f"the last one is {last.id}" if last else "there is none yet"
        message = f"There is no event {number}: {there}."
        raise CallRefused(message)
    return found


def _among(events: Iterator[Listed], asked: Asked) -> Iterator[Listed]:
    """Those whose day and subject fit; databases differ in how they compare texts."""
    since = asked.since.isoformat() if asked.since else ""
    until = asked.until.isoformat() if asked.until else "9999-12-31"
    subject = asked.subject.casefold()
    for event in events:
        day = event.at[:10]
        if since <= day <= until and subject in event.subject.casefold():
            yield event
